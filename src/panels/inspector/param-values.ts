/** Values to begin with where a parameter had none. */
import type { Json, JsonObject } from '../../base/json';
import type { ParamForm } from '../../layers/params';

/** What a nullable parameter is when it is switched on. */
export function turnedOn(form: ParamForm): Json {
  switch (form.kind) {
    case 'int':
      return form.min ?? 1;
    case 'float':
      return form.min ?? 0;
    case 'numbers':
      return 1;
    case 'bool':
      return true;
    case 'ints':
      return Array.from({ length: form.length ?? 1 }, () => 1);
    case 'pairs':
      return Array.from({ length: form.length }, () => [0, 0]);
    case 'choice':
      return form.options[0] ?? null;
    case 'object':
      return form.classes[0] === undefined ? null : { class_name: form.classes[0], config: {} };
    case 'text':
      return '';
    case 'layer':
    case 'layers':
    case 'fixed':
      return null;
  }
}

/** The numbers that Keras 3 lets one set, with its defaults: https://keras.io/api/layers/ */
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  Constant: { value: 0 },
  RandomUniform: { minval: -0.05, maxval: 0.05 },
  RandomNormal: { mean: 0, stddev: 0.05 },
  TruncatedNormal: { mean: 0, stddev: 0.05 },
  VarianceScaling: { scale: 1 },
  Orthogonal: { gain: 1 },
  Identity: { gain: 1 },
  L1: { l1: 0.01 },
  L2: { l2: 0.01 },
  L1L2: { l1: 0.01, l2: 0.01 },
  MaxNorm: { max_value: 2, axis: 0 },
  MinMaxNorm: { min_value: 0, max_value: 1, rate: 1, axis: 0 },
  UnitNorm: { axis: 0 },
};

export function objectDefaults(className: string): JsonObject {
  return DEFAULTS[className] ?? {};
}
