"""The models that versions.py has each version of Keras write: small, and of the kinds that people bring. Runs under Keras 2.13 and
newer; where the versions differ in how something is said, both ways stand here.

`MODELS` is by name: how to build it and what is to be expected of whoever reads its file.
"""

from dataclasses import dataclass, field
from typing import Callable

import keras
import numpy as np
from keras import layers, regularizers

VERSION = tuple(int(part) for part in keras.__version__.split(".")[:3])
IS_KERAS_3 = VERSION >= (3,)
BACKEND = keras.backend.backend()
# Until 3.13 an array of NumPy carries no mask: what masks do is then asked on another backend.
HAS_MASKS = BACKEND != "numpy" or VERSION >= (3, 15)
# What takes long and is the same in all versions that write the same format.
LARGE = VERSION[:2] in ((2, 15), (3, 15))

# Single precision: two programs that sum in another order.
EXACT = 1e-5
# Keras computes with 11 significant bits, Graft with 24.
HALF = 5e-3
# Keras computes with 8 significant bits.
BRAIN = 5e-2


@dataclass(frozen=True)
class Expected:
    build: Callable
    # 'predicts', 'placeholder' (read, with a layer that isn't computed) or 'refused'.
    expected: str = "predicts"
    tolerance: float = EXACT
    # Whole numbers below this are its inputs.
    tokens: int | None = None
    # Formats that this model is written in; None: all that the version has.
    ways: tuple | None = None
    # A word that the report must have.
    says: str | None = None
    when: bool = True
    # Builds what computes the same, where the model itself can't be run everywhere: it loads the weights of the HDF5 file.
    twin: Callable | None = None
    # Calls after the weights have been filled.
    finish: Callable | None = None
    notes: str = field(default="")


MODELS: dict[str, Expected] = {}


def model(shows, **options):
    def add(build):
        MODELS[build.__name__.replace("_", "-")] = Expected(build, notes=shows, **options)
        return build

    return add


def leaky(slope):
    return layers.LeakyReLU(**{"negative_slope" if IS_KERAS_3 else "alpha": slope})


def set_policy(name):
    keras.mixed_precision.set_global_policy(name)


# ---- Sequential, training, freezing ---------------------------------------------------------------------------------


@model("Sequential; trained one step with Adam, so the file holds the optimizer and metrics")
def mlp():
    net = keras.Sequential(
        [keras.Input((6,)), layers.Dense(8, activation="relu"), layers.Dropout(0.3), layers.Dense(3, activation="softmax")]
    )
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    if BACKEND == "numpy":
        # It can't train; the state of the optimizer is what matters here.
        net.optimizer.build(net.trainable_variables)
    else:
        net.fit(np.ones((4, 6)), np.zeros(4), verbose=0)
    return net


@model("regularisers, constraints, initialisers; a layer and a normalisation that are frozen")
def options():
    x = keras.Input((5,))
    y = layers.Dense(
        6,
        kernel_regularizer=regularizers.L1L2(1e-4, 1e-3),
        bias_regularizer=regularizers.L2(0.01),
        activity_regularizer=regularizers.L1(0.01),
        kernel_initializer=keras.initializers.HeNormal(seed=3),
        kernel_constraint=keras.constraints.MaxNorm(2, axis=0),
        bias_constraint=keras.constraints.NonNeg(),
    )(x)
    y = layers.BatchNormalization(trainable=False)(y)
    y = layers.Dense(4, trainable=False, kernel_initializer=keras.initializers.Orthogonal(0.5), use_bias=False)(y)
    y = layers.BatchNormalization(center=False)(y)
    y = layers.BatchNormalization(scale=False)(y)
    return keras.Model(x, layers.Dense(2)(y))


@model("hard_sigmoid is another function in Keras 2 than in Keras 3")
def hard_sigmoid():
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, activation="hard_sigmoid"), layers.Activation("hard_sigmoid"), layers.Dense(2)]
    )


