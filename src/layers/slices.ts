/** What stands in Python's square brackets (`:, 1:, ::2, None, ..., -1`), read, written and applied to shapes. */
import { isJsonArray, isJsonObject, type Json } from '../base/json';
import type { Dim, Shape } from '../network/shape';

export type Slice =
  /** One place: the axis goes. */
  | { readonly kind: 'at'; readonly index: number }
  | {
      readonly kind: 'range';
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number | null;
    }
  /** An axis of size 1 that wasn't there. */
  | { readonly kind: 'new' }
  /** As many whole axes as are missing. */
  | { readonly kind: 'rest' };

export function parseSlices(text: string): readonly Slice[] | null {
  const slices = text.split(',').map(part => parseSlice(part.trim()));
  const known = slices.filter(slice => slice !== null);
  return known.length === slices.length && known.filter(({ kind }) => kind === 'rest').length < 2
    ? known
    : null;
}

function parseSlice(text: string): Slice | null {
  if (text === '...') return { kind: 'rest' };
  if (text === 'None') return { kind: 'new' };
  if (/^-?\d+$/.test(text)) return { kind: 'at', index: Number(text) };
  const range = /^(-?\d+)?\s*:\s*(-?\d+)?(?:\s*:\s*(-?\d+)?)?$/.exec(text);
  if (range === null) return null;
  const [, start, stop, step] = range;
  if (step === '0') return null;
  const number = (digits: string | undefined) => (digits === undefined ? null : Number(digits));
  return { kind: 'range', start: number(start), stop: number(stop), step: number(step) };
}

export function formatSlices(slices: readonly Slice[]): string {
  return slices.map(formatSlice).join(', ');
}

function formatSlice(slice: Slice): string {
  switch (slice.kind) {
    case 'at':
      return String(slice.index);
    case 'new':
      return 'None';
    case 'rest':
      return '...';
    case 'range':
      return `${slice.start ?? ''}:${slice.stop ?? ''}${slice.step === null ? '' : `:${slice.step}`}`;
  }
}

/** As Keras 3 writes them: numbers, null, `{class_name: '__slice__', config: {start, stop, step}}`, `__ellipsis__`. */
export function readKerasSlices(key: Json): readonly Slice[] | null {
  const slices = (isJsonArray(key) ? key : [key]).map(readKerasSlice);
  const known = slices.filter(slice => slice !== null);
  return known.length === slices.length && known.length > 0 ? known : null;
}

function readKerasSlice(item: Json): Slice | null {
  if (item === null) return { kind: 'new' };
  if (typeof item === 'number') return Number.isInteger(item) ? { kind: 'at', index: item } : null;
  if (!isJsonObject(item)) return null;
  if (item.class_name === '__ellipsis__') return { kind: 'rest' };
  if (item.class_name !== '__slice__' || !isJsonObject(item.config)) return null;
  const number = (value: Json | undefined) =>
    value === undefined || value === null ? null : Number.isInteger(value) ? (value as number) : undefined;
  const { start, stop, step } = item.config;
  const range = { start: number(start), stop: number(stop), step: number(step) };
  return range.start === undefined || range.stop === undefined || range.step === undefined || range.step === 0
    ? null
    : { kind: 'range', start: range.start, stop: range.stop, step: range.step };
}

/** What `readKerasSlices` reads. */
export function writeKerasSlices(slices: readonly Slice[]): Json {
  return slices.map(writeKerasSlice);
}

function writeKerasSlice(slice: Slice): Json {
  switch (slice.kind) {
    case 'at':
      return slice.index;
    case 'new':
      return null;
    case 'rest':
      return { class_name: '__ellipsis__', config: {} };
    case 'range': {
      const { start, stop, step } = slice;
      return { class_name: '__slice__', config: { start, stop, step } };
    }
  }
}

/** Each axis of the input once, new axes between. */
export function spreadSlices(slices: readonly Slice[], rank: number): readonly Slice[] | null {
  const whole: Slice = { kind: 'range', start: null, stop: null, step: null };
  const used = slices.filter(({ kind }) => kind === 'at' || kind === 'range').length;
  if (used > rank) return null;
  const missing = Array.from({ length: rank - used }, () => whole);
  const place = slices.findIndex(({ kind }) => kind === 'rest');
  return place < 0 ? [...slices, ...missing] : slices.toSpliced(place, 1, ...missing);
}

/** The first place and how many, for a range of an axis of this size; Python's rules. */
export function placesOf(
  { start, stop, step }: Extract<Slice, { kind: 'range' }>,
  size: number,
): { readonly first: number; readonly count: number; readonly step: number } {
  const by = step ?? 1;
  const clamp = (value: number) => {
    const index = value < 0 ? value + size : value;
    return by > 0 ? Math.min(Math.max(index, 0), size) : Math.min(Math.max(index, -1), size - 1);
  };
  const first = start === null ? (by > 0 ? 0 : size - 1) : clamp(start);
  const end = stop === null ? (by > 0 ? size : -1) : clamp(stop);
  return { first, count: Math.max(0, Math.ceil((end - first) / by)), step: by };
}

/** What is wrong is said in words that follow the operation's name. */
export function slicedShape(
  slices: readonly Slice[],
  input: Shape,
): { readonly shape: Shape } | { readonly problem: string } {
  const spread = spreadSlices(slices, input.length);
  if (spread === null)
    return { problem: `names more axes than its input has: ${input.length} with the batch.` };
  const shape: Dim[] = [];
  let axis = 0;
  for (const slice of spread) {
    if (slice.kind === 'new' || slice.kind === 'rest') {
      if (axis === 0) return { problem: 'has to leave the batch the first axis: begin with a colon.' };
      shape.push(1);
      continue;
    }
    const size = input[axis] ?? null;
    const isWhole =
      slice.kind === 'range' && slice.start === null && slice.stop === null && (slice.step ?? 1) === 1;
    if (axis === 0 && !isWhole) return { problem: 'has to leave the batch whole: begin with a colon.' };
    if (slice.kind === 'at') {
      if (size !== null && (slice.index >= size || slice.index < -size)) {
        return { problem: `has no place ${slice.index} on axis ${axis}, which has ${size}.` };
      }
    } else if (isWhole) {
      shape.push(size);
    } else {
      const count = size === null ? null : placesOf(slice, size).count;
      if (count === 0) return { problem: `takes nothing from axis ${axis}, which has ${size}.` };
      shape.push(count);
    }
    axis++;
  }
  return { shape };
}
