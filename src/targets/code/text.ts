/**
 * Text that comes from people and files, made safe to stand in code: within a string literal, a comment or as a variable.
 * Nothing may break out of where it stands, in Python or in JavaScript.
 */

/**
 * What ends a line somewhere or isn't seen: control characters, line separators, marks that turn the direction of text
 * (https://trojansource.codes), halves of characters.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu;

/** A string literal of both languages, whatever the text is. */
export function quote(text: string, mark: '"' | "'"): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(mark, `\\${mark}`)
    .replaceAll('\n', '\\n')
    .replace(UNSEEN, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${mark}${escaped}${mark}`;
}

/** On one line after `#` or `//`. Never put it on the first two lines of Python: those may name the file's encoding (PEP 263). */
export function inComment(text: string): string {
  return text.replace(UNSEEN, ' ').replace(/ +/g, ' ').trim();
}

/** Hands out variables: the first asker gets the one it wants, later ones `name_2`, `name_3`, … */
export function createVariables(
  taken: Iterable<string>,
  spell: (name: string) => string,
): (wanted: string) => string {
  const used = new Set(taken);
  return wanted => {
    const base = spell(wanted);
    let name = base;
    for (let i = 2; used.has(name); i++) name = `${base}_${i}`;
    used.add(name);
    return name;
  };
}

/** `conv2d/1` is `conv2d_1`; what begins with a digit or holds no letter gets a word before it. */
export function toIdentifier(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(plain) ? plain : `layer_${plain}`.replace(/_$/, '');
}
