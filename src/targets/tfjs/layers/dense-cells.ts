/**
 * The cells of SimpleRNN, LSTM and GRU (https://keras.io/api/layers/recurrent_layers/). A kernel's columns are those of the gates,
 * side by side, in Keras' order.
 */
import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../../../layers/params';
import { activate } from './activations';
import { dropValues } from './dropout';
import type { LayerWeights } from './implementation';
import type { Cell } from './run-steps';

/** Where a cell is used. */
export interface CellPlace {
  readonly weights: LayerWeights;
  readonly batch: number;
  readonly training: boolean;
}

interface CellConfig {
  readonly units: number;
  readonly activation: Activation;
  readonly dropout: number;
  readonly recurrent_dropout: number;
}
interface GatedConfig extends CellConfig {
  readonly recurrent_activation: Activation;
}

export function simpleRnnCell(config: CellConfig, place: CellPlace): Cell {
  const { project, kernel, masks } = prepare(config, place, 1, place.weights.find('bias'));
  const fromMemory = makeProduct(kernel, masks);
  return {
    project,
    step: (projected, [h]) => [activate(config.activation, tf.add(projected, fromMemory(h as tf.Tensor)))],
    result: 0,
    stateShapes: [[config.units]],
  };
}

export function lstmCell(config: GatedConfig, place: CellPlace): Cell {
  const { project, kernel, masks } = prepare(config, place, 4, place.weights.find('bias'));
  const fromMemory = makeProduct(kernel, masks);
  const gate = (x: tf.Tensor) => activate(config.recurrent_activation, x);
  return {
    project,
    step(projected, states) {
      const [h, carried] = states as [tf.Tensor, tf.Tensor];
      const gates = tf.split(tf.add(projected, fromMemory(h)), 4, 1);
      const [input, forget, candidate, output] = gates as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const added = tf.mul(gate(input), activate(config.activation, candidate));
      const carry = tf.add(tf.mul(gate(forget), carried), added);
      return [tf.mul(gate(output), activate(config.activation, carry)), carry];
    },
    result: 0,
    stateShapes: [[config.units], [config.units]],
  };
}

type GruConfig = GatedConfig & { readonly reset_after: boolean };

export function gruCell(config: GruConfig, place: CellPlace): Cell {
  const bias = place.weights.find('bias');
  const biases = bias !== null && config.reset_after ? tf.unstack(bias) : [bias];
  const [inputBias = null, memoryBias = null] = biases;
  const { project, kernel, masks } = prepare(config, place, 3, inputBias);
  const next = config.reset_after
    ? resetAfter(config, kernel, memoryBias, masks)
    : resetBefore(config, kernel, masks);
  return {
    project,
    step(projected, [state]) {
      const h = state as tf.Tensor;
      const { update, candidate } = next(projected, h);
      return [tf.add(candidate, tf.mul(update, tf.sub(h, candidate)))];
    },
    result: 0,
    stateShapes: [[config.units]],
  };
}

interface GruStep {
  /** How much of the memory stays. */
  readonly update: tf.Tensor;
  /** What takes the place of the rest. */
  readonly candidate: tf.Tensor;
}

/** The reset gate acts on what the memory contributes, once it is mixed. */
function resetAfter(config: GruConfig, kernel: tf.Tensor, bias: tf.Tensor | null, masks: tf.Tensor | null) {
  const { units } = config;
  const fromMemory = makeProduct(kernel, masks);
  return (projected: tf.Tensor, h: tf.Tensor): GruStep => {
    const memory = addBias(fromMemory(h), bias);
    const [gatesIn, candidateIn] = tf.split(projected, [2 * units, units], 1) as [tf.Tensor, tf.Tensor];
    const [gatesOf, candidateOf] = tf.split(memory, [2 * units, units], 1) as [tf.Tensor, tf.Tensor];
    const [update, reset] = splitGates(config, tf.add(gatesIn, gatesOf));
    return {
      update,
      candidate: activate(config.activation, tf.add(candidateIn, tf.mul(reset, candidateOf))),
    };
  };
}

