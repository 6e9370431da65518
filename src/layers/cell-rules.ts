/** What RNN and StackedRNNCells share: cells of any kind, one after the other. */
import type { Shape } from '../network/shape';
import { parseConfig } from './config';
import type { LayerLookup, WeightSpec } from './layer-type';
import { isKerasLayer, type KerasObject } from './params';

/** How many states each kind of cell carries, of `units` values each. */
const STATES = new Map([
  ['SimpleRNNCell', 1],
  ['GRUCell', 1],
  ['LSTMCell', 2],
]);

export const CELLS = [...STATES.keys()];

/** The cells in a StackedRNNCells, with the place of each one's weights; a cell by itself. */
export function cellsIn(
  cell: KerasObject,
): readonly { readonly place: string; readonly cell: KerasObject }[] {
  const { cells } = cell.config;
  if (cell.class_name !== 'StackedRNNCells' || !Array.isArray(cells)) return [{ place: '', cell }];
  return cells.filter(isKerasLayer).map((inner, i) => ({ place: `${i}/`, cell: inner }));
}

/** null: one of them isn't a cell that Graft knows. */
export function cellStates(cell: KerasObject, batch: number | null): readonly Shape[] | null {
  const states: Shape[] = [];
  for (const { cell: inner } of cellsIn(cell)) {
    const count = STATES.get(inner.class_name);
    const { units } = inner.config;
    if (count === undefined || typeof units !== 'number') return null;
    states.push(...Array.from({ length: count }, () => [batch, units]));
  }
  return states;
}

/** How many values the last cell returns. */
export function unitsOf(cell: KerasObject): number {
  return Number(cellsIn(cell).at(-1)?.cell.config.units);
}

/** `place`: before the roles of all. `input`: the shape of one step. */
export function cellWeights(
  place: string,
  cell: KerasObject,
  [batch = null, ...step]: Shape,
  table: LayerLookup,
): readonly WeightSpec[] {
  let input: Shape = [batch, ...step];
  const specs: WeightSpec[] = [];
  for (const one of cellsIn(cell)) {
    const type = table(one.cell.class_name);
    if (type === undefined) return [];
    const { config } = parseConfig(type, one.cell.config, table);
    const own = type.weights(config, [input], table);
    specs.push(...own.map(spec => ({ ...spec, role: `${place}${one.place}${spec.role}` })));
    input = [batch, unitsOf(one.cell)];
  }
  return specs;
}
