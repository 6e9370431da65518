/**
 * Keras' classes beside its layers: initializers, optimizers, losses and so on, as calls of their constructors. Names and
 * defaults are Keras' own, in `keras-facts.json`, which `scripts/keras/code.py` makes and checks.
 */
import { type Json, jsonEquals } from '../../base/json';
import type { Piece } from '../code/layout';
import facts from './keras-facts.json';
import { toPython } from './python';
import { snakeCase } from './snake-case';

export type Module = 'initializers' | 'regularizers' | 'constraints' | 'optimizers' | 'losses' | 'metrics';

export interface KerasClass {
  readonly module: Module;
  /** As strings and configs say it: `he_normal`. */
  readonly key: string;
  /** `HeNormal` */
  readonly name: string;
  /** By argument, in order; null also where there is no default. */
  readonly defaults: Readonly<Record<string, Json>>;
}

type Facts = Readonly<Record<string, Omit<KerasClass, 'module' | 'key'>>>;

/** By its key, as in `keras.optimizers.get`. */
export function findByKey(module: Module, key: string): KerasClass | null {
  const classes: Facts = facts[module];
  const found = Object.hasOwn(classes, key) ? classes[key] : undefined;
  return found === undefined ? null : { module, key, ...found };
}

/** By its name, in one of these modules. */
export function findByName(name: string, modules: readonly Module[]): KerasClass | null {
  for (const module of modules) {
    const classes: Facts = facts[module];
    for (const [key, found] of Object.entries(classes)) {
      if (found.name === name) return { module, key, ...found };
    }
  }
  return null;
}

/** Of what is given only what the class takes, so that nothing that a file says becomes code, and what isn't its default. */
export function tellingArguments({ defaults }: KerasClass, given: Readonly<Record<string, Json>>) {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) =>
        Object.hasOwn(defaults, name) &&
        !jsonEquals(value, defaults[name]) &&
        // Keras may write a seed with all that its generator holds.
        (name !== 'seed' || typeof value === 'number'),
    ),
  );
}

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