@model("activations by name, as functions and as layers")
def activations():
    x = keras.Input((6,))
    y = layers.Dense(6, activation=leaky(0.2))(x)
    y = layers.ReLU(max_value=3.0, negative_slope=0.1, threshold=0.2)(layers.Dense(6, activation="swish")(y))
    y = layers.ELU(alpha=0.7)(layers.Dense(6, activation=keras.activations.gelu)(y))
    y = layers.PReLU()(layers.Dense(6, activation="softsign")(y))
    y = layers.Dense(6, activation="selu")(leaky(0.3)(y))
    y = layers.Dense(6, activation="exponential")(layers.Dense(6, activation="softplus")(y))
    return keras.Model(x, layers.Softmax()(layers.Dense(4, activation="tanh")(y)))


@model("names beyond ASCII and, in Keras 3, with spaces; in Keras 2, where TensorFlow allows it, with slashes")
def odd_names():
    x = keras.Input((4,), name="Größe")
    y = layers.Dense(4, activation="relu", name="层 1" if IS_KERAS_3 else "block/one")(x)
    return keras.Model(x, layers.Dense(2, name="the last one" if IS_KERAS_3 else "block/two-a.b")(y), name="modèle")


def put_nan(net):
    kernel, bias = net.layers[-1].get_weights()
    bias[1] = np.nan
    net.layers[-1].set_weights([kernel, bias])


@model("a weight that is not a number", says="NaN", finish=put_nan)
def not_a_number():
    return keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(2)])


# ---- pictures -------------------------------------------------------------------------------------------------------


@model("convolutions of all kinds, normalisation, padding, pooling")
def cnn():
    x = keras.Input((8, 8, 3))
    y = layers.Conv2D(4, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9)(y)
    y = layers.ReLU(max_value=6)(y)
    y = layers.ZeroPadding2D(((1, 0), (0, 1)))(y)
    y = layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu")(y)
    y = layers.SeparableConv2D(5, 3, padding="same", depth_multiplier=2)(y)
    y = layers.MaxPooling2D()(y)
    y = layers.Conv2DTranspose(3, 2, strides=2, output_padding=None)(y)
    y = layers.UpSampling2D(2, interpolation="bilinear")(y)
    y = layers.AveragePooling2D(3, strides=2, padding="same")(y)
    y = layers.Cropping2D(1)(y)
    y = layers.Conv2D(4, 3, dilation_rate=2, groups=1, padding="same")(y)
    return keras.Model(x, layers.Dense(3)(layers.GlobalAveragePooling2D(keepdims=True)(y)))


@model(
    "as the networks for pictures begin: rescaling, resizing, random flips, a normalisation that was adapted",
    # Before 3.6 the augmenting layers can be saved by nobody.
    when=not (3,) <= VERSION < (3, 6),
)
def preprocessing():
    norm = layers.Normalization(axis=-1)
    norm.adapt(np.random.default_rng(5).normal(2, 3, (16, 6, 6, 3)).astype("float32"))
    x = keras.Input((4, 4, 3))
    y = layers.Rescaling(1 / 127.5, offset=-1)(layers.Resizing(6, 6)(x))
    y = norm(layers.RandomRotation(0.1)(layers.RandomFlip("horizontal")(y)))
    y = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0])(y)
    return keras.Model(x, layers.Dense(2)(layers.Flatten()(layers.Conv2D(2, 3)(y))))


@model("sequences: convolutions in one dimension, causal ones too")
def sequences():
    x = keras.Input((9, 3))
    y = layers.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu")(x)
    y = layers.SeparableConv1D(4, 3, padding="same")(y)
    y = layers.Conv1DTranspose(3, 3, strides=2)(layers.MaxPooling1D(2)(y))
    y = layers.BatchNormalization()(layers.SpatialDropout1D(0.2)(y))
    return keras.Model(x, layers.Concatenate()([layers.GlobalMaxPooling1D()(y), layers.GlobalAveragePooling1D()(y)]))


# ---- recurrent ------------------------------------------------------------------------------------------------------


@model("LSTM, GRU of both kinds and SimpleRNN, one upon the other")
def recurrent():
    x = keras.Input((5, 3))
    y = layers.LSTM(4, return_sequences=True)(x)
    y = layers.GRU(4, return_sequences=True)(y)
    y = layers.GRU(3, reset_after=False, return_sequences=True)(y)
    y = layers.SimpleRNN(4, return_sequences=True, go_backwards=True)(y)
    return keras.Model(x, layers.LSTM(2, use_bias=False, recurrent_activation="hard_sigmoid")(y))


