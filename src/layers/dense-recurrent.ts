/** SimpleRNN, GRU and LSTM: sequences of rows. They differ in their gates and in how many states they carry. */
import { type Case, defineLayer, type Example, type LayerType } from './layer-type';
import * as r from './recurrent-rules';
import { problem } from './shape-rules';
import { weight } from './weight-rules';

/** What each of them has, whatever else. */
type CommonParams = Pick<typeof r, 'units'> &
  typeof r.recurrentInitializers &
  typeof r.recurrentDropout &
  typeof r.sequenceParams;

export function defineRecurrent<P extends CommonParams>(def: {
  readonly type: string;
  readonly factory: string;
  readonly help: string;
  readonly gates: number;
  readonly states: number;
  readonly params: P;
  readonly example: Example;
  readonly cases?: readonly Case[];
}): LayerType<P> {
  const params: CommonParams = def.params;
  const type = defineLayer({
    type: def.type,
    category: 'Recurrent',
    help: def.help,
    inputs: { ranks: [3] },
    params,
    tfjs: def.factory,
    example: def.example,
    cases: def.cases ?? [],
    masking: 'own',
    checkConfig: r.checkRecurrent,
    outputShapes(config, [input = []]) {
      const [batch = null, steps = null, features = null] = input;
      if (features === null) return problem(`${def.type} needs to know how many values each step has.`);
      return r.recurrentShapes(config, batch, steps, [config.units], def.states);
    },
    weights(config, [input = []]) {
      const { units, use_bias, kernel_initializer, recurrent_initializer, bias_initializer } = config;
      const columns = units * def.gates;
      return [
        weight('kernel', [input[2] ?? null, columns], kernel_initializer),
        weight('recurrent_kernel', [units, columns], recurrent_initializer),
        ...(use_bias ? [weight('bias', [columns], r.biasStart(config, bias_initializer))] : []),
      ];
    },
  });
  // The rules above read the common parameters only; the type has all of them.
  return type as LayerType<P>;
}
