/**
 * How each optimiser turns a gradient into a change of its weight: Keras 3's `update_step` line by line, in its order of
 * operations (https://keras.io/api/optimizers/). Pure in the tensors: what holds the slots and disposes is `optimizers.ts`.
 */
import * as tf from '@tensorflow/tfjs';
import type { OptimizerKind, OptimizerSettings } from '../graph/training-settings';

/** A weight's slots by their names, each of the weight's shape. */
export type Slots = Readonly<Record<string, tf.Tensor>>;

export interface Rule {
  /** The value that each slot is filled with at first. */
  readonly slots: Readonly<Record<string, number>>;
  /** What is added to the weight, and the slots as they are then. `step` counts from 1. */
  update(gradient: tf.Tensor, slots: Slots, learningRate: number, step: number): Update;
}

interface Update {
  readonly change: tf.Tensor;
  readonly slots: Slots;
}

type Of<K extends OptimizerKind> = Extract<OptimizerSettings, { kind: K }>;
type Rules = { readonly [K in OptimizerKind]: (settings: Of<K>) => Rule };

/** Keras reckons powers and products of betas in 32 bits, where 1 - 0.999 is off by 1e-5: the same is done here. */
const f32 = Math.fround;
const power = (base: number, exponent: number) => f32(f32(base) ** exponent);

const scaled = (tensor: tf.Tensor, factor: number) => tf.mul(tensor, factor);
/** `mean` moved towards `value` by the part `1 - beta`. */
const follow = (mean: tf.Tensor, value: tf.Tensor, beta: number) =>
  tf.add(mean, scaled(tf.sub(value, mean), 1 - beta));
const blend = (old: tf.Tensor, value: tf.Tensor, rho: number) =>
  tf.add(scaled(old, rho), scaled(value, 1 - rho));
const slot = (slots: Slots, name: string): tf.Tensor => {
  const found = slots[name];
  if (found === undefined) throw new Error(`There is no slot '${name}'.`);
  return found;
};

const createAdam = ({ beta1, beta2, epsilon, amsgrad }: Of<'adam'> | Of<'adamw'>): Rule => ({
  slots: amsgrad ? { momentum: 0, velocity: 0, velocity_hat: 0 } : { momentum: 0, velocity: 0 },
  update(gradient, slots, learningRate, step) {
    const momentum = follow(slot(slots, 'momentum'), gradient, beta1);
    const velocity = follow(slot(slots, 'velocity'), tf.square(gradient), beta2);
    const alpha = (learningRate * Math.sqrt(1 - power(beta2, step))) / (1 - power(beta1, step));
    const largest = amsgrad ? tf.maximum(slot(slots, 'velocity_hat'), velocity) : velocity;
    const change = scaled(tf.div(momentum, tf.add(tf.sqrt(largest), epsilon)), -alpha);
    return {
      change,
      slots: amsgrad ? { momentum, velocity, velocity_hat: largest } : { momentum, velocity },
    };
  },
});

/** The factors of Nadam's momentum, which follow from the step alone: https://cs229.stanford.edu/proj2015/054_report.pdf */
function createMomentumSchedule(beta1: number) {
  const at = (step: number) => f32(f32(beta1) * f32(1 - f32(0.5 * power(0.96, step))));
  let product = 1;
  let done = 0;
  return {
    at,
    /** Of all factors up to that step. */
    productTo(step: number): number {
      if (step < done) [product, done] = [1, 0];
      for (; done < step; done++) product = f32(product * at(done + 1));
      return product;
    },
  };
}

