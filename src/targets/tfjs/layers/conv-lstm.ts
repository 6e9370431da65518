/** ConvLSTM1D, 2D and 3D: LSTM's cell with convolutions for products, led over the steps. */
import * as tf from '@tensorflow/tfjs';
import { convLstm1d } from '../../../layers/defs/conv-lstm1d';
import { convLstm2d } from '../../../layers/defs/conv-lstm2d';
import { convLstm3d } from '../../../layers/defs/conv-lstm3d';
import type { ConfigOf } from '../../../layers/params';
import { windowedSize } from '../../../layers/shape-rules';
import { activate } from './activations';
import { fromChannelsLast, toChannelsLast } from './along-axis';
import { convolve, type Window } from './convolve';
import { dropValues } from './dropout';
import { type Forward, implement, type LayerCall } from './implementation';
import { maskOf, stepMasks } from './recurrent';
import { type Cell, runSteps } from './run-steps';

type ConvLstmConfig = ConfigOf<typeof convLstm2d.params>;

/** Inside, channels are last; what comes and goes has the order of the config. */
const forward: Forward<ConvLstmConfig> = call => {
  const { config, inputs } = call;
  const x = eachStep(call.x, steps => toChannelsLast(steps, config.data_format));
  const states = inputs.slice(1).map(state => toChannelsLast(state, config.data_format));
  const results = runSteps(makeCell({ ...call, x }), { x, mask: maskOf(call), states, config });
  return results.map(result =>
    result.rank === x.rank
      ? eachStep(result, steps => fromChannelsLast(steps, config.data_format))
      : fromChannelsLast(result, config.data_format),
  );
};

export const convLstm1dLayer = implement(convLstm1d, forward, stepMasks);
export const convLstm2dLayer = implement(convLstm2d, forward, stepMasks);
export const convLstm3dLayer = implement(convLstm3d, forward, stepMasks);

/** What `change` makes of the steps of all rows, as if each were a row. */
function eachStep(x: tf.Tensor, change: (steps: tf.Tensor) => tf.Tensor): tf.Tensor {
  const [batch = 1, steps = 1, ...step] = x.shape;
  const changed = change(tf.reshape(x, [batch * steps, ...step]));
  return tf.reshape(changed, [batch, steps, ...changed.shape.slice(1)]);
}

const GATES = 4;

function makeCell({ config, x, weights, training }: LayerCall<ConvLstmConfig>): Cell {
  const [batch = 1, steps = 1, ...step] = x.shape;
  const bias = weights.find('bias');
  const ones = config.kernel_size.map(() => 1);
  const still: Window = { strides: ones, padding: 'same', dilation_rate: ones };
  const drop = (rate: number, shape: readonly number[]) =>
    training && rate > 0
      ? Array.from({ length: GATES }, () => dropValues(tf.ones([batch, ...shape]), rate))
      : null;
  const stateShape = [...stateSizes(step.slice(0, -1), config), config.filters];
  const inputMasks = drop(config.dropout, step)?.map(mask =>
    // The same at each step.
    tf.reshape(tf.tile(tf.reshape(mask, [batch, 1, -1]), [1, steps, 1]), [batch * steps, ...step]),
  );
  const fromInput = makeProduct(weights.get('kernel'), config, inputMasks ?? null);
  const fromMemory = makeProduct(
    weights.get('recurrent_kernel'),
    still,
    drop(config.recurrent_dropout, stateShape),
  );
  const gate = (values: tf.Tensor) => activate(config.recurrent_activation, values);
  return {
    project: sequence => eachStep(sequence, pictures => addToChannels(fromInput(pictures), bias)),
    step(projected, states) {
      const [h, carried] = states as [tf.Tensor, tf.Tensor];
      const gates = tf.split(tf.add(projected, fromMemory(h)), GATES, h.rank - 1);
      const [input, forget, candidate, output] = gates as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const added = tf.mul(gate(input), activate(config.activation, candidate));
      const carry = tf.add(tf.mul(gate(forget), carried), added);
      return [tf.mul(gate(output), activate(config.activation, carry)), carry];
    },
    result: 0,
    stateShapes: [stateShape, stateShape],
  };
}

/** `masks`: what is dropped for each gate. Its channels out are those of the gates, side by side. */
function makeProduct(kernel: tf.Tensor, window: Window, masks: readonly tf.Tensor[] | null) {
  if (masks === null) return (pictures: tf.Tensor) => convolve(pictures, kernel, window, 1);
  const kernels = tf.split(kernel, GATES, kernel.rank - 1);
  return (pictures: tf.Tensor) => {
    const parts = masks.map((mask, gate) =>
      convolve(tf.mul(pictures, mask), kernels[gate] ?? kernel, window, 1),
    );
    return tf.concat(parts, pictures.rank - 1);
  };
}

function addToChannels(x: tf.Tensor, bias: tf.Tensor | null): tf.Tensor {
  if (bias === null) return x;
  // As rows of channels: on WebGPU, adding a list of values to five axes goes wrong without an error.
  return tf.reshape(tf.add(tf.reshape(x, [-1, bias.size]), bias), x.shape);
}

function stateSizes(sizes: readonly number[], config: ConvLstmConfig): number[] {
  return sizes.map((size, i) => {
    const reach = ((config.kernel_size[i] ?? 1) - 1) * (config.dilation_rate[i] ?? 1) + 1;
    return windowedSize(size, reach, config.strides[i] ?? 1, config.padding) ?? 1;
  });
}
