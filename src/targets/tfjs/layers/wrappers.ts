/** Bidirectional and TimeDistributed: layers that apply other layers. */
import * as tf from '@tensorflow/tfjs';
import * as bidirectionalDef from '../../../layers/defs/bidirectional';
import * as timeDef from '../../../layers/defs/time-distributed';
import { type ConfigOf, isKerasLayer, type KerasObject } from '../../../layers/params';
import { lookUpLayer } from '../../../layers/table';
import type { Config } from '../../../network/network';
import type { Shape } from '../../../network/shape';
import { implement, type LayerWeights } from './implementation';
import { applyLayer } from './table';

type BidirectionalConfig = ConfigOf<typeof bidirectionalDef.bidirectional.params>;

export const bidirectional = implement(
  bidirectionalDef.bidirectional,
  call => {
    const { config, inputs, x, masks, weights } = call;
    const half = (inputs.length - 1) / 2;
    const { forward, backward } = directionsOf(config);
    const read = (layer: KerasObject, place: string, states: readonly tf.Tensor[]) =>
      applyLayer(
        { type: layer.class_name, config: layer.config },
        {
          ...call,
          inputs: [x, ...states],
          masks: [masks[0] ?? null, ...states.map(() => null)],
          weights: weights.inside(place),
        },
      ).outputs as [tf.Tensor, ...tf.Tensor[]];
    const [there, ...statesThere] = read(forward, 'forward', inputs.slice(1, 1 + half));
    const [found, ...statesBack] = read(backward, 'backward', inputs.slice(1 + half));
    const back = forward.config.return_sequences === true ? reverseSteps(found) : found;
    return [...merge(config.merge_mode, there, back), ...statesThere, ...statesBack];
  },
  ({ config, masks }) => {
    const mask = config.layer.config.return_sequences === true ? (masks[0] ?? null) : null;
    return config.merge_mode === null ? [mask, mask] : [mask];
  },
);

interface Directions {
  readonly forward: KerasObject;
  readonly backward: KerasObject;
}
const directions = new WeakMap<Config, Directions>();

/** Keras makes both return zeros for steps that a mask leaves out, so that what is merged doesn't hold repeated results. */
function directionsOf(config: BidirectionalConfig): Directions {
  const known = directions.get(config);
  if (known !== undefined) return known;
  const { layer, backward_layer } = config;
  const zeroes = { zero_output_for_mask: layer.config.return_sequences === true };
  const back = backward_layer ?? { ...layer, config: { ...layer.config, go_backwards: true } };
  const made = {
    forward: { ...layer, config: { ...layer.config, ...zeroes } },
    backward: { ...back, config: { ...back.config, ...zeroes } },
  };
  directions.set(config, made);
  return made;
}

function reverseSteps(x: tf.Tensor): tf.Tensor {
  const [batch = 1, steps = 1] = x.shape;
  return tf.reshape(tf.reverse(tf.reshape(x, [batch, steps, -1]), 1), x.shape);
}

function merge(mode: BidirectionalConfig['merge_mode'], a: tf.Tensor, b: tf.Tensor): tf.Tensor[] {
  switch (mode) {
    case 'concat':
      return [tf.concat([a, b], a.rank - 1)];
    case 'sum':
      return [tf.add(a, b)];
    case 'ave':
      return [tf.div(tf.add(a, b), 2)];
    case 'mul':
      return [tf.mul(a, b)];
    case null:
      return [a, b];
  }
}

/** All steps at once, as if each were a row, except for layers to which rows matter together. */
export const timeDistributed = implement(timeDef.timeDistributed, call => {
  const { config, x, masks, training, weights } = call;
  const { class_name, config: inner } = config.layer;
  const [batch = 1, steps = 1, ...step] = x.shape;
  const own = weights.inside('layer');
  const apply = (rows: tf.Tensor, mask: tf.Tensor | null, layerWeights: LayerWeights, share: number) => {
    const { outputs } = applyLayer(
      { type: class_name, config: inner },
      {
        inputs: [rows],
        masks: [mask],
        training,
        weights: layerWeights,
        // Keras calls the inner layer's `call`, which adds no penalty on what it returns. Those of layers further inside are means
        // over the rows of one step each.
        addPenalty: penalty => {
          if (class_name === 'Bidirectional') call.addPenalty(tf.mul(penalty, share));
        },
      },
    );
    return outputs[0] as tf.Tensor;
  };
  const [mask = null] = masks;
  if (training && looksAtAllRows(config.layer, [batch, ...step])) {
    const latest = withLatest(own);
    const masksOfSteps = mask === null ? [] : tf.unstack(mask, 1);
    const results = tf
      .unstack(tf.reshape(x, [batch, steps, -1]), 1)
      .map((rows, i) => apply(tf.reshape(rows, [batch, ...step]), masksOfSteps[i] ?? null, latest, 1));
    const flat = results.map(result => tf.reshape(result, [batch, -1]));
    return tf.reshape(tf.stack(flat, 1), [batch, steps, ...(results[0]?.shape.slice(1) ?? [])]);
  }
  // A mask of the steps themselves says nothing about what is in a step.
  const folded =
    mask === null || mask.rank < 3 ? null : tf.reshape(mask, [batch * steps, ...mask.shape.slice(2)]);
  const result = apply(tf.reshape(x, [batch * steps, ...step]), folded, own, steps);
  return tf.reshape(result, [batch, steps, ...result.shape.slice(1)]);
});

/** Statistics of the batch move with each step, and the sizes of a noise may name the batch. */
function looksAtAllRows({ class_name, config }: KerasObject, rows: Shape): boolean {
  const weights = lookUpLayer(class_name)?.weights(config, [rows], lookUpLayer) ?? [];
  return weights.some(({ trainable }) => !trainable) || hasNoiseShape(config);
}

function hasNoiseShape({ noise_shape, layer }: Config): boolean {
  return (noise_shape ?? null) !== null || (isKerasLayer(layer) && hasNoiseShape(layer.config));
}

/** Each step sees what the one before it has made of the weights that aren't trained. */
function withLatest(weights: LayerWeights): LayerWeights {
  const assigned = new Map<string, tf.Tensor>();
  return {
    get: role => assigned.get(role) ?? weights.get(role),
    find: role => assigned.get(role) ?? weights.find(role),
    assign(role, value) {
      assigned.set(role, value);
      weights.assign(role, value);
    },
    inside: place => withLatest(weights.inside(place)),
  };
}
