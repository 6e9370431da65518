/** Limits on weights after each step: https://keras.io/api/layers/constraints/, by Keras' formulas. */
import * as tf from '@tensorflow/tfjs';
import { isJsonObject, type Json, type JsonObject } from '../../base/json';

/** Keras' backend epsilon. */
const EPSILON = 1e-7;

/** The weight brought to its constraint; null: there is none to apply. */
export function constraintOf(constraint: Json | undefined): ((weight: tf.Tensor) => tf.Tensor) | null {
  if (!isJsonObject(constraint)) return null;
  const config = isJsonObject(constraint.config) ? constraint.config : {};
  const axis = axesOf(config);
  switch (constraint.class_name) {
    case 'NonNeg':
      return weight => tf.relu(weight);
    case 'UnitNorm':
      return weight => tf.div(weight, tf.add(EPSILON, normOf(weight, axis)));
    case 'MaxNorm': {
      const max = numberOf(config.max_value, 2);
      return weight => scaleTo(weight, axis, norm => tf.clipByValue(norm, 0, max));
    }
    case 'MinMaxNorm': {
      const [min, max] = [numberOf(config.min_value, 0), numberOf(config.max_value, 1)];
      const rate = numberOf(config.rate, 1);
      return weight =>
        scaleTo(weight, axis, norm =>
          tf.add(tf.mul(rate, tf.clipByValue(norm, min, max)), tf.mul(1 - rate, norm)),
        );
    }
    default:
      return null;
  }
}

function scaleTo(weight: tf.Tensor, axis: number[], wanted: (norm: tf.Tensor) => tf.Tensor): tf.Tensor {
  const norm = normOf(weight, axis);
  return tf.mul(weight, tf.div(wanted(norm), tf.add(EPSILON, norm)));
}

function normOf(weight: tf.Tensor, axis: number[]): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(weight), axis, true));
}

function axesOf({ axis }: JsonObject): number[] {
  if (Array.isArray(axis)) return axis.filter(item => typeof item === 'number');
  return [numberOf(axis, 0)];
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
