/** What Keras can't be asked: its nested TimeDistributed refuses masks. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { must } from '../../../base/assert';
import { createRandom } from '../../../base/random';
import { parseConfig } from '../../../layers/config';
import { lookUpLayer } from '../../../layers/table';
import type { Config } from '../../../network/network';
import { type Shape, sizeOf } from '../../../network/shape';
import type { LayerWeights, Mask } from './implementation';
import { applyLayer } from './table';

/** Float sums in another order. */
const TOLERANCE = 1e-6;

function draw(shape: Shape, seed: number): tf.Tensor {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: sizeOf(shape as number[]) }, () => random.normal());
  return tf.tensor(values, shape as number[]);
}

/** The same for roles that end alike. */
function weightsFor(type: string, config: Config, input: Shape): LayerWeights {
  const entry = must(lookUpLayer(type), type);
  const specs = entry.weights(parseConfig(entry, config, lookUpLayer).config, [input], lookUpLayer);
  const byRole = new Map(specs.map(({ role, shape }) => [role, draw(shape, role.length)]));
  const at = (place: string): LayerWeights => ({
    get: role => must(byRole.get(place + role), place + role),
    find: role => byRole.get(place + role) ?? null,
    assign: () => {},
    inside: inner => at(`${place}${inner}/`),
  });
  return at('');
}

function apply(type: string, config: Config, x: tf.Tensor, weights: LayerWeights, mask: Mask = null) {
  const call = { inputs: [x], masks: [mask], training: true, weights, addPenalty: () => {} };
  return must(applyLayer({ type, config }, call).outputs[0], 'an output');
}

function largestGap(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
}

it('wraps a wrapper: each of two axes of steps by itself', () => {
  tf.tidy(() => {
    const dense = { class_name: 'Dense', config: { units: 3, activation: 'tanh' } };
    const inner = { class_name: 'TimeDistributed', config: { layer: dense } };
    const x = draw([2, 3, 4, 5], 1);
    const weights = weightsFor('TimeDistributed', { layer: inner }, x.shape);
    const wrapped = apply('TimeDistributed', { layer: inner }, x, weights);
    const alone = apply('Dense', dense.config, x, weights.inside('layer').inside('layer'));
    expect(largestGap(wrapped, alone)).toBeLessThan(TOLERANCE);
  });
});

it('hands the mask of what is in each step to the layer that reads it', () => {
  tf.tidy(() => {
    const gru = { class_name: 'GRU', config: { units: 2, return_sequences: true } };
    const both = { class_name: 'Bidirectional', config: { layer: gru } };
    const x = draw([2, 3, 4, 5], 2);
    const mask = tf.cast(tf.greater(draw([2, 3, 4], 3), -0.3), 'bool');
    const weights = weightsFor('TimeDistributed', { layer: both }, x.shape);
    const wrapped = apply('TimeDistributed', { layer: both }, x, weights, mask);
    const rows = tf.reshape(x, [6, 4, 5]);
    const alone = apply(
      'Bidirectional',
      both.config,
      rows,
      weights.inside('layer'),
      tf.reshape(mask, [6, 4]),
    );
    expect(largestGap(tf.reshape(wrapped, [6, 4, 4]), alone)).toBeLessThan(TOLERANCE);
    const unmasked = apply('Bidirectional', both.config, rows, weights.inside('layer'));
    expect(largestGap(alone, unmasked)).toBeGreaterThan(0.01);
  });
});
