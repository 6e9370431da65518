/**
 * Where Keras keeps the weights of one layer in a `model.weights.h5`: `cell/vars/0`, `forward_layer/cell/vars/1`,
 * `query_dense/vars/0`. The reader and the writer go by it. It knows no files and no values.
 * https://github.com/keras-team/keras/blob/v3.15.1/keras/src/saving/saving_lib.py (`_save_state`)
 */
import { isJsonArray, type Json } from '../../base/json';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import exportFacts from '../keras-write/export-facts.json';

export interface LayerPart {
  /** The attributes of the layer that lead to the part. */
  readonly path: string;
  readonly part: KerasObject;
}

/** Layers whose weights are those of a cell, which the table doesn't tell from the layer. */
export const HAVE_CELLS: ReadonlySet<string> = new Set([
  'SimpleRNN',
  'GRU',
  'LSTM',
  'ConvLSTM1D',
  'ConvLSTM2D',
  'ConvLSTM3D',
]);

/** The layer inside `self` whose roles begin with `place/`; null: there is none. */
export function findPart({ class_name, config }: KerasObject, place: string): LayerPart | null {
  const at = (path: string, part: Json | undefined): LayerPart | null =>
    isKerasLayer(part) ? { path, part } : null;
  switch (class_name) {
    case 'Bidirectional':
      return place === 'forward'
        ? at('forward_layer', config.layer)
        : at('backward_layer', config.backward_layer ?? config.layer);
    case 'TimeDistributed':
      return at('layer', config.layer);
    case 'RNN':
      return at('cell', config.cell);
    case 'StackedRNNCells': {
      const cells = isJsonArray(config.cells) ? config.cells.filter(isKerasLayer) : [];
      const rank = createRanks();
      const paths = cells.map(cell => `cells/${rank(cell.class_name)}`);
      return at(paths[Number(place)] ?? '', cells[Number(place)]);
    }
    case 'MultiHeadAttention':
      return { path: place === 'gate' ? '_gate_dense' : densePath(place), part: dense(place) };
    case 'GroupQueryAttention':
      return { path: `_${densePath(place)}`, part: dense(place) };
    default:
      return null;
  }
}

function densePath(place: string): string {
  return place === 'attention_output' ? 'output_dense' : `${place}_dense`;
}

function dense(name: string): KerasObject {
  return { class_name: 'EinsumDense', config: { name } };
}

/** `roles`: all of the layer, in the table's order. null: the layer isn't known to have such a role. */
export function pathOfRole(self: KerasObject, role: string, roles: readonly string[]): string | null {
  const slash = role.indexOf('/');
  if (slash < 0) {
    const index = roles.filter(other => !other.includes('/')).indexOf(role);
    return `${HAVE_CELLS.has(self.class_name) ? 'cell/' : ''}vars/${index}`;
  }
  const place = role.slice(0, slash + 1);
  const found = findPart(self, place.slice(0, -1));
  if (found === null) return null;
  const inside = roles.flatMap(other => (other.startsWith(place) ? [other.slice(place.length)] : []));
  const inner = pathOfRole(found.part, role.slice(place.length), inside);
  return inner === null ? null : `${found.path}/${inner}`;
}

/** The names of groups, one for each call: `Dense` is `dense`, then `dense_1`, `dense_2`, … */
export function createRanks(): (className: string) => string {
  const used = new Map<string, number>();
  return className => {
    const name = groupCase(className);
    const rank = used.get(name) ?? 0;
    used.set(name, rank + 1);
    return rankName(name, rank);
  };
}

export function rankName(key: string, rank: number): string {
  return rank === 0 ? key : `${key}_${rank}`;
}

/** Classes that Python knows by another name than Keras' users. */
const CLASS_NAMES: ReadonlyMap<string, string> = new Map(Object.entries(exportFacts.classNames));

/** Keras 3's `to_snake_case`: Conv2D is conv2d, PReLU is p_re_lu. */
export function groupCase(className: string): string {
  return (CLASS_NAMES.get(className) ?? className)
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
