/**
 * Layer names that mean the same in Keras and in TensorFlow.js. TensorFlow.js accepts
 * `^[A-Za-z0-9][-A-Za-z0-9._/]*$` (tfjs-layers common.js); Keras 3 forbids the slash.
 */

export function cleanName(text: string): string {
  const cleaned = text
    .normalize('NFKD')
    .replace(/[^-A-Za-z0-9._]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/_+$/, '');
  return cleaned === '' ? 'layer' : cleaned;
}

/** Names that are keys of every object: TensorFlow.js keeps layers in plain objects and would find them there. */
const RESERVED = Object.getOwnPropertyNames(Object.prototype);

/** Hands out names: the first asker gets the name it wants, later ones `name_1`, `name_2`, … */
export function createNamer(taken: Iterable<string> = []): (wanted: string) => string {
  const used = new Set([...RESERVED, ...taken]);
  return wanted => {
    const base = cleanName(wanted);
    let name = base;
    for (let i = 1; used.has(name); i++) name = `${base}_${i}`;
    used.add(name);
    return name;
  };
}
