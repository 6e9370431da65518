/** The buffers behind all arrays in a message, to be transferred rather than copied. */
export function collectBuffers(message: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof ArrayBuffer) buffers.add(value);
    else if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
    } else {
      for (const item of Array.isArray(value) ? value : Object.values(value)) visit(item);
    }
  };
  visit(message);
  return [...buffers];
}
