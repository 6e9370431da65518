/** Optimisers by Keras' names: https://keras.io/api/optimizers/ */
import * as tf from '@tensorflow/tfjs';
import type { OptimizerSettings } from '../graph/training-settings';

/** Changes the variables by one step. Gradients stand in the variables' order: TensorFlow.js keeps its slots by position. */
export interface Optimizer {
  applyGradients(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[]): void;
  dispose(): void;
}

/** Keras' defaults: https://keras.io/api/optimizers/adam/ */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-7;
/** https://keras.io/api/optimizers/rmsprop/ */
const RHO = 0.9;

/** A new one for every run: slots belong to one set of variables. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  const stock = createStock(settings);
  return {
    applyGradients(variables, gradients) {
      if (settings.kind === 'adamw') decay(variables, settings.learningRate * (settings.weightDecay ?? 0));
      stock.applyGradients(
        variables.flatMap((variable, index) => {
          const tensor = gradients[index];
          return tensor === undefined ? [] : [{ name: variable.name, tensor }];
        }),
      );
    },
    dispose: () => stock.dispose(),
  };
}

function createStock(settings: OptimizerSettings): tf.Optimizer {
  switch (settings.kind) {
    case 'adam':
    case 'adamw':
      return tf.train.adam(settings.learningRate, BETA_1, BETA_2, EPSILON);
    case 'sgd':
      return settings.momentum === 0
        ? tf.train.sgd(settings.learningRate)
        : tf.train.momentum(settings.learningRate, settings.momentum);
    case 'rmsprop':
      return tf.train.rmsprop(settings.learningRate, RHO, 0, EPSILON);
    default:
      throw new Error(`${settings.kind} isn't computed yet.`);
  }
}

/** Decoupled weight decay (Loshchilov and Hutter, https://arxiv.org/abs/1711.05101), before the step as in Keras. */
function decay(variables: readonly tf.Variable[], rate: number): void {
  tf.tidy(() => {
    for (const variable of variables) variable.assign(tf.mul(variable, 1 - rate));
  });
}
