/** What real Keras answered (`scripts/keras/goldens.mjs` writes the files): their form, and how to read it. */
import { sizeOf } from '../../../network/shape';

export interface GoldenFile {
  readonly type: string;
  /** The version of Keras that answered. */
  readonly keras: string;
  /** What becomes of masks in Keras' class: as `masking` in the layer table. */
  readonly masking: 'passes' | 'ends' | 'own';
  readonly cases: readonly GoldenAnswer[];
}

/** To one case; in the order of `goldenCases`. */
export interface GoldenAnswer {
  /** The case's own: with another one the golden is out of date. */
  readonly drawn: number;
  /** Of what Keras says it will return, from the input shapes alone; null where it can't say. */
  readonly shapes: readonly (readonly (number | null)[])[];
  /** By the run's name. */
  readonly runs: Readonly<Record<string, RunAnswer>>;
}

export interface RunAnswer {
  /** In inference. null: just what the plain run returned, in the step too. */
  readonly outputs: readonly Packed[] | null;
  /** Of the outputs: `1` where there is something. */
  readonly masks: readonly ({ readonly shape: readonly number[]; readonly bits: string } | null)[];
  /** One step of plain gradient descent with the rate 1 in training mode; null for what acts at random. */
  readonly step: StepAnswer | null;
}

export interface StepAnswer {
  /** Sum over the outputs of mean((output - target)²), and Keras' own penalties. */
  readonly loss: number;
  /** By role: the weight after the step minus the weight before. */
  readonly changes: Readonly<Record<string, Packed>>;
  /** The loss by each input; null for tokens. */
  readonly gradients: readonly (Packed | null)[];
}

/** Floats as base64 of 32-bit little-endian numbers; all other values are whole numbers and are kept so too. */
export interface Packed {
  readonly shape: readonly number[];
  readonly values: string;
}

const files = import.meta.glob<GoldenFile>('./*.json', { eager: true, import: 'default' });

export const goldenFiles: ReadonlyMap<string, GoldenFile> = new Map(
  Object.values(files).map(file => [file.type, file]),
);

/** @throws Error if there are more or fewer values than the shape has room for. */
export function unpack({ shape, values }: Packed): Float32Array {
  const bytes = Uint8Array.from(atob(values), letter => letter.charCodeAt(0));
  const floats = new Float32Array(bytes.buffer);
  if (floats.length !== sizeOf(shape)) throw new Error(`${floats.length} values for the shape ${shape}.`);
  return floats;
}
