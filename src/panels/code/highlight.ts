/** Colours for the code that Graft writes: its comments, strings, numbers and keywords. No parser: it knows those texts. */

export type TokenKind = 'plain' | 'comment' | 'string' | 'number' | 'keyword';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const STRING = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
const NUMBER = /(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?/;

const LANGUAGES = {
  python: {
    comment: /#.*/,
    keyword: /\b(?:import|from|as|def|return|for|in|if|not|with|True|False|None)\b/,
  },
  javascript: {
    comment: /\/\/.*|\/\*[\s\S]*?\*\//,
    keyword: /\b(?:import|from|as|const|function|async|await|new|return|for|of|true|false|null)\b/,
  },
} as const;

/** The whole text, in pieces. */
export function highlight(text: string, language: keyof typeof LANGUAGES): Token[] {
  const { comment, keyword } = LANGUAGES[language];
  const kinds = { comment, string: STRING, number: NUMBER, keyword };
  const source = Object.entries(kinds).map(([kind, pattern]) => `(?<${kind}>${pattern.source})`);
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(source.join('|'), 'g'))) {
    if (match.index > at) tokens.push({ kind: 'plain', text: text.slice(at, match.index) });
    const [kind = 'plain'] =
      Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? [];
    tokens.push({ kind: kind as TokenKind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) tokens.push({ kind: 'plain', text: text.slice(at) });
  return tokens;
}
