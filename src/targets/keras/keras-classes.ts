/**
 * Keras' classes beside its layers as calls of their constructors: `keras.optimizers.Adam(learning_rate=0.001)`. Which there are
 * and what they take is known to `formats/keras-write/keras-classes.ts`.
 */
import type { Json } from '../../base/json';
import type { KerasClass } from '../../formats/keras-write/keras-classes';
import { snakeCase } from '../../formats/keras-write/snake-case';
import type { Piece } from '../code/layout';
import { toPython } from './python';

/** `keras.optimizers.Adam(learning_rate=0.001)`. `items`: further arguments, as code. */
export function writeConstructor(
  { module, name }: KerasClass,
  given: Readonly<Record<string, Json>>,
  items: readonly Piece[] = [],
): Piece {
  const written = Object.entries(given).map(([argument, value]) => `${argument}=${toPython(value)}`);
  return { open: `keras.${module}.${name}(`, items: [...items, ...written], close: ')' };
}

/** `labelSmoothing` is `label_smoothing`, `beta1` is `beta_1`. */
function argumentName(option: string): string {
  return snakeCase(option).replace(/(?<=[a-z])(?=\d)/, '_');
}

/** Settings of the project document as Keras' arguments. */
export function argumentsOf({ kind: _, ...options }: { readonly kind: string }): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [argumentName(name), value as Json]),
  );
}