@model("Bidirectional with every layer and every way of merging")
def bidirectional():
    x = keras.Input((4, 3))
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    y = layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="sum")(y)
    y = layers.Bidirectional(layers.GRU(3, reset_after=False, return_sequences=True), merge_mode="mul")(y)
    y = layers.Bidirectional(layers.SimpleRNN(3, return_sequences=True), merge_mode="ave")(y)
    other = layers.LSTM(2, go_backwards=True, return_sequences=False, name="other")
    return keras.Model(x, layers.Bidirectional(layers.LSTM(2), backward_layer=other)(y))


@model("TimeDistributed around Dense, Conv2D and a model")
def time_distributed():
    x = keras.Input((3, 5, 5, 2))
    y = layers.TimeDistributed(layers.Conv2D(3, 3, activation="relu"))(x)
    y = layers.TimeDistributed(layers.BatchNormalization())(y)
    y = layers.TimeDistributed(layers.Flatten())(y)
    return keras.Model(x, layers.GRU(2)(layers.TimeDistributed(layers.Dense(4))(y)))


@model("cells one upon the other in one layer, of several kinds, more than ten of one")
def stacked_cells():
    x = keras.Input((3, 2))
    cells = [layers.LSTMCell(2), layers.GRUCell(2), *[layers.SimpleRNNCell(2) for _ in range(12)], layers.LSTMCell(3)]
    return keras.Model(x, layers.RNN(layers.StackedRNNCells(cells))(x))


@model("ConvLSTM2D")
def conv_lstm():
    x = keras.Input((3, 5, 5, 1))
    return keras.Model(x, layers.Flatten()(layers.ConvLSTM2D(2, 3)(x)))


@model("Embedding with mask_zero before an LSTM", tokens=12, when=HAS_MASKS)
def masked_text():
    return keras.Sequential([keras.Input((6,)), layers.Embedding(12, 3, mask_zero=True), layers.LSTM(3), layers.Dense(2)])


@model("Masking before a stack of recurrent layers", when=HAS_MASKS)
def masking():
    return keras.Sequential(
        [keras.Input((5, 2)), layers.Masking(0.0), layers.GRU(3, return_sequences=True), layers.Bidirectional(layers.LSTM(2))]
    )


@model("attention, layer normalisation, sums: a transformer's block")
def transformer():
    x = keras.Input((4, 6))
    y = layers.MultiHeadAttention(num_heads=2, key_dim=3)(x, x)
    y = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, y]))
    z = layers.Dense(6)(layers.Dropout(0.1)(layers.Dense(8, activation="gelu")(y)))
    y = layers.LayerNormalization()(layers.Add()([y, z]))
    causal = layers.MultiHeadAttention(num_heads=1, key_dim=3)(y, y, use_causal_mask=True)
    return keras.Model(x, layers.GlobalAveragePooling1D()(causal))


# ---- graphs ---------------------------------------------------------------------------------------------------------


@model("two inputs, two outputs, merges, a layer that is called twice")
def functional():
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = layers.Dense(4, activation="tanh")
    a, b = shared(left), shared(right)
    c = layers.Add()([a, layers.Multiply()([a, b]), layers.Average()([a, b])])
    d = layers.Concatenate()([layers.Subtract()([a, b]), layers.Maximum()([a, c]), layers.Dot(axes=1)([a, b])])
    return keras.Model([left, right], [layers.Dense(2, name="first")(d), layers.Dense(1, name="second")(shared(c))])


@model("dictionaries of inputs and outputs, not in the order of the alphabet")
def dictionaries():
    inputs = {"width": keras.Input((2,), name="width"), "age": keras.Input((3,), name="age")}
    x = layers.Concatenate()([inputs["width"], inputs["age"]])
    return keras.Model(inputs, {"price": layers.Dense(1, name="price")(x), "kind": layers.Dense(3, name="kind")(x)})


def block(size, name):
    """With normalisation, whose weights of both kinds make the order of a nested model's weights matter."""
    x = keras.Input((size,))
    y = layers.BatchNormalization()(layers.Dense(size, activation="relu")(x))
    return keras.Model(x, layers.Dense(size)(layers.BatchNormalization()(y)), name=name)