const RULES: Rules = {
  sgd: ({ momentum, nesterov }) => ({
    slots: momentum === 0 ? {} : { momentum: 0 },
    update(gradient, slots, learningRate) {
      const step = scaled(gradient, -learningRate);
      if (momentum === 0) return { change: step, slots };
      const velocity = tf.add(scaled(slot(slots, 'momentum'), momentum), step);
      const change = nesterov ? tf.add(scaled(velocity, momentum), step) : velocity;
      return { change, slots: { momentum: velocity } };
    },
  }),
  rmsprop: ({ rho, momentum, epsilon, centered }) => ({
    slots: {
      velocity: 0,
      ...(momentum > 0 ? { momentum: 0 } : {}),
      ...(centered ? { average_gradient: 0 } : {}),
    },
    update(gradient, slots, learningRate) {
      const velocity = blend(slot(slots, 'velocity'), tf.square(gradient), rho);
      const mean = centered ? blend(slot(slots, 'average_gradient'), gradient, rho) : null;
      const spread = mean === null ? velocity : tf.sub(velocity, tf.square(mean));
      const step = tf.div(scaled(gradient, -learningRate), tf.sqrt(tf.add(spread, epsilon)));
      const moved = momentum > 0 ? tf.add(scaled(slot(slots, 'momentum'), momentum), step) : null;
      return {
        change: moved ?? step,
        slots: {
          velocity,
          ...(moved === null ? {} : { momentum: moved }),
          ...(mean === null ? {} : { average_gradient: mean }),
        },
      };
    },
  }),
  adam: createAdam,
  // Its weight decay is applied as every optimiser's is: before the step.
  adamw: createAdam,
  nadam({ beta1, beta2, epsilon }) {
    const schedule = createMomentumSchedule(beta1);
    return {
      slots: { momentum: 0, velocity: 0 },
      update(gradient, slots, learningRate, step) {
        const [now, next] = [schedule.at(step), schedule.at(step + 1)];
        const product = schedule.productTo(step);
        const momentum = follow(slot(slots, 'momentum'), gradient, f32(beta1));
        const velocity = follow(slot(slots, 'velocity'), tf.square(gradient), f32(beta2));
        const ahead = tf.add(
          scaled(momentum, next / (1 - f32(product * next))),
          scaled(gradient, (1 - now) / (1 - product)),
        );
        const spread = tf.sqrt(scaled(velocity, 1 / (1 - power(beta2, step))));
        const change = tf.div(scaled(ahead, -learningRate), tf.add(spread, epsilon));
        return { change, slots: { momentum, velocity } };
      },
    };
  },
  adagrad: ({ initialAccumulatorValue, epsilon }) => ({
    slots: { accumulator: initialAccumulatorValue },
    update(gradient, slots, learningRate) {
      const accumulator = tf.add(slot(slots, 'accumulator'), tf.square(gradient));
      const change = tf.div(scaled(gradient, -learningRate), tf.sqrt(tf.add(accumulator, epsilon)));
      return { change, slots: { accumulator } };
    },
  }),
  adadelta: ({ rho, epsilon }) => ({
    slots: { accumulated_grad: 0, accumulated_delta_var: 0 },
    update(gradient, slots, learningRate) {
      const rms = (tensor: tf.Tensor) => tf.sqrt(tf.add(tensor, epsilon));
      const before = slot(slots, 'accumulated_delta_var');
      const squares = blend(slot(slots, 'accumulated_grad'), tf.square(gradient), rho);
      const delta = tf.neg(tf.div(tf.mul(rms(before), gradient), rms(squares)));
      return {
        change: scaled(delta, learningRate),
        slots: {
          accumulated_grad: squares,
          accumulated_delta_var: blend(before, tf.square(delta), rho),
        },
      };
    },
  }),
  adamax: ({ beta1, beta2, epsilon }) => ({
    slots: { momentum: 0, norm: 0 },
    update(gradient, slots, learningRate, step) {
      const momentum = follow(slot(slots, 'momentum'), gradient, beta1);
      const norm = tf.maximum(scaled(slot(slots, 'norm'), beta2), tf.abs(gradient));
      const rate = learningRate / (1 - power(beta1, step));
      return {
        change: tf.div(scaled(momentum, -rate), tf.add(norm, epsilon)),
        slots: { momentum, norm },
      };
    },
  }),
  lion: ({ beta1, beta2 }) => ({
    slots: { momentum: 0 },
    update(gradient, slots, learningRate) {
      const before = slot(slots, 'momentum');
      return {
        change: scaled(tf.sign(blend(before, gradient, f32(beta1))), -learningRate),
        slots: { momentum: blend(before, gradient, f32(beta2)) },
      };
    },
  }),
};

export function createRule<K extends OptimizerKind>(settings: Of<K>): Rule {
  // TypeScript doesn't follow that the kind picks the rule of these very settings.
  const create = RULES[settings.kind] as (settings: Of<K>) => Rule;
  return create(settings);
}
