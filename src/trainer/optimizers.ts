/**
 * Optimisers as Keras 3 means them (https://keras.io/api/optimizers/), in place of TensorFlow.js' own, of which 4.22 has five
 * of nine, two of them wrong (Adadelta uses the accumulator of the step before; centred RMSprop gives NaN), none with weight
 * decay. Slots belong to weights by name, not by position. Clipping and schedules are the caller's.
 */
import * as tf from '@tensorflow/tfjs';
import type { OptimizerKind, OptimizerSettings } from '../graph/training-settings';
import { createRule, type Slots } from './optimizer-rules';

/** A weight by a name that stays the same from one live model to the next: TensorFlow.js' own names don't. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

export interface Optimizer {
  /** Moves the weights by one step. `gradients` stand in their order and have their shapes. */
  applyGradients(
    variables: readonly NamedVariable[],
    gradients: readonly tf.Tensor[],
    learningRate: number,
  ): void;
  /** All that it needs to go on elsewhere with the very steps that it would have made. */
  save(): Promise<SavedOptimizer>;
  /** Goes on from there. @throws Error if that was saved by another kind of optimiser. */
  restore(saved: SavedOptimizer): void;
  dispose(): void;
}

export interface SavedOptimizer {
  readonly kind: OptimizerKind;
  /** The steps that were made. */
  readonly steps: number;
  /** The name of a weight to its slots, by their names in Keras. */
  readonly slots: Readonly<Record<string, Readonly<Record<string, SavedSlot>>>>;
}

interface SavedSlot {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A new one for every phase, as every `compile` of Keras makes one. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  const rule = createRule(settings);
  const kept = new Map<string, Record<string, tf.Variable>>();
  let steps = 0;

  const slotsOf = ({ name, variable }: NamedVariable): Record<string, tf.Variable> => {
    const own = kept.get(name);
    if (own !== undefined) return own;
    const fresh: Record<string, tf.Variable> = {};
    for (const [slot, value] of Object.entries(rule.slots)) {
      fresh[slot] = tf.variable(tf.fill(variable.shape, value), false);
    }
    kept.set(name, fresh);
    return fresh;
  };

  const dispose = () => {
    for (const slots of kept.values()) tf.dispose(slots);
    kept.clear();
  };

  return {
    applyGradients(variables, gradients, learningRate) {
      steps += 1;
      tf.tidy(() => {
        for (const [index, named] of variables.entries()) {
          const gradient = gradients[index];
          if (gradient === undefined) throw new Error(`${named.name} has no gradient.`);
          const slots = slotsOf(named);
          const { change, slots: next } = rule.update(gradient, slots, learningRate, steps);
          assign(slots, next);
          named.variable.assign(tf.add(decay(named.variable, settings.weightDecay, learningRate), change));
        }
      });
    },
    async save() {
      const slots: Record<string, Record<string, SavedSlot>> = {};
      for (const [name, own] of kept) {
        const saved: Record<string, SavedSlot> = {};
        for (const [slot, variable] of Object.entries(own)) {
          saved[slot] = { shape: variable.shape, values: Float32Array.from(await variable.data()) };
        }
        slots[name] = saved;
      }
      return { kind: settings.kind, steps, slots };
    },
    restore(saved) {
      if (saved.kind !== settings.kind) throw new Error(`${saved.kind} can't go on as ${settings.kind}.`);
      dispose();
      steps = saved.steps;
      for (const [name, own] of Object.entries(saved.slots)) {
        const slots: Record<string, tf.Variable> = {};
        for (const [slot, { shape, values }] of Object.entries(own)) {
          slots[slot] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), false));
        }
        kept.set(name, slots);
      }
    },
    dispose,
  };
}

function assign(slots: Readonly<Record<string, tf.Variable>>, next: Slots): void {
  for (const [slot, variable] of Object.entries(slots)) {
    const value = next[slot];
    if (value !== undefined) variable.assign(value);
  }
}

/** Decoupled from the gradient and before the step, for every optimiser alike, as in Keras: https://arxiv.org/abs/1711.05101 */
function decay(variable: tf.Variable, weightDecay: number | null, learningRate: number): tf.Tensor {
  if (weightDecay === null || weightDecay === 0) return variable;
  return tf.sub(variable, tf.mul(variable, weightDecay * learningRate));
}
