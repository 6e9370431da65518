/**
 * The one source of what layers draw in training: dropout, noise, augmentation. TensorFlow.js draws all of it from
 * `Math.random`, on every backend, so that is what is replaced, and only while a step is being built.
 */
import type { Random } from '../base/random';

/** `build` is synchronous, so nothing else can draw from `random` meanwhile. */
export function drawFrom<T>(random: Random, build: () => T): T {
  const original = Math.random;
  Math.random = random.uniform;
  try {
    return build();
  } finally {
    Math.random = original;
  }
}