@model("a functional model in a functional one, called twice")
def nested_functional():
    x = keras.Input((4,))
    inner = block(4, "inner")
    first = inner(x)
    return keras.Model(x, layers.Dense(2)(layers.Add()([first, inner(layers.Dense(4)(first))])))


@model("Sequential models in a functional one")
def nested_sequential():
    tower = keras.Sequential([keras.Input((4,)), layers.Dense(4, activation="relu"), layers.BatchNormalization()], name="tower")
    other = keras.Sequential([keras.Input((4,)), layers.Dense(4)])
    x, y = keras.Input((4,)), keras.Input((4,))
    return keras.Model([x, y], layers.Concatenate()([tower(x), other(tower(y)), other(x)]))


@model("a functional model in a Sequential one, as transfer learning is often written")
def nested_in_sequential():
    x = keras.Input((6, 6, 2))
    y = layers.BatchNormalization()(layers.Conv2D(3, 3)(x))
    base = keras.Model(x, layers.Activation("swish")(y), name="base")
    base.trainable = False
    return keras.Sequential([keras.Input((6, 6, 2)), base, layers.GlobalAveragePooling2D(), layers.Dense(3)])


@model("two deep, with frozen layers in between: the order of a nested model's weights")
def nested_deep():
    deepest = block(4, "deepest")
    deepest.layers[1].trainable = False
    middle_in = keras.Input((4,))
    y = layers.Dense(4, name="frozen_in_the_middle", trainable=False)(deepest(middle_in))
    middle = keras.Model(middle_in, layers.BatchNormalization(trainable=False)(layers.Dense(4)(y)), name="middle")
    other = block(4, "other")
    other.trainable = False
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(2)(other(middle(x))))


@model("a nested model with two inputs and two outputs; its outputs are outputs of the whole too")
def nested_outputs():
    a, b = keras.Input((3,)), keras.Input((3,))
    inner = keras.Model([a, b], [layers.Dense(3)(layers.Add()([a, b])), layers.Dense(2)(b)], name="inner")
    x, y = keras.Input((3,)), keras.Input((3,))
    first, second = inner([x, y])
    third, _ = inner([first, x])
    return keras.Model([x, y], [layers.Dense(2)(third), second, first])


# ---- operations on tensors ------------------------------------------------------------------------------------------


@model("arithmetic on tensors, as MobileNet's preprocess_input")
def arithmetic():
    x = keras.Input((4, 4, 3))
    y = x / 127.5 - 1.0
    y = layers.Conv2D(3, 3)(y) * 2.0 + 0.5
    z = layers.Conv2D(3, 3)(x)
    return keras.Model(x, layers.Dense(2)(layers.Flatten()((y - z) * z)))


if IS_KERAS_3:

    @model("operations of keras.ops as nodes of the graph")
    def operations():
        ops = keras.ops
        x = keras.Input((4, 6))
        y = ops.reshape(layers.Dense(6)(x), (-1, 6, 4))
        y = ops.transpose(ops.concatenate([y, y[:, ::2]], axis=1), (0, 2, 1))
        z = ops.mean(y, axis=-1)
        w = ops.relu(y[:, 1:3, 0]) + ops.expand_dims(ops.sum(ops.square(z), axis=-1), -1)
        return keras.Model(x, layers.Dense(2)(ops.concatenate([z, w, ops.max(y, axis=1)], axis=-1)))

