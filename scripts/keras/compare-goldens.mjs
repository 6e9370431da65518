/** Whether Keras still answers what the committed goldens say. */

/** Of 1 + the value: what the same computation may differ by on two machines. */
export const TOLERANCE = 1e-6;

/** The first place where two goldens differ by more, in words; null: none. Floats are packed as golden-files.ts says. */
export function findDifference(found, kept, place = '') {
  if (isPacked(found) && isPacked(kept)) return findGap(found, kept, place);
  if (typeof found === 'number' && typeof kept === 'number') {
    return isNear(found, kept) ? null : `${place}: ${kept} is kept, Keras says ${found}`;
  }
  if (typeof found !== 'object' || typeof kept !== 'object' || found === null || kept === null) {
    return found === kept ? null : `${place}: ${JSON.stringify(kept)} is kept, Keras says ${found}`;
  }
  for (const key of new Set([...Object.keys(found), ...Object.keys(kept)])) {
    const difference = findDifference(found[key] ?? null, kept[key] ?? null, `${place}/${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isPacked(value) {
  return typeof value === 'object' && value !== null && typeof value.values === 'string';
}

function findGap(found, kept, place) {
  const [a, b] = [unpack(found), unpack(kept)];
  if (String(found.shape) !== String(kept.shape) || a.length !== b.length) return `${place}: other shapes`;
  const at = a.findIndex((value, i) => !isNear(value, b[i]));
  return at === -1 ? null : `${place}: value ${at} is kept as ${b[at]}, Keras says ${a[at]}`;
}

function unpack({ values }) {
  const bytes = new Uint8Array(Buffer.from(values, 'base64'));
  return new Float32Array(bytes.buffer);
}

function isNear(a, b) {
  return Math.abs(a - b) <= TOLERANCE * (1 + Math.abs(b));
}
