/** What the layer types that hold weights share: the parameters that govern a weight, and the weight's spec. */
import type { Dim } from '../network/shape';
import type { WeightSpec } from './layer-type';
import * as p from './params';

/** A weight as Keras' parameters call it (`recurrent_initializer` governs the weight `recurrent_kernel`), in words. */
const WORDS = {
  kernel: 'the kernel',
  recurrent: 'the recurrent kernel',
  depthwise: 'the depthwise kernel',
  pointwise: 'the pointwise kernel',
  bias: 'the bias',
  embeddings: 'the table of vectors',
  alpha: 'the slopes',
  beta: 'the offset',
  gamma: 'the scale',
  moving_mean: 'the running mean',
  moving_variance: 'the running variance',
} as const;
type Stem = keyof typeof WORDS;

/** A row of numbers has no matrix form: Keras and TensorFlow.js refuse these for it. */
const MATRIX_ONLY: readonly string[] = ['Orthogonal', 'Identity'];
const NOT_MATRICES: readonly Stem[] = ['bias', 'alpha', 'beta', 'gamma', 'moving_mean', 'moving_variance'];

type Keyed<S extends string, E extends string, T> = { readonly [K in S as `${K}_${E}`]: T };

/** `<stem>_initializer` for each stem. `excluded`: classes that don't fit the shape of the kernels. */
export function initializers<S extends Stem>(
  starts: Readonly<Record<S, (typeof p.INITIALIZERS)[number]>>,
  excluded: readonly string[] = [],
): Keyed<S, 'initializer', p.ParamSpec<p.KerasObject>> {
  return keyed(Object.keys(starts) as S[], 'initializer', stem => {
    const spec = p.initializer(starts[stem], { help: `How ${WORDS[stem]} starts.` });
    return withoutClasses(spec, NOT_MATRICES.includes(stem) ? MATRIX_ONLY : excluded);
  });
}

export function regularizers<S extends Stem>(
  stems: readonly S[],
): Keyed<S, 'regularizer', p.ParamSpec<p.KerasObject | null>> {
  return keyed(stems, 'regularizer', stem =>
    p.regularizer({ help: `A penalty on ${WORDS[stem]}, added to the loss.` }),
  );
}

/**
 * A penalty on what the layer returns (https://keras.io/api/layers/regularizers/). Keras lists it after the regularizers of the
 * weights; whoever runs a layer adds the penalty, so that no implementation has to.
 */
export const activityRegularizer = {
  // Stock TensorFlow.js refuses to run a layer that has one.
  activity_regularizer: p.regularizer({
    help: 'A penalty on what comes out, added to the loss.',
    tfjsValues: [null],
  }),
};

export function constraints<S extends Stem>(
  stems: readonly S[],
): Keyed<S, 'constraint', p.ParamSpec<p.KerasObject | null>> {
  return keyed(stems, 'constraint', stem =>
    p.constraint({ help: `Keeps ${WORDS[stem]} within limits after each step.` }),
  );
}

function keyed<S extends string, E extends string, T>(stems: readonly S[], ending: E, make: (stem: S) => T) {
  // Object.fromEntries can't tell the type checker which keys it made.
  return Object.fromEntries(stems.map(stem => [`${stem}_${ending}`, make(stem)])) as Keyed<S, E, T>;
}

function withoutClasses(
  spec: p.ParamSpec<p.KerasObject>,
  excluded: readonly string[],
): p.ParamSpec<p.KerasObject> {
  return {
    ...spec,
    form: { kind: 'object', classes: p.INITIALIZERS.filter(name => !excluded.includes(name)) },
    parse(given) {
      const parsed = spec.parse(given);
      return 'value' in parsed && excluded.includes(parsed.value.class_name)
        ? { problem: `can't be ${parsed.value.class_name}, which needs a matrix` }
        : parsed;
    },
  };
}

export const useBias = p.bool(true, { help: 'Adds a trainable value to each output.', advanced: true });

/** Whether a normalization has its two trainable weights. */
export const centerAndScale = {
  center: p.bool(true, { help: 'Adds a trainable offset.', advanced: true }),
  scale: p.bool(true, { help: 'Multiplies with a trainable scale.', advanced: true }),
};

/** Unknown sizes count as 0 here: `outputShapes` has refused them before anyone makes the weight. */
export function weight(
  role: string,
  shape: readonly Dim[],
  initializer: p.KerasObject,
  trainable = true,
): WeightSpec {
  return { role, shape: shape.map(dim => dim ?? 0), trainable, initializer };
}
