/** Collects what an import report will say, one sentence for each kind of thing however often it occurred. */

/** `form`: how Keras 3 writes things, which matters only in a file that claims to be something else. */
export type NoteKind = 'warning' | 'repair' | 'left-out' | 'form';

export interface Notes {
  /** `sentence` gets the different items in the order in which they came; `key` tells kinds of notes apart. */
  add(kind: NoteKind, key: string, item: string, sentence: (items: readonly string[]) => string): void;
  sentences(...kinds: NoteKind[]): string[];
}

export function createNotes(): Notes {
  const groups = new Map<
    string,
    { kind: NoteKind; items: Set<string>; sentence: (items: readonly string[]) => string }
  >();
  return {
    add(kind, key, item, sentence) {
      const id = `${kind} ${key}`;
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { kind, items: new Set([item]), sentence });
      else group.items.add(item);
    },
    sentences: (...kinds) =>
      [...groups.values()]
        .filter(group => kinds.includes(group.kind))
        .map(group => group.sentence([...group.items])),
  };
}

/** `'a', 'b', 'c' and 12 more` */
export function listNames(items: readonly string[], shown = 3): string {
  const quoted = items.slice(0, shown).map(item => `'${shorten(item)}'`);
  const rest = items.length - shown;
  if (rest > 0) return `${quoted.join(', ')} and ${rest} more`;
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

/** Names come from files: they may be very long. */
export function shorten(text: string, limit = 60): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