else:

    @model("TensorFlow's operations as nodes of the graph (TFOpLambda, SlicingOpLambda)")
    def operations():
        import tensorflow as tf

        x = keras.Input((4, 6))
        y = tf.reshape(layers.Dense(6)(x), (-1, 6, 4))
        y = tf.transpose(tf.concat([y, y[:, ::2]], axis=1), (0, 2, 1))
        z = tf.reduce_mean(y, axis=-1)
        w = tf.nn.relu(y[:, 1:3, 0]) + tf.expand_dims(tf.reduce_sum(tf.square(z), axis=-1), -1)
        return keras.Model(x, layers.Dense(2)(tf.concat([z, w, tf.reduce_max(y, axis=1)], axis=-1)))

    @model("TensorFlow's functions with numbers first, defaults other than Keras', several tensors")
    def functions():
        import tensorflow as tf

        x = keras.Input((4, 6))
        y = tf.nn.bias_add(x[:, :, ::-1], tf.constant([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))
        y = tf.nn.softmax(2.0 - y) + tf.nn.gelu(1.5 / (3.0 + y)) + tf.nn.leaky_relu(0.5 * y)
        y = tf.clip_by_value(tf.pow(tf.abs(y), 1.5), 0.1, 0.9) - tf.nn.silu(-y)
        z = tf.matmul(y, tf.stack([y, y, y, y, y, y], axis=1)[:, :, 0, :])
        z = tf.reverse(tf.squeeze(tf.cast(z, tf.float32)[:, None], axis=1), axis=[1])
        z = tf.maximum(tf.minimum(z, 0.8), tf.math.reduce_std(z, axis=-1, keepdims=True))
        return keras.Model(x, layers.Dense(2)(tf.reduce_sum(tf.exp(tf.tanh(z)), axis=[1])))


# ---- precision ------------------------------------------------------------------------------------------------------


def in_policy(policy):
    set_policy(policy)
    try:
        x = keras.Input((6,), dtype="float32")
        y = layers.BatchNormalization()(layers.Dense(5, activation="relu")(x))
        return keras.Model(x, layers.Activation("linear", dtype="float32")(layers.Dense(3)(y)))
    finally:
        set_policy("float32")


@model("mixed precision: weights float32, computed in float16", tolerance=HALF)
def mixed_float16():
    return in_policy("mixed_float16")


@model("weights in float16", tolerance=HALF)
def float16():
    return in_policy("float16")


@model("weights in bfloat16", tolerance=BRAIN, ways=("keras", "json-weights") if IS_KERAS_3 else ())
def bfloat16():
    return in_policy("bfloat16")


@model(
    "weights in bfloat16 as bare bytes: what Keras writes into .h5 and Keras 2 into every file, and can't read again",
    expected="refused",
    says="Save the model again",
    ways=("h5",) if IS_KERAS_3 else ("keras", "h5", "json-h5", "json-weights"),
)
def bfloat16_bare():
    return in_policy("bfloat16")


@model("weights in float64 (on JAX in float32)")
def float64():
    return in_policy("float64")


# ---- what isn't computed, or isn't read -----------------------------------------------------------------------------


@keras.saving.register_keras_serializable("Own")
class Scaled(layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.scale * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@model("code in the file, which is never run", expected="placeholder", says="Lambda")
def code():
    x = keras.Input((4,))
    y = layers.Lambda(lambda t: t * 2.0, output_shape=(4,), name="doubled")(layers.Dense(4)(x))
    return keras.Model(x, layers.Dense(2)(y))


@model("a layer class of one's own", expected="placeholder", says="Scaled")
def own_layer():
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(2)(Scaled(3.0)(layers.Dense(4)(x))))


@keras.saving.register_keras_serializable("Own")
class OwnModel(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, activation="relu")
        self.second = layers.Dense(2)

    def call(self, x):
        return self.second(self.first(x))


@model("a model class of one's own: its structure is code", expected="refused", ways=("keras",), says="OwnModel")
def subclassed():
    net = OwnModel()
    net(np.ones((1, 3), "float32"))
    return net


@model("text in, with the vocabulary among the assets", expected="placeholder", when=BACKEND == "tensorflow", ways=("keras",))
def text():
    texts = layers.TextVectorization(max_tokens=20, output_sequence_length=4)
    texts.adapt(["the cat sat", "on the mat", "a dog ran"])
    x = keras.Input((1,), dtype="string")
    return keras.Model(x, layers.Dense(2)(layers.GlobalAveragePooling1D()(layers.Embedding(20, 3)(texts(x)))))


@model(
    "weights in eight bits with a scale for each output",
    says="(int8)",
    # Keras rounds what comes into a layer to eight bits too.
    tolerance=5e-2,
    # Before 3.6 NumPy can't compute it.
    when=VERSION >= (3, 6) or (VERSION >= (3, 3) and BACKEND != "numpy"),
    ways=("keras",),
    finish=lambda net: net.quantize("int8"),
)
def quantised():
    return keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="relu"), layers.Dense(2)])


