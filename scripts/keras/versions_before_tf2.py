"""As versions.py, for Keras 2.1 to 2.3, which nobody can install beside a Python of today: their files are kept as fixtures only. With
Python 3.7:

    python3.7 -m venv <env>
    <env>/bin/pip install tensorflow==1.15.5 keras==<2.1.6, 2.2.4 or 2.3.1> h5py==2.10.0 "protobuf<3.21" "numpy<1.19"
    <env>/bin/python scripts/keras/versions_before_tf2.py <folder>
"""

import base64
import json
import logging
import os
import sys
import warnings
from pathlib import Path

# `code.py` beside this script isn't the `code` that Python's debugger imports, and TensorFlow imports that.
sys.path.pop(0)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import keras
import numpy as np
from keras import layers, models

ROWS = 3


def mlp():
    """Sequential, trained; before 2.2.3 its config is a bare list of layers"""
    net = models.Sequential(
        [layers.Dense(8, activation="relu", input_shape=(6,)), layers.Dropout(0.3), layers.Dense(3, activation="softmax")]
    )
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(np.ones((4, 6)), np.zeros(4), verbose=0)
    return net


def cnn():
    """convolutions and normalisation, a model in a model, a frozen layer"""
    x = layers.Input((8, 8, 3))
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same", use_bias=False)(x))
    y = layers.LeakyReLU(0.2)(layers.DepthwiseConv2D(3, depth_multiplier=2)(layers.Activation("relu")(y)))
    base = models.Model(x, layers.BatchNormalization()(layers.SeparableConv2D(4, 3)(y)), name="base")
    base.layers[1].trainable = False
    x = layers.Input((8, 8, 3))
    y = layers.Conv2DTranspose(3, 2, strides=2)(base(layers.ZeroPadding2D(0)(x)))
    return models.Model(x, layers.Dense(2)(layers.GlobalAveragePooling2D()(y)))


def recurrent():
    """LSTM and GRU with the hard sigmoid of Keras 2 and without reset_after, in Bidirectional too"""
    x = layers.Input((5, 3))
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    y = layers.GRU(3, return_sequences=True)(layers.TimeDistributed(layers.Dense(4))(y))
    y = layers.GRU(3, reset_after=True, recurrent_activation="sigmoid", return_sequences=True)(y)
    return models.Model(x, layers.SimpleRNN(2)(y))


def text():
    """Embedding with mask_zero before an LSTM"""
    return models.Sequential([layers.Embedding(12, 3, mask_zero=True, input_length=6), layers.LSTM(3), layers.Dense(2)])


def merges():
    """two inputs, two outputs, a layer and a model that are called twice"""
    left, right = layers.Input((4,), name="left"), layers.Input((4,), name="right")
    tower = models.Sequential([layers.Dense(4, activation="tanh", input_shape=(4,)), layers.BatchNormalization()])
    shared = layers.Dense(4, activation="elu")
    a, b = shared(tower(left)), shared(tower(right))
    joined = layers.Concatenate()([layers.Add()([a, b]), layers.Multiply()([a, b]), layers.Dot(1)([a, b])])
    return models.Model([left, right], [layers.Dense(2)(joined), layers.Dense(1)(layers.Subtract()([a, b]))])


def fill(net, random):
    # Layer by layer, as get_weights and set_weights go; `net.weights` has those that train first.
    names = [weight.name for layer in net.layers for weight in layer.weights]
    ranges = [(0.5, 1.5) if "variance" in name else (-0.6, 0.6) for name in names]
    values = net.get_weights()
    net.set_weights([random.uniform(low, high, value.shape) for (low, high), value in zip(ranges, values)])


def pack(arrays):
    return [
        {
            "name": str(index),
            "shape": list(array.shape),
            "dtype": array.dtype.name,
            "values": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(),
        }
        for index, array in enumerate(arrays)
    ]


def make(build, out, seed):
    keras.backend.clear_session()
    random = np.random.RandomState(seed)
    net = build()
    fill(net, random)
    if build is text:
        inputs = [random.randint(1, 12, (ROWS, 6)).astype("int32")]
        inputs[0][1, -3:] = 0
    else:
        inputs = [random.uniform(-1, 1, (ROWS,) + shape[1:]).astype("float32") for shape in map(keras.backend.int_shape, net.inputs)]
    outputs = net.predict(inputs if len(inputs) > 1 else inputs[0])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    assert all(np.isfinite(output).all() for output in outputs), build.__name__
    for way in ["h5", "json-h5"]:
        folder = out / "{}-{}".format(build.__name__, way)
        folder.mkdir(parents=True)
        if way == "h5":
            net.save(str(folder / "model.h5"))
        else:
            (folder / "model.json").write_text(net.to_json())
            net.save_weights(str(folder / "weights.h5"))
        yield {
            "folder": folder.name,
            "model": build.__name__,
            "way": way,
            "files": sorted(path.name for path in folder.iterdir()),
            "shows": build.__doc__,
            "expected": "predicts",
            "tolerance": 1e-5,
            "says": None,
            "inputs": pack(inputs),
            "outputs": pack(outputs),
        }


def main():
    out = Path(sys.argv[1])
    cases = [case for seed, build in enumerate([mlp, cnn, recurrent, text, merges]) for case in make(build, out, seed)]
    index = {"keras": keras.__version__, "backend": "tensorflow", "cases": cases, "failures": [], "unwritten": []}
    (out / "index.json").write_text(json.dumps(index))
    print("Keras", keras.__version__, len(cases), "cases")


if __name__ == "__main__":
    main()
