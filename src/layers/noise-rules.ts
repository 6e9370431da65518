/** What the layers share that act at random in training and do nothing else. */
import * as p from './params';
import { seed as nullableSeed } from './recurrent-rules';

/** TensorFlow.js and Keras would drop everything at 1, each in its own way. */
export function checkRate(config: { readonly rate: number }): string | null {
  return config.rate >= 1 ? `rate must be below 1, not ${config.rate}.` : null;
}

export function rate(help: string) {
  return p.float(0.5, { min: 0, required: true, help });
}

export const seed = nullableSeed;