@model("word vectors in eight bits with a scale for each", says="(int8)", tolerance=5e-2, tokens=12, when=VERSION >= (3, 6), ways=("keras",), finish=lambda net: net.quantize("int8"))
def quantised_words():
    x = keras.Input((6,), dtype="int32")
    return keras.Model(x, layers.Dense(2)(layers.GlobalAveragePooling1D()(layers.Embedding(12, 4)(x))))


@model(
    "weights in four bits, two to a byte",
    expected="refused",
    says="(int4",
    when=VERSION >= (3, 12),
    ways=("keras",),
    finish=lambda net: net.quantize("int4"),
)
def quantised_four_bits():
    return keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="relu"), layers.Dense(2)])


@model("attention in eight bits, whose scales stand in another order", expected="refused", says="quantised", when=VERSION >= (3, 6), ways=("keras",), finish=lambda net: net.quantize("int8"))
def quantised_attention():
    x = keras.Input((4, 6))
    return keras.Model(x, layers.MultiHeadAttention(2, 3)(x, x))


# ---- large lists and Teachable Machine ------------------------------------------------------------------------------


def long_chain(x, count):
    for index in range(count):
        x = layers.Dense(2, use_bias=False, name=f"{'a_name_as_long_as_they_come_' * 6}{index}")(x)
    return x


@model("names of layers that take more than 64 KB, which is more than an attribute holds", ways=("h5", "json-h5"), when=LARGE)
def many_layers():
    x = keras.Input((2,))
    return keras.Model(x, long_chain(x, 400))


@model("names of one nested model's weights that take more than 64 KB", ways=("h5", "json-h5"), when=LARGE)
def many_weights():
    inner_in = keras.Input((2,))
    inner = keras.Model(inner_in, long_chain(inner_in, 400), name="inner")
    x = keras.Input((2,))
    return keras.Model(x, layers.Dense(2)(inner(x)))


@model("built like Teachable Machine’s Keras export", ways=("teachable",), when=not IS_KERAS_3)
def teachable_machine():
    x = keras.Input((16, 16, 3))
    y = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="Conv1")(layers.ZeroPadding2D(((0, 1), (0, 1)))(x))
    y = layers.ReLU(6.0)(layers.BatchNormalization(epsilon=1e-3, momentum=0.999)(y))
    y = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="expanded_conv_depthwise")(y)
    y = layers.ReLU(6.0)(layers.BatchNormalization(epsilon=1e-3, momentum=0.999)(y))
    z = layers.BatchNormalization()(layers.Conv2D(4, 1, use_bias=False)(y))
    base = keras.Model(x, layers.Add()([y, z]), name="model1")
    features = keras.Sequential([base, layers.GlobalAveragePooling2D()])
    head = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(5, activation="relu", kernel_initializer="VarianceScaling"),
            layers.Dense(3, activation="softmax", use_bias=False),
        ]
    )
    return keras.Sequential([features, head])


def cudnn_model(build, shows):
    """Layers for graphics cards only. Keras itself rearranges their weights, but only where they come by HDF5."""

    def on_card():
        from tensorflow.compat.v1.keras.layers import CuDNNGRU, CuDNNLSTM

        return build(CuDNNLSTM, CuDNNGRU)

    on_card.__name__ = build.__name__
    twin = lambda: build(layers.LSTM, layers.GRU)
    model(shows, twin=twin, ways=("h5", "json-h5"), says="CuDNN", when=not IS_KERAS_3)(on_card)


def cudnn(lstm, gru):
    x = keras.Input((4, 3))
    y = layers.Bidirectional(lstm(2, return_sequences=True), name="both")(x)
    return keras.Model(x, gru(3, name="last")(y))


def cudnn_steps(lstm, gru):
    x = keras.Input((2, 4, 3))
    y = layers.TimeDistributed(gru(3), name="each")(x)
    return keras.Model(x, lstm(2, go_backwards=True, name="last")(y))


cudnn_model(cudnn, "CuDNNLSTM in Bidirectional and CuDNNGRU")
cudnn_model(cudnn_steps, "CuDNNGRU in TimeDistributed and CuDNNLSTM")
