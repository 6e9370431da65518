/** The operations that compute each value from the values in its place (https://keras.io/api/ops/). */
import * as tf from '@tensorflow/tfjs';
import * as arithmetic from '../../../layers/defs/operations-arithmetic';
import * as functions from '../../../layers/defs/operations-functions';
import type { LayerType } from '../../../layers/layer-type';
import type { Operands } from '../../../layers/operation-rules';
import type { Activation, Numbers, ParamSpecs } from '../../../layers/params';
import { activate, gelu, leakyRelu, logSoftmaxAlong, scaledElu, softmaxAlong } from './activations';
import { implement } from './implementation';
import { maximum, minimum } from './stretch';

type Merge = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

function implementArithmetic(type: typeof arithmetic.opsAdd, merge: Merge) {
  return implement(type, ({ config, inputs }) => {
    const [a, b] = operandsOf(config, inputs);
    return merge(a, b);
  });
}

/** Whole numbers among the inputs count as floats, as they do beside floats in Keras. */
function operandsOf({ x1, x2 }: Operands, inputs: readonly tf.Tensor[]): readonly [tf.Tensor, tf.Tensor] {
  const waiting = [...inputs];
  const next = (constant: Numbers | null): tf.Tensor => {
    const tensor = constant === null ? waiting.shift() : tf.tensor(constant as tf.TensorLike);
    if (tensor === undefined) throw new Error('An operation was called on too few tensors.');
    return tf.cast(tensor, 'float32');
  };
  return [next(x1), next(x2)];
}

export const opsAdd = implementArithmetic(arithmetic.opsAdd, (a, b) => tf.add(a, b));
export const opsSubtract = implementArithmetic(arithmetic.opsSubtract, (a, b) => tf.sub(a, b));
export const opsMultiply = implementArithmetic(arithmetic.opsMultiply, (a, b) => tf.mul(a, b));
export const opsDivide = implementArithmetic(arithmetic.opsDivide, (a, b) => tf.div(a, b));
export const opsTrueDivide = implementArithmetic(arithmetic.opsTrueDivide, (a, b) => tf.div(a, b));
export const opsMaximum = implementArithmetic(arithmetic.opsMaximum, maximum);
export const opsMinimum = implementArithmetic(arithmetic.opsMinimum, minimum);
export const opsPower = implement(arithmetic.opsPower, ({ config, inputs }) => {
  const [base, exponent] = operandsOf(config, inputs);
  return config.x2 === 2 ? tf.square(base) : tf.pow(base, exponent);
});

function implementFunction<P extends ParamSpecs>(type: LayerType<P>, compute: (x: tf.Tensor) => tf.Tensor) {
  return implement(type, ({ x }) => compute(tf.cast(x, 'float32')));
}

function implementActivation<P extends ParamSpecs>(type: LayerType<P>, name: Activation) {
  return implementFunction(type, x => activate(name, x));
}

export const opsAbsolute = implementFunction(functions.opsAbsolute, x => tf.abs(x));
export const opsCos = implementFunction(functions.opsCos, x => tf.cos(x));
export const opsErf = implementFunction(functions.opsErf, x => tf.erf(x));
export const opsExp = implementFunction(functions.opsExp, x => tf.exp(x));
export const opsExpm1 = implementFunction(functions.opsExpm1, x => tf.expm1(x));
export const opsLog = implementFunction(functions.opsLog, x => tf.log(x));
export const opsLog1p = implementFunction(functions.opsLog1p, x => tf.log1p(x));
export const opsNegative = implementFunction(functions.opsNegative, x => tf.neg(x));
export const opsReciprocal = implementFunction(functions.opsReciprocal, x => tf.reciprocal(x));
export const opsRsqrt = implementFunction(functions.opsRsqrt, x => tf.rsqrt(x));
export const opsSign = implementFunction(functions.opsSign, x => tf.sign(x));
export const opsSin = implementFunction(functions.opsSin, x => tf.sin(x));
export const opsSqrt = implementFunction(functions.opsSqrt, x => tf.sqrt(x));
export const opsSquare = implementFunction(functions.opsSquare, x => tf.square(x));

export const opsHardSigmoid = implementActivation(functions.opsHardSigmoid, 'hard_sigmoid');
export const opsHardSilu = implementActivation(functions.opsHardSilu, 'hard_silu');
export const opsHardTanh = implementActivation(functions.opsHardTanh, 'hard_tanh');
export const opsLogSigmoid = implementActivation(functions.opsLogSigmoid, 'log_sigmoid');
export const opsRelu = implementActivation(functions.opsRelu, 'relu');
export const opsRelu6 = implementActivation(functions.opsRelu6, 'relu6');
export const opsSelu = implementActivation(functions.opsSelu, 'selu');
export const opsSigmoid = implementActivation(functions.opsSigmoid, 'sigmoid');
export const opsSilu = implementActivation(functions.opsSilu, 'silu');
export const opsSoftplus = implementActivation(functions.opsSoftplus, 'softplus');
export const opsSoftsign = implementActivation(functions.opsSoftsign, 'softsign');
export const opsSparsePlus = implementActivation(functions.opsSparsePlus, 'sparse_plus');
export const opsSparseSigmoid = implementActivation(functions.opsSparseSigmoid, 'sparse_sigmoid');
export const opsTanh = implementActivation(functions.opsTanh, 'tanh');
export const opsTanhShrink = implementActivation(functions.opsTanhShrink, 'tanh_shrink');

export const opsLeakyRelu = implement(functions.opsLeakyRelu, ({ config, x }) =>
  leakyRelu(x, config.negative_slope),
);

export const opsElu = implement(functions.opsElu, ({ config, x }) => scaledElu(x, config.alpha));

/** max(0, x) + alpha · (e^(min(0, x) / alpha) - 1). */
export const opsCelu = implement(functions.opsCelu, ({ config, x }) =>
  tf.mul(
    config.alpha,
    tf.add(tf.relu(tf.div(x, config.alpha)), tf.elu(tf.neg(tf.relu(tf.div(x, -config.alpha))))),
  ),
);

export const opsGelu = implement(functions.opsGelu, ({ config, x }) => gelu(x, config.approximate));

export const opsHardShrink = implement(functions.opsHardShrink, ({ config, x }) =>
  tf.mul(x, tf.step(tf.sub(tf.abs(x), config.threshold))),
);

export const opsSoftShrink = implement(functions.opsSoftShrink, ({ config, x }) =>
  tf.sub(tf.relu(tf.sub(x, config.threshold)), tf.relu(tf.sub(-config.threshold, x))),
);

export const opsSquareplus = implement(functions.opsSquareplus, ({ config, x }) =>
  tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), config.b))), 2),
);

export const opsThreshold = implement(functions.opsThreshold, ({ config, x }) => {
  const above = tf.step(tf.sub(x, config.threshold));
  return tf.add(tf.mul(x, above), tf.mul(config.default_value, tf.sub(1, above)));
});

export const opsClip = implement(functions.opsClip, ({ config, x }) =>
  tf.clipByValue(x, config.x_min, config.x_max),
);

export const opsCast = implement(functions.opsCast, ({ config, x }) => tf.cast(x, config.dtype));

export const opsSoftmax = implement(functions.opsSoftmax, ({ config, x }) =>
  softmaxAlong(x, [config.axis < 0 ? config.axis + x.rank : config.axis]),
);

export const opsLogSoftmax = implement(functions.opsLogSoftmax, ({ config, x }) =>
  logSoftmaxAlong(x, [config.axis < 0 ? config.axis + x.rank : config.axis]),
);
