/**
 * Reads bytes of something slow in pages. libhdf5 asks for a few bytes at a time, and each time a Blob is asked costs a
 * millisecond or more: a model of three hundred layers took ten seconds. It knows nothing of Blobs and of HDF5.
 */
const PAGE_BYTES = 2 ** 20;
const MAX_PAGES = 16;

/** Copies what stands from `position` on into `target`, as far as there is something; returns how much that was. */
export type PagedReader = (target: Uint8Array, position: number) => number;

/** `read` gives the bytes from `from` up to, but without, `to`. */
export function createPagedReader(size: number, read: (from: number, to: number) => Uint8Array): PagedReader {
  /** Those that were used last stand at the end. */
  const pages = new Map<number, Uint8Array>();

  function pageAt(start: number): Uint8Array {
    const page = pages.get(start) ?? read(start, Math.min(size, start + PAGE_BYTES));
    pages.delete(start);
    pages.set(start, page);
    const [oldest] = pages.keys();
    if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
    return page;
  }

  return (target, position) => {
    const count = Math.max(0, Math.min(target.length, size - position));
    // Large arrays are read once, all at once.
    if (count >= PAGE_BYTES) {
      target.set(read(position, position + count));
      return count;
    }
    let done = 0;
    while (done < count) {
      const at = position + done;
      const start = at - (at % PAGE_BYTES);
      const part = pageAt(start).subarray(at - start, at - start + count - done);
      target.set(part, done);
      done += part.length;
    }
    return count;
  };
}
