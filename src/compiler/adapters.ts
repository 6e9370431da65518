/**
 * Layers that make a tensor of one shape fit where another is wanted. Candidates are built from a few rules, then checked
 * against the layer table: what is offered is known to fit. The smallest comes first.
 */
import type { NewLayer } from '../graph/edits';
import { parseConfig } from '../layers/config';
import { inferCall } from '../layers/infer';
import type { LayerLookup } from '../layers/layer-type';
import { type Dim, type Shape, shapeFits, sizeOf, sizeOfRow } from '../network/shape';

export interface Adapter {
  /** As on a button: `Add Dense 64`, `Add Flatten and Dense 64`. */
  readonly label: string;
  readonly layers: readonly NewLayer[];
}

/** What it has to become: a shape (null for sizes that don't matter) or, with only the rank known, one of several ranks. */
export type Wanted = { readonly shape: Shape } | { readonly ranks: readonly number[] };

export function findAdapters(given: Shape, wanted: Wanted, table: LayerLookup): readonly Adapter[] {
  const candidates =
    'shape' in wanted ? towardsShape(given, wanted.shape) : towardsRanks(given, wanted.ranks);
  const fits = (shape: Shape) =>
    'shape' in wanted ? shapeFits(shape, wanted.shape) : wanted.ranks.includes(shape.length);
  const found = new Map<string, { adapter: Adapter; parameters: number }>();
  for (const layers of candidates) {
    const result = applyLayers(given, layers, table);
    if (result === null || !fits(result.shape)) continue;
    const label = `Add ${layers.map(describe).join(' and ')}`;
    found.set(label, { adapter: { label, layers }, parameters: result.parameters });
  }
  return [...found.values()]
    .sort((a, b) => a.adapter.layers.length - b.adapter.layers.length || a.parameters - b.parameters)
    .map(entry => entry.adapter);
}

/** What comes out of a chain of new layers and how many parameters they have; null if one of them doesn't fit. */
function applyLayers(given: Shape, layers: readonly NewLayer[], table: LayerLookup) {
  let shape = given;
  let parameters = 0;
  for (const layer of layers) {
    const type = table(layer.type);
    if (type === undefined) return null;
    const result = inferCall(layer, [shape], table);
    if ('problem' in result) return null;
    const { config } = parseConfig(type, layer.config, table);
    for (const weight of type.weights(config, [shape], table)) parameters += sizeOf(weight.shape);
    shape = result.shapes[0] ?? shape;
  }
  return { shape, parameters };
}

function describe({ type, config }: NewLayer): string {
  if (type === 'Dense') return `Dense ${config.units}`;
  if (type === 'Conv2D') return `1×1 Conv2D ${config.filters}`;
  if (type === 'Reshape' && Array.isArray(config.target_shape))
    return `Reshape ${config.target_shape.join(' × ')}`;
  return type;
}

const dense = (units: number): NewLayer => ({ type: 'Dense', config: { units } });
const reshape = (row: readonly number[]): NewLayer => ({ type: 'Reshape', config: { target_shape: row } });
const plain = (type: string): NewLayer => ({ type, config: {} });

/** More values than this in one Dense adapter is no adapter any more. */
const LARGEST_DENSE = 4096;

function towardsShape(given: Shape, wanted: Shape): NewLayer[][] {
  const from = given.slice(1);
  const row = wanted.slice(1);
  const last = row[row.length - 1] ?? null;
  const size = sizeOfRow(wanted);
  const list: NewLayer[][] = [];
  if (row.every(dim => dim !== null)) {
    list.push([reshape(row)]);
    if (size !== null && size <= LARGEST_DENSE) {
      // From anything to anything: flatten, mix, shape.
      const flat = from.length === 1 ? [] : [plain('Flatten')];
      list.push(row.length === 1 ? [...flat, dense(size)] : [...flat, dense(size), reshape(row)]);
    }
  }
  if (last !== null) {
    if (from.length === row.length && row.length > 1) {
      if (row.length === 3) {
        list.push([{ type: 'Conv2D', config: { filters: last, kernel_size: [1, 1] } }]);
        for (const resize of resizing(from, row)) {
          list.push([resize], [resize, { type: 'Conv2D', config: { filters: last, kernel_size: [1, 1] } }]);
        }
      }
      if (row.length !== 3) list.push([dense(last)]);
    }
    if (row.length === 1) {
      for (const pool of poolings(from)) list.push([plain(pool)], [plain(pool), dense(last)]);
      list.push([plain('Flatten')]);
    }
    const [steps] = row;
    if (row.length === 2 && from.length === 1 && typeof steps === 'number') {
      list.push([{ type: 'RepeatVector', config: { n: steps } }]);
      list.push([{ type: 'RepeatVector', config: { n: steps } }, dense(last)]);
    }
    if (row.length === 2 && from.length === 3) {
      for (const lines of imageAsSequence(from)) list.push([lines], [lines, dense(last)]);
    }
  }
  return list;
}

function towardsRanks(given: Shape, ranks: readonly number[]): NewLayer[][] {
  const from = given.slice(1);
  const known = from.every(dim => dim !== null) ? (from as readonly number[]) : null;
  const list: NewLayer[][] = [];
  for (const rank of ranks.map(full => full - 1)) {
    if (rank === 1) {
      list.push([plain('Flatten')], ...poolings(from).map(pool => [plain(pool)]));
    }
    if (rank === 2 && from.length === 3) list.push(...imageAsSequence(from).map(lines => [lines]));
    // A missing last axis: one channel, one feature a step.
    if (rank === from.length + 1 && known !== null) list.push([reshape([...known, 1])]);
  }
  return list;
}

function poolings(from: readonly Dim[]): string[] {
  if (from.length === 3) return ['GlobalAveragePooling2D'];
  return from.length === 2 ? ['GlobalAveragePooling1D'] : [];
}

/** The rows of an image as steps of a sequence. */
function imageAsSequence(from: readonly Dim[]): NewLayer[] {
  const [height, width, channels] = from;
  if (typeof height !== 'number' || typeof width !== 'number' || typeof channels !== 'number') return [];
  return [reshape([height, width * channels]), reshape([height * width, channels])];
}

/** Pooling or upsampling by a whole factor from one image size to another. */
function resizing(from: readonly Dim[], to: readonly Dim[]): NewLayer[] {
  const factor = (a: Dim | undefined, b: Dim | undefined) => (a && b && a % b === 0 ? a / b : null);
  const down = [factor(from[0], to[0]), factor(from[1], to[1])];
  const up = [factor(to[0], from[0]), factor(to[1], from[1])];
  const list: NewLayer[] = [];
  if (down.every(f => f !== null) && down.some(f => f !== 1)) {
    list.push({ type: 'AveragePooling2D', config: { pool_size: down, strides: down } });
  }
  if (up.every(f => f !== null) && up.some(f => f !== 1)) {
    list.push({ type: 'UpSampling2D', config: { size: up } });
  }
  return list;
}
