/**
 * An array as a `.npy` file, which NumPy opens without reading it (`numpy.load(path, mmap_mode="r")`).
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

type Values = Float32Array | Int32Array | Uint32Array;

/** The data begins at a multiple of it, so that it can be mapped into memory. */
const ALIGNMENT = 64;
/** The magic word, the version, the header's length. */
const PREAMBLE = 10;

/** Version 1.0, in C order. `shape`: rows first; its product is the number of values. */
export function writeNpy(shape: readonly number[], values: Values): Uint8Array<ArrayBuffer> {
  const sizes = shape.map(size => `${size},`).join(' ');
  const header = `{'descr': '${describeType(values)}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The header ends with a line feed.
  const start = Math.ceil((PREAMBLE + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + values.byteLength);
  bytes.set([0x93, ...text('NUMPY'), 1, 0]);
  new DataView(bytes.buffer).setUint16(PREAMBLE - 2, start - PREAMBLE, true);
  bytes.set(text(`${header.padEnd(start - PREAMBLE - 1)}\n`), PREAMBLE);
  // Typed arrays are little-endian wherever there are browsers.
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return bytes;
}

function describeType(values: Values): string {
  if (values instanceof Float32Array) return '<f4';
  return values instanceof Int32Array ? '<i4' : '<u4';
}

function text(ascii: string): Uint8Array {
  return new TextEncoder().encode(ascii);
}
