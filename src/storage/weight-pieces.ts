/**
 * Weights of many layers as pieces of a few megabytes, and back. The browser copies what is stored while the page stands still:
 * a piece is small enough that nobody notices. It knows nothing of the database.
 */
import { must } from '../base/assert';
import { countValues, type Weight, type Weights } from '../network/network';
import { sizeOf } from '../network/shape';

export type LayerWeights = Readonly<Record<string, Weights>>;

/** Shapes and types by layer and role; the values are in the pieces. */
export type WeightForms = Readonly<Record<string, Readonly<Record<string, WeightForm>>>>;

export type WeightForm = Pick<Weight, 'shape' | 'dtype'>;

/** A stretch of one weight's values. */
export interface Part {
  readonly layer: string;
  readonly role: string;
  /** Counted in values. */
  readonly from: number;
  readonly values: Weight['values'];
}

export type Piece = readonly Part[];

/** Copied in some three milliseconds. */
const PIECE_BYTES = 4 * 2 ** 20;

export function formsOf(weights: LayerWeights): WeightForms {
  return mapWeights(weights, ({ shape, dtype }) => ({ shape, dtype }));
}

/** One after the other, so that one copy of one piece is in memory at a time. `pieceBytes` is about the size of each. */
export function* cutIntoPieces(weights: LayerWeights, pieceBytes: number = PIECE_BYTES): Generator<Piece> {
  let piece: Part[] = [];
  let bytes = 0;
  for (const [layer, roles] of Object.entries(weights)) {
    for (const [role, { values }] of Object.entries(roles)) {
      let from = 0;
      while (from < values.length) {
        const room = Math.max(1, Math.floor((pieceBytes - bytes) / values.BYTES_PER_ELEMENT));
        // Not a view: storing one would store all that its buffer holds.
        const part = { layer, role, from, values: values.slice(from, from + room) };
        piece.push(part);
        from += part.values.length;
        bytes += part.values.byteLength;
        if (bytes < pieceBytes) continue;
        yield piece;
        piece = [];
        bytes = 0;
      }
    }
  }
  if (piece.length > 0) yield piece;
}

/** Takes pieces in any order; `weights` are whole when all have been taken. */
export function joinPieces(forms: WeightForms): {
  readonly weights: LayerWeights;
  take(piece: Piece): void;
  /** How many values are still missing. */
  missing(): number;
} {
  const weights = mapWeights(forms, form => ({ ...form, values: makeValues(form) }));
  let missing = Object.values(weights).reduce((sum, roles) => sum + countValues(roles), 0);
  return {
    weights,
    missing: () => missing,
    take(piece) {
      for (const { layer, role, from, values } of piece) {
        must(weights[layer]?.[role], `the weight ${layer}/${role}`).values.set(values, from);
        missing -= values.length;
      }
    },
  };
}

function makeValues({ shape, dtype }: WeightForm): Weight['values'] {
  const size = sizeOf(shape);
  switch (dtype) {
    case 'float32':
      return new Float32Array(size);
    case 'int32':
      return new Int32Array(size);
    case 'bool':
      return new Uint8Array(size);
  }
}

function mapWeights<A, B>(
  weights: Readonly<Record<string, Readonly<Record<string, A>>>>,
  change: (weight: A) => B,
): Readonly<Record<string, Readonly<Record<string, B>>>> {
  return Object.fromEntries(
    Object.entries(weights).map(([layer, roles]) => [
      layer,
      Object.fromEntries(Object.entries(roles).map(([role, weight]) => [role, change(weight)])),
    ]),
  );
}
