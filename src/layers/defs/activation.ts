import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

const plain = p.activation('relu', { required: true, help: 'The function.' });

/** The function that halves the last axis fits in no layer but this one. */
const activationOrGlu: p.ParamSpec<p.Activation | 'glu'> = {
  ...plain,
  form: { kind: 'choice', options: [...p.ACTIVATIONS, 'glu'] },
  parse: given => (p.activationName(given) === 'glu' ? { value: 'glu' } : plain.parse(given)),
};

/** https://keras.io/api/layers/core_layers/activation/ */
export const activation = defineLayer({
  type: 'Activation',
  category: 'Activation',
  help: 'Applies a function to each value, which lets a network learn more than straight lines.',
  inputs: { minRank: 2 },
  params: { activation: activationOrGlu },
  masking: 'passes',
  tfjs: 'activation',
  example: { config: { activation: 'tanh' }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [...p.ACTIVATIONS, 'glu'].map(name => ({ config: { activation: name }, inputs: [[null, 3, 6]] })),
  outputShapes(config, [input = []]) {
    if (config.activation !== 'glu') return shapes(input);
    const last = input[input.length - 1] ?? null;
    if (last === null) return problem('glu needs to know the size of the last axis, which it halves.');
    return last % 2 === 0
      ? shapes([...input.slice(0, -1), last / 2])
      : problem(`glu halves the last axis, and ${last} is odd: give it an even number of values.`);
  },
});
