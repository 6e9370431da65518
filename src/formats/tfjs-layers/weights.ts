/**
 * The weight manifest of a model.json and its binary files: names, shapes and values, quantised ones decoded. It knows
 * nothing of layers. Values are views on the file's own bytes where those are float32 or int32 and aligned.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../base/json';
import type { Weight } from '../../network/network';
import { sizeOf } from '../../network/shape';
import { halfToFloat } from '../half-floats';
import type { NamedWeight } from '../keras-model/named-weight';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Weight['dtype'];
  readonly stored: Stored;
  readonly scale: number;
  readonly min: number;
  readonly optimizer: boolean;
}
type Stored = 'float32' | 'int32' | 'bool' | 'uint8' | 'uint16' | 'float16';

const BYTES: Readonly<Record<Stored, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

const WAY_OUT = 'Export the model again, and drop model.json together with all of its weight files.';

/** The paths of the manifest's shards as they are written; the sizes that they must have, where a group has only one. */
export function shardSizes(json: JsonObject): { readonly path: string; readonly bytes: number | null }[] {
  return manifestGroups(json).flatMap(({ paths, weights }) => {
    const bytes = paths.length === 1 ? bytesOf(weights.map(parseEntry)) : null;
    return paths.map(path => ({ path, bytes }));
  });
}

function bytesOf(entries: readonly WeightEntry[]): number {
  return entries.reduce((sum, entry) => sum + sizeOf(entry.shape) * BYTES[entry.stored], 0);
}

export function readWeights(
  json: JsonObject,
  shardBytes: (path: string) => Uint8Array | undefined,
  notes: Notes,
): NamedWeight[] {
  return manifestGroups(json).flatMap(group => {
    const entries = group.weights.map(parseEntry);
    const needed = bytesOf(entries);
    const missing = group.paths.filter(path => shardBytes(path) === undefined);
    if (missing.length > 0) {
      throw new Refusal(
        `The weight file${missing.length > 1 ? 's' : ''} ${listNames(missing)} ${missing.length > 1 ? 'are' : 'is'} missing.`,
        'Drop model.json together with all of its weight files, or the whole folder.',
      );
    }
    const shards = group.paths.map(path => shardBytes(path) ?? new Uint8Array());
    for (const [i, shard] of shards.entries()) refusePointer(shard, group.paths[i] ?? '');
    const bytes = joinShards(shards);
    if (bytes.byteLength < needed) {
      throw new Refusal(
        `The weights need ${needed.toLocaleString('en')} bytes, and ${listNames(group.paths)} ${group.paths.length > 1 ? 'have' : 'has'} ${bytes.byteLength.toLocaleString('en')}: the download was cut off, or the files belong to another model.`,
        WAY_OUT,
      );
    }
    if (bytes.byteLength > needed) {
      const extra = bytes.byteLength - needed;
      notes.add('left-out', 'extra bytes', String(extra), () => {
        return `The weight files have ${extra.toLocaleString('en')} bytes more than the model names.`;
      });
    }
    return decodeGroup(entries, bytes, notes);
  });
}

function decodeGroup(entries: readonly WeightEntry[], bytes: Uint8Array, notes: Notes): NamedWeight[] {
  let at = 0;
  const named: NamedWeight[] = [];
  for (const entry of entries) {
    const length = sizeOf(entry.shape) * BYTES[entry.stored];
    const part = bytes.subarray(at, at + length);
    at += length;
    if (entry.optimizer) {
      notes.add('left-out', 'optimizer', entry.name, () => 'The state of the optimizer is left out.');
      continue;
    }
    if (entry.stored !== entry.dtype) {
      notes.add('repair', `quantised ${entry.stored}`, entry.name, names => {
        return `${names.length} weight${names.length > 1 ? 's' : ''} stored as ${entry.stored} became ${entry.dtype}.`;
      });
    }
    named.push({
      name: entry.name,
      weight: { shape: entry.shape, dtype: entry.dtype, values: decode(entry, part) },
    });
  }
  return named;
}

