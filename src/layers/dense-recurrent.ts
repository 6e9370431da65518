/**
 * SimpleRNN, GRU and LSTM, which read sequences of rows, and their cells, which compute one step. They differ in their gates
 * and in how many states they carry, all of which have `units` values.
 */
import type { Dim, Shape } from '../network/shape';
import { type Case, defineLayer, type Example, type LayerType } from './layer-type';
import type { ParamSpecs } from './params';
import * as r from './recurrent-rules';
import { problem, shapes } from './shape-rules';

/** What each of them has, whatever else. */
type CellParams = Pick<typeof r, 'units'> & typeof r.recurrentInitializers & typeof r.recurrentDropout;
type LayerParams = CellParams & typeof r.sequenceParams;

interface Kind<P extends ParamSpecs> {
  readonly type: string;
  readonly help: string;
  readonly gates: number;
  readonly states: number;
  readonly params: P;
  readonly cases?: readonly Case[];
}

export function defineRecurrent<P extends LayerParams>(
  def: Kind<P> & { readonly factory: string; readonly example: Example },
): LayerType<P> {
  const params: LayerParams = def.params;
  const type = defineLayer({
    type: def.type,
    category: 'Recurrent',
    help: def.help,
    inputs: { ranks: [3], max: 1 + def.states, laterRanks: [2] },
    params,
    tfjs: def.factory,
    // A model.json of stock layers has no place for what a layer begins with.
    isStock: (_, inputs) => inputs.length === 1,
    example: def.example,
    cases: def.cases ?? [],
    masking: 'own',
    checkConfig: r.checkRecurrent,
    outputShapes(config, [input = [], ...given]) {
      const [batch = null, steps = null, features = null] = input;
      if (features === null) return problem(`${def.type} needs to know how many values each step has.`);
      const states = statesOf(def, config.units, batch);
      return (
        r.checkStates(def.type, given, states) ??
        r.recurrentShapes(config, steps, [batch, config.units], states)
      );
    },
    weights: (config, [input = []]) => r.denseWeights(config, input[2] ?? null, def.gates),
  });
  // The rules above read the common parameters only; the type has all of them.
  return type as LayerType<P>;
}

/** A cell is called on a row and its states, and returns its result and the new states. */
export function defineCell<P extends CellParams>(def: Kind<P>): LayerType<P> {
  const params: CellParams = def.params;
  const type = defineLayer({
    type: def.type,
    category: 'Recurrent',
    help: def.help,
    inputs: { ranks: [2], min: 1 + def.states, max: 1 + def.states },
    params,
    tfjs: null,
    example: {
      config: { units: 3 },
      inputs: [[null, 2], ...Array.from({ length: def.states }, () => [null, 3])],
      outputs: Array.from({ length: 1 + def.states }, () => [null, 3]),
    },
    cases: def.cases ?? [],
    checkConfig: r.checkRecurrent,
    outputShapes(config, [input = [], ...given]) {
      const [batch = null, features = null] = input;
      if (features === null) return problem(`${def.type} needs to know how many values its input has.`);
      const states = statesOf(def, config.units, batch);
      return r.checkStates(def.type, given, states) ?? shapes([batch, config.units], ...states);
    },
    weights: (config, [input = []]) => r.denseWeights(config, input[1] ?? null, def.gates),
  });
  return type as LayerType<P>;
}

function statesOf(def: { readonly states: number }, units: number, batch: Dim): readonly Shape[] {
  return Array.from({ length: def.states }, () => [batch, units]);
}
