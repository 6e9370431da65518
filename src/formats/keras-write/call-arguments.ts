/**
 * How Keras wants what a layer or an operation is called on: one by one, in a list, or as what it begins with. A tensor may be
 * anything here: a variable of a program, a place in a file.
 */
import type { Json } from '../../base/json';
import { cellStates, cellsIn } from '../../layers/cell-rules';
import type { LayerType } from '../../layers/layer-type';
import { operands } from '../../layers/operation-rules';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import type { Config } from '../../network/network';
import facts from './keras-facts.json';

const SEPARATE_INPUTS: ReadonlySet<string> = new Set(facts.separateInputs);
const CELLS: ReadonlySet<string> = new Set(facts.cells);
const INITIAL_STATE: ReadonlySet<string> = new Set(facts.initialState);

export type Nested<T> = T | readonly Nested<T>[];

export interface CallArguments<T> {
  readonly args: readonly Nested<T>[];
  /** The argument of that name; null: it isn't given. */
  readonly initialState: readonly T[] | null;
}

/** `x`, `[a, b]`, `query, value, key`, `x, initial_state=[h, c]`, or of a recurrent cell `x, [h, c]`. */
export function arrangeInputs<T>(
  { type, inputs: rule }: LayerType,
  config: Config,
  inputs: readonly T[],
): CallArguments<T> {
  const [first, ...states] = inputs;
  if (first !== undefined && CELLS.has(type)) {
    const args = [first, groupStates({ class_name: type, config }, states)];
    return { args, initialState: null };
  }
  if (SEPARATE_INPUTS.has(type) || (states.length === 0 && rule.min < 2)) {
    return { args: inputs, initialState: null };
  }
  return first !== undefined && INITIAL_STATE.has(type)
    ? { args: [first], initialState: states }
    : { args: [inputs], initialState: null };
}

/** What a call returns; a cell returns its states in a list of their own, RNN those of each stacked cell. */
export function arrangeResults<T>(type: string, config: Config, results: readonly T[]): readonly Nested<T>[] {
  const [first, ...states] = results;
  if (first === undefined) return [];
  if (CELLS.has(type)) return [first, groupStates({ class_name: type, config }, states)];
  const { cell } = config;
  return [first, ...(isKerasLayer(cell) ? groupStates(cell, states) : states)];
}

/** Stacked cells have an entry for each cell, a list where that carries several states. */
function groupStates<T>(cell: KerasObject, states: readonly T[]): readonly Nested<T>[] {
  const waiting = [...states];
  const cells = cellsIn(cell);
  if (cells.length < 2) return waiting;
  const groups = cells.map(({ cell: inner }) => waiting.splice(0, cellStates(inner, null)?.length ?? 1));
  return groups.flatMap((own): Nested<T>[] => (own.length > 1 ? [own] : own));
}

/** Tensors and numbers in the operation's order; a list where it takes any number of tensors. */
export function arrangeOperands<T>(
  type: LayerType,
  config: Config,
  inputs: readonly T[],
  toConstant: (value: Json) => T,
): readonly Nested<T>[] {
  if (type.inputs.max === null) return [inputs];
  const waiting = [...inputs];
  const places = Object.keys(operands).filter(name => name in type.params);
  const placed = places.flatMap(name => {
    const given = config[name] ?? null;
    return given === null ? waiting.splice(0, 1) : [toConstant(given)];
  });
  return [...placed, ...waiting];
}
