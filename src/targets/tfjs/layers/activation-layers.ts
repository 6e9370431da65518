/** The layers that apply a function to each value, and Softmax (https://keras.io/api/layers/activation_layers/). */
import * as tf from '@tensorflow/tfjs';
import { resolveAxes } from '../../../layers/axis-rules';
import * as activationDefs from '../../../layers/defs/activation';
import * as eluDefs from '../../../layers/defs/elu';
import * as leakyReluDefs from '../../../layers/defs/leaky-relu';
import * as preluDefs from '../../../layers/defs/prelu';
import * as reluDefs from '../../../layers/defs/relu';
import * as softmaxDefs from '../../../layers/defs/softmax';
import { activate, glu, leakyRelu, relu as limitedRelu, scaledElu, softmaxAlong } from './activations';
import { implement } from './implementation';

export const activation = implement(activationDefs.activation, ({ config, x }) =>
  config.activation === 'glu' ? glu(x) : activate(config.activation, x),
);

export const relu = implement(reluDefs.relu, ({ config, x }) => limitedRelu(x, config));

export const leakyReluLayer = implement(leakyReluDefs.leakyRelu, ({ config, x }) =>
  leakyRelu(x, config.negative_slope),
);

export const prelu = implement(preluDefs.prelu, ({ x, weights }) => leakyRelu(x, weights.get('alpha')));

export const elu = implement(eluDefs.elu, ({ config, x }) => scaledElu(x, config.alpha));

/** What the mask leaves out gets no share. As in Keras, only a mask of the input's own shape says so. */
export const softmax = implement(softmaxDefs.softmax, ({ config, x, masks }) => {
  const axes = resolveAxes(config.axis, x.rank);
  const [mask = null] = masks;
  if (mask === null || !tf.util.arraysEqual(mask.shape, x.shape)) return softmaxAlong(x, axes);
  return tf.where(mask, softmaxAlong(tf.where(mask, x, -1e9), axes), 0);
});