function decode(entry: WeightEntry, bytes: Uint8Array): Weight['values'] {
  const { stored, dtype, scale, min } = entry;
  if (stored === 'bool') return bytes;
  const width = BYTES[stored];
  // Typed arrays must start at a multiple of their width; a shard may put a tensor anywhere.
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const count = byteLength / width;
  if (stored === 'float32') return new Float32Array(buffer, byteOffset, count);
  if (stored === 'int32') return new Int32Array(buffer, byteOffset, count);
  if (stored === 'float16') return Float32Array.from(new Uint16Array(buffer, byteOffset, count), halfToFloat);
  const codes =
    stored === 'uint8'
      ? new Uint8Array(buffer, byteOffset, count)
      : new Uint16Array(buffer, byteOffset, count);
  return dtype === 'int32'
    ? Int32Array.from(codes, code => Math.round(code * scale + min))
    : Float32Array.from(codes, code => code * scale + min);
}

function joinShards(shards: readonly Uint8Array[]): Uint8Array {
  const [only] = shards;
  if (shards.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(shards.reduce((sum, shard) => sum + shard.byteLength, 0));
  let at = 0;
  for (const shard of shards) {
    joined.set(shard, at);
    at += shard.byteLength;
  }
  return joined;
}

function isWeightDtype(dtype: Json | undefined): dtype is Weight['dtype'] {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}

export const LFS_MARK = 'version https://git-lfs';

function refusePointer(shard: Uint8Array, path: string): void {
  if (new TextDecoder().decode(shard.subarray(0, LFS_MARK.length)) !== LFS_MARK) return;
  throw new Refusal(
    `${path} is a Git LFS pointer: a note of where the weights are, without the weights.`,
    'Run “git lfs pull” in the repository, or download the file itself from its web page.',
  );
}

interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly Json[];
}

function manifestGroups(json: JsonObject): ManifestGroup[] {
  const { weightsManifest } = json;
  if (weightsManifest === undefined || weightsManifest === null) return [];
  if (!isJsonArray(weightsManifest)) throw new Refusal('The weightsManifest isn’t a list.', WAY_OUT);
  return weightsManifest.map(group => {
    const paths = isJsonObject(group) ? group.paths : undefined;
    const weights = isJsonObject(group) ? group.weights : undefined;
    if (!isJsonArray(paths) || !paths.every(path => typeof path === 'string') || !isJsonArray(weights)) {
      throw new Refusal('The weightsManifest has a group without paths or weights.', WAY_OUT);
    }
    return { paths: paths as readonly string[], weights };
  });
}

function parseEntry(json: Json): WeightEntry {
  if (!isJsonObject(json) || typeof json.name !== 'string') {
    throw new Refusal('The weightsManifest lists a weight without a name.', WAY_OUT);
  }
  const { shape, dtype, quantization, group } = json;
  const name = shorten(json.name);
  if (!isJsonArray(shape) || !shape.every(size => Number.isSafeInteger(size) && (size as number) >= 0)) {
    throw new Refusal(`The weight '${shorten(name)}' has no valid shape.`, WAY_OUT);
  }
  const sizes = shape as readonly number[];
  // A tensor of TypeScript's largest exact integer would overflow the sums that guard the buffers.
  if (sizeOf(sizes) > 2 ** 40) {
    throw new Refusal(
      `The weight '${shorten(name)}' declares ${shorten(sizes.join(' × '))} values, more than any file holds.`,
      WAY_OUT,
    );
  }
  if (!isWeightDtype(dtype)) {
    throw new Refusal(
      `The weight '${shorten(name)}' is of type ${shorten(JSON.stringify(dtype ?? null))}; float32, int32 and bool can be read.`,
      'Export the model with float32 weights.',
    );
  }
  const entry = { name: json.name, shape: sizes, dtype, scale: 1, min: 0, optimizer: group === 'optimizer' };
  if (!isJsonObject(quantization)) return { ...entry, stored: dtype };
  const { dtype: stored, scale, min } = quantization;
  if (stored === 'float16' && dtype === 'float32') return { ...entry, stored };
  if (
    (stored === 'uint8' || stored === 'uint16') &&
    dtype !== 'bool' &&
    typeof scale === 'number' &&
    typeof min === 'number'
  ) {
    return { ...entry, stored, scale, min };
  }
  throw new Refusal(
    `The weight '${shorten(name)}' is quantised in an unknown way (${shorten(JSON.stringify(quantization))}).`,
    'Convert the model again, without quantisation or with uint8, uint16 or float16.',
  );
}
