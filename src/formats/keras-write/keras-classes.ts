/**
 * Keras' classes beside its layers: initializers, optimizers, losses and so on. Names and defaults are Keras' own, in
 * `keras-facts.json`, which `scripts/keras/code.py` makes and checks. It knows neither files nor Python.
 */
import { type Json, jsonEquals } from '../../base/json';
import facts from './keras-facts.json';

export type Module = 'initializers' | 'regularizers' | 'constraints' | 'optimizers' | 'losses' | 'metrics';

/** The modules whose objects stand in the configs of layers. */
export const LAYER_OBJECTS = ['initializers', 'regularizers', 'constraints'] as const;

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