/** The reset gate acts on the memory before it is mixed: https://arxiv.org/abs/1406.1078v3 */
function resetBefore(config: GruConfig, kernel: tf.Tensor, masks: tf.Tensor | null) {
  const { units } = config;
  const [gateKernel, candidateKernel] = tf.split(kernel, [2 * units, units], 1) as [tf.Tensor, tf.Tensor];
  const [gateMasks = null, candidateMask = null] = masks === null ? [] : tf.split(masks, [2, 1]);
  const gatesOf = makeProduct(gateKernel, gateMasks);
  const candidateOf = makeProduct(candidateKernel, candidateMask);
  return (projected: tf.Tensor, h: tf.Tensor): GruStep => {
    const [gatesIn, candidateIn] = tf.split(projected, [2 * units, units], 1) as [tf.Tensor, tf.Tensor];
    const [update, reset] = splitGates(config, tf.add(gatesIn, gatesOf(h)));
    return {
      update,
      candidate: activate(config.activation, tf.add(candidateIn, candidateOf(tf.mul(reset, h)))),
    };
  };
}

function splitGates(config: GatedConfig, gates: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const [update, reset] = tf.split(gates, 2, 1) as [tf.Tensor, tf.Tensor];
  return [activate(config.recurrent_activation, update), activate(config.recurrent_activation, reset)];
}

/** What all cells do with their inputs, and the kernel and dropout masks for what they remember. */
function prepare(config: CellConfig, place: CellPlace, gates: number, bias: tf.Tensor | null) {
  const { weights, batch, training } = place;
  const inputKernel = weights.get('kernel');
  const kernel = weights.get('recurrent_kernel');
  const [features = 1, columns = 1] = inputKernel.shape;
  // Keras drops for each gate apart only where recurrent_dropout makes it compute the gates apart.
  const count = config.recurrent_dropout > 0 ? gates : 1;
  const drop = (rate: number, size: number) =>
    training && rate > 0 ? dropValues(tf.ones([count, batch, size]), rate) : null;
  const inputMasks = drop(config.dropout, features);
  const project = (x: tf.Tensor) => {
    const steps = x.shape[1] ?? 1;
    const product = makeProduct(inputKernel, inputMasks === null ? null : forEachStep(inputMasks, steps));
    const rows = addBias(product(tf.reshape(x, [-1, features])), bias);
    return tf.reshape(rows, [batch, steps, columns]);
  };
  return { project, kernel, masks: drop(config.recurrent_dropout, config.units) };
}

/** From `[count, batch, size]` to `[count, batch · steps, size]`: the same is dropped at each step. */
function forEachStep(masks: tf.Tensor, steps: number): tf.Tensor {
  const [count = 1, batch = 1, size = 1] = masks.shape;
  return tf.reshape(tf.tile(tf.expandDims(masks, 2), [1, 1, steps, 1]), [count, batch * steps, size]);
}

/**
 * Rows (`[rows, size]`) times a kernel (`[size, columns]`). `masks` (`[count, rows, size]`): what is dropped for each of `count`
 * equal parts of the columns.
 */
function makeProduct(kernel: tf.Tensor, masks: tf.Tensor | null): (rows: tf.Tensor) => tf.Tensor {
  if (masks === null) return rows => tf.matMul(rows as tf.Tensor2D, kernel as tf.Tensor2D);
  const [count = 1] = masks.shape;
  const [size = 1, columns = 1] = kernel.shape;
  const parts = tf.transpose(tf.reshape(kernel, [size, count, columns / count]), [1, 0, 2]);
  return rows => {
    const products = tf.matMul(tf.mul(rows, masks) as tf.Tensor3D, parts as tf.Tensor3D);
    return tf.reshape(tf.transpose(products, [1, 0, 2]), [-1, columns]);
  };
}

function addBias(x: tf.Tensor, bias: tf.Tensor | null): tf.Tensor {
  return bias === null ? x : tf.add(x, bias);
}
