/**
 * Looks at the heaps in which HDF5 keeps strings of any length, before libhdf5 does: libhdf5 2.0 adds up the sizes in them in 32 bits
 * and unchecked, so that one of zero or of 4 GB makes it go round for ever. It knows nothing of files and of libhdf5's calls.
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html, III.E
 */

/** `GCOL` and the version; then three zeros, which libhdf5 doesn't look at, and the size of the whole heap in eight bytes. */
const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1];
/** All that; and also what stands before the bytes of each object: index, references, four zeros, its size. */
const HEADER = 16;
const SMALLEST = 4096;
/** As much as is read of an attribute at all. */
const LARGEST = 64 * 2 ** 20;

/** `count` bytes of the file from `at` on, or as many as there are. */
export type ReadBytes = (at: number, count: number) => Uint8Array;

/** How many bytes beyond `to` are needed to see whether a heap begins before it. */
export const BEYOND = HEADER - 1;

/** Whether all heaps are sound that begin within `from` and `to` of the file, whose bytes from `from` to `to + BEYOND` are given. */
export function heapsAreSound(bytes: Uint8Array, from: number, to: number, read: ReadBytes): boolean {
  for (let at = bytes.indexOf(0x47); at >= 0 && from + at < to; at = bytes.indexOf(0x47, at + 1)) {
    // Among weights every 256th byte is a G: most end here.
    if (bytes[at + 1] !== SIGNATURE[1]) continue;
    if (isHeap(bytes.subarray(at, at + HEADER)) && !isSound(from + at, read)) return false;
  }
  return true;
}

/** Weights that happen to hold the signature are no heap: zeros must follow, or a size below 4 GB. */
function isHeap(header: Uint8Array): boolean {
  const areZero = (from: number, to: number) => header.subarray(from, to).every(byte => byte === 0);
  return SIGNATURE.every((byte, i) => header[i] === byte) && (areZero(5, 8) || areZero(12, 16));
}

function isSound(start: number, read: ReadBytes): boolean {
  const size = sizeAt(read(start, HEADER), 8);
  if (!(size >= SMALLEST && size <= LARGEST)) return false;
  const heap = read(start, size);
  if (heap.length < size) return false;
  for (let at = HEADER; size - at >= HEADER; ) {
    const isFree = heap[at] === 0 && heap[at + 1] === 0;
    const stated = sizeAt(heap, at + 8);
    // What is free counts its header in; all others are filled up to multiples of eight.
    const taken = isFree ? stated : HEADER + Math.ceil(stated / 8) * 8;
    if (!(taken >= HEADER && at + taken <= size)) return false;
    at += taken;
  }
  return true;
}

/** NaN if the file ends before. */
function sizeAt(bytes: Uint8Array, at: number): number {
  if (bytes.length < at + 8) return Number.NaN;
  return Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true));
}
