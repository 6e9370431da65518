/** What the attention layers share: they compare each step of a query with each step of a sequence of values. */
import type { Shape } from '../network/shape';
import type { ShapeProblem, WeightSpec } from './layer-type';
import * as p from './params';
import { resolveAxis } from './shape-rules';
import {
  activityRegularizer,
  constraints,
  initializers,
  regularizers,
  useBias,
  weight,
} from './weight-rules';

export const attentionDropout = {
  dropout: p.float(0, {
    min: 0,
    advanced: true,
    help: 'The share of the attention that is set to 0 at random in training.',
  }),
};

/** Arguments of Keras' calls. */
export const callOptions = {
  use_causal_mask: p.bool(false, {
    inCall: true,
    help: 'Lets no step see later ones, as when the next word is to be predicted.',
  }),
  return_attention_scores: p.bool(false, {
    inCall: true,
    advanced: true,
    help: 'Also returns how much each step looks at each other.',
  }),
};

export const slidingWindow = {
  sliding_window: p.nullable(
    p.int(8, {
      min: 1,
      advanced: true,
      help: 'How far a step sees: 1 is itself alone, 2 its neighbours too.',
    }),
  ),
};

export const useGate = {
  use_gate: p.bool(false, { advanced: true, help: 'Weighs each result by a gate that it learns.' }),
};

export const flashAttention = {
  flash_attention: p.nullable(
    p.bool(false, { advanced: true, help: 'How Keras computes it; it doesn’t change the result.' }),
  ),
};

export const projectionParams = {
  ...initializers({ kernel: 'GlorotUniform', bias: 'Zeros' }),
  ...regularizers(['kernel', 'bias']),
  ...activityRegularizer,
  ...constraints(['kernel', 'bias']),
};

export { useBias };

export function checkDropout({ dropout }: { readonly dropout: number }): string | null {
  return dropout >= 1 ? `dropout must be below 1, not ${dropout}.` : null;
}

/** Where the shapes of query, value and key don't go together; null: they do. */
export function checkSteps(
  type: string,
  value: Shape,
  key: Shape,
): { readonly problem: ShapeProblem } | null {
  const odd = value
    .slice(0, -1)
    .some((size, axis) => size !== null && (key[axis] ?? null) !== null && key[axis] !== size);
  if (!odd && key.length === value.length) return null;
  const wanted = [...value.slice(0, -1), key.at(-1) ?? null];
  const message = `${type} needs a key for each value: their sizes must be equal, but for the last.`;
  return { problem: { kind: 'sizes-differ', input: 2, wanted, message } };
}

interface ProjectionConfig {
  readonly use_bias: boolean;
  readonly kernel_initializer: p.KerasObject;
  readonly bias_initializer: p.KerasObject;
}

/** The kernel of a Dense layer from axes of these sizes to axes of those, and its bias. */
export function projection(
  place: string,
  config: ProjectionConfig,
  from: readonly (number | null)[],
  to: readonly (number | null)[],
): readonly WeightSpec[] {
  const axes = (length: number, start = 0) => Array.from({ length }, (_, i) => start + i);
  const { class_name, config: options } = config.kernel_initializer;
  const kernel = {
    class_name,
    config: { ...options, input_axes: axes(from.length), output_axes: axes(to.length, from.length) },
  };
  return [
    weight(`${place}/kernel`, [...from, ...to], kernel),
    ...(config.use_bias ? [weight(`${place}/bias`, to, config.bias_initializer)] : []),
  ];
}

/** Keras counts negative axes from the last, which holds the values. null: there is no such axis. */
export function attentionAxes(given: readonly number[] | null, rank: number): readonly number[] | null {
  const axes =
    given?.map(axis => resolveAxis(axis, rank)) ?? Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const found = axes.flatMap(axis => (axis !== null && axis > 0 && axis < rank - 1 ? [axis] : []));
  return found.length === axes.length && found.length > 0 && new Set(found).size === found.length
    ? found
    : null;
}
