import type { Shape } from '../../network/shape';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, resolveAxis, shapes } from '../shape-rules';
import { initializers, regularizers, weight } from '../weight-rules';

const crashes = 'TensorFlow.js can’t train the layer otherwise';
const noConstraints = 'TensorFlow.js forgets them in this layer';

/** https://keras.io/api/layers/normalization_layers/layer_normalization/ */
export const layerNormalization = defineLayer({
  type: 'LayerNormalization',
  category: 'Normalization',
  help: 'Brings the values of each row to average 0 and spread 1, independently of the other rows.',
  inputs: { ranks: [2, 3, 4] },
  params: {
    axis: p.ints([-1], {
      help: 'The axes over which average and spread are taken; -1 is the last.',
      advanced: true,
    }),
    epsilon: p.float(0.001, { min: 0, help: 'A small number against division by zero.', advanced: true }),
    center: p.fixed(true, { help: 'Adds a trainable offset.', why: crashes }),
    scale: p.fixed(true, { help: 'Multiplies with a trainable scale.', why: crashes }),
    ...initializers({ beta: 'Zeros', gamma: 'Ones' }),
    ...regularizers(['beta', 'gamma']),
    beta_constraint: p.fixed(null, { help: 'Keeps the offset within limits.', why: noConstraints }),
    gamma_constraint: p.fixed(null, { help: 'Keeps the scale within limits.', why: noConstraints }),
    rms_scaling: p.fixed(false, {
      help: 'Divides by the root of the mean square instead.',
      why: 'TensorFlow.js doesn’t have it',
      tfjs: null,
    }),
  },
  tfjs: 'layerNormalization',
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  checkConfig: config => (config.axis.length === 0 ? 'axis must name at least one axis.' : null),
  outputShapes(config, [input = []]) {
    const axes = config.axis.map(axis => resolveAxis(axis, input.length) ?? 0);
    // TensorFlow.js lays out the scale in the order of the input's axes.
    if (axes.some((axis, i) => axis <= (axes[i - 1] ?? 0))) {
      return problem(
        `LayerNormalization can't use the axes ${config.axis.join(', ')}: choose some of 1 to ${input.length - 1}, in this order.`,
      );
    }
    if (sizesOf(config.axis, input).includes(null)) {
      return problem('LayerNormalization needs to know the sizes of its axes.');
    }
    return shapes(input);
  },
  weights(config, [input = []]) {
    const shape = sizesOf(config.axis, input);
    return [weight('gamma', shape, config.gamma_initializer), weight('beta', shape, config.beta_initializer)];
  },
});

function sizesOf(axes: readonly number[], input: Shape) {
  return axes.map(axis => input[resolveAxis(axis, input.length) ?? 0] ?? null);
}
