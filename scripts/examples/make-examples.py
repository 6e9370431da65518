"""Makes the bundled examples: the data set and the trained source models in public/examples/digits.

    python -m venv .venv && .venv/bin/pip install -r scripts/examples/requirements.txt
    .venv/bin/python scripts/examples/make-examples.py

Data: the UCI optical digits as scikit-learn ships them (1,797 images of 8x8 pixels, values 0 to 16). 360 rows, the same
share of every class, are test rows: nothing here and nothing in Graft trains on them. Each source model sees its own random
60 % of the other rows and is trained for few epochs: they are good, not perfect, so that a join has something to win.

Keras writes the .keras files itself. The TensorFlow.js Layers files (model.json, weights.bin) are written here in the form
in which TensorFlow.js 4 reads them, which isn't the form in which Keras 3 describes a model: see `tfjs_layer`.
"""

import json
import os
import re
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

OUT = Path(__file__).resolve().parents[2] / "public" / "examples" / "digits"
TEST_ROWS = 360
TEST_SEED = 20
TRAIN_SHARE = 0.6
PROBES = 8

CREDIT = (
    "Optical Recognition of Handwritten Digits by E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, "
    "https://doi.org/10.24432/C50P49, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); "
    "the 1,797 images of its test part, as scikit-learn ships them."
)


# ---- data -----------------------------------------------------------------------------------------------------------


def load_columns():
    digits = load_digits()
    pixels = digits.images.astype(np.uint8)  # [rows, 8, 8]
    digit = digits.target.astype(np.uint8)
    # Row sums then column sums, 0 to 128 each: they fit a byte; the loader divides by 128.
    profile = np.concatenate([pixels.sum(axis=2), pixels.sum(axis=1)], axis=1).astype(np.uint8)
    return pixels, digit, profile


def write_dataset(pixels, digit, profile, test_rows):
    even = (digit % 2 == 0).astype(np.uint8)
    for name, values in {"image": pixels, "digit": digit, "even": even, "profile": profile}.items():
        (OUT / f"{name}.bin").write_bytes(values.tobytes())
    description = {
        "id": "digits",
        "name": "Handwritten digits",
        "credit": CREDIT,
        "rows": len(digit),
        "columns": [
            {
                "kind": "numbers",
                "name": "image",
                "help": "The digit as 8 x 8 grey values from 0 (paper) to 16 (ink).",
                "rowShape": [8, 8, 1],
                "file": "image.bin",
                "divideBy": 1,
            },
            {
                "kind": "numbers",
                "name": "profile",
                "help": "How much ink is in each of the 8 rows, then in each of the 8 columns, from 0 to 1.",
                "rowShape": [16],
                "file": "profile.bin",
                "divideBy": 128,
            },
            {
                "kind": "classes",
                "name": "digit",
                "help": "Which digit it is.",
                "classes": [str(i) for i in range(10)],
                "file": "digit.bin",
            },
            {
                "kind": "classes",
                "name": "even",
                "help": "Whether the digit is odd or even.",
                "classes": ["odd", "even"],
                "file": "even.bin",
            },
        ],
        "testRows": [int(row) for row in test_rows],
    }
    write_json(OUT / "dataset.json", description)


# ---- models ---------------------------------------------------------------------------------------------------------


def shape_cnn():
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Rescaling(1 / 16, name="rescaling")(image)
    x = layers.Conv2D(16, 3, padding="same", use_bias=False, name="conv_1")(x)
    x = layers.BatchNormalization(name="norm_1")(x)
    x = layers.ReLU(name="relu_1")(x)
    x = layers.MaxPooling2D(name="pool_1")(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_2")(x)
    x = layers.MaxPooling2D(name="pool_2")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.3, name="dropout")(x)
    x = layers.Dense(64, activation="relu", name="dense_features")(x)
    scores = layers.Dense(10, activation="softmax", name="scores")(x)
    return keras.Model(image, scores, name="shape_cnn")


def stroke_lstm():
    rows = keras.Input((8, 8), name="rows")
    x = layers.Rescaling(1 / 16, name="rescaling")(rows)
    x = layers.LSTM(48, name="lstm")(x)
    x = layers.Dense(32, activation="relu", name="stroke_features")(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    scores = layers.Dense(10, activation="softmax", name="scores")(x)
    return keras.Model(rows, scores, name="stroke_lstm")


def digit_encoder():
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Rescaling(1 / 16, name="rescaling")(image)
    x = layers.Conv2D(12, 3, strides=2, padding="same", activation="relu", name="conv")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    code = layers.Dense(10, activation="softmax", name="code")(x)
    return keras.Model(image, code, name="digit_encoder")


def profile_mlp():
    profile = keras.Input((16,), name="profile")
    x = layers.Dense(48, activation="relu", name="hidden")(profile)
    scores = layers.Dense(10, activation="softmax", name="scores")(x)
    return keras.Model(profile, scores, name="profile_mlp")


# name: (builder, column, epochs, learning rate, seed, what it looks at)
RECIPES = {
    "shape_cnn": (shape_cnn, "image", 10, 1e-3, 1, "Convolutions over the image: shapes in the plane."),
    "stroke_lstm": (stroke_lstm, "rows", 40, 2e-3, 2, "An LSTM that reads the image row by row, top to bottom."),
    "digit_encoder": (digit_encoder, "image", 20, 2e-3, 3, "A small encoder with ten outputs."),
    "profile_mlp": (profile_mlp, "profile", 60, 2e-3, 4, "Sees only how much ink is in each row and column."),
}


def train(recipe, columns, digit, free_rows):
    build, column, epochs, learning_rate, seed, _ = recipe
    rows, _ = train_test_split(free_rows, train_size=TRAIN_SHARE, stratify=digit[free_rows], random_state=seed)
    keras.utils.set_random_seed(seed)
    model = build()
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(columns[column][rows], digit[rows], epochs=epochs, batch_size=32, verbose=0)
    return model, len(rows)


# ---- TensorFlow.js Layers files -------------------------------------------------------------------------------------

ROLES = {
    "BatchNormalization": ["gamma", "beta", "moving_mean", "moving_variance"],
    "LSTM": ["kernel", "recurrent_kernel", "bias"],
}
# Keras 3 keywords that TensorFlow.js 4 has no use for.
DROPPED = {"ragged", "optional", "synchronized", "renorm", "zero_output_for_mask", "use_cudnn"}
DROPPED |= {"quantization_config", "input_axes", "output_axes"}


def plain(value):
    """Keras 3 objects as Keras 2 wrote them: class_name and config only, a dtype policy as its name."""
    if isinstance(value, dict):
        if value.get("class_name") == "DTypePolicy":
            return value["config"]["name"]
        return {k: plain(v) for k, v in value.items() if k not in DROPPED | {"module", "registered_name", "build_config"}}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def tfjs_layer(layer, inputs):
    config = plain(layer.get_config())
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    if isinstance(layer, layers.ReLU):
        # TensorFlow.js knows the plain one only.
        assert layer.max_value is None and layer.negative_slope == 0 and layer.threshold == 0
        config = {k: v for k, v in config.items() if k not in ("max_value", "negative_slope", "threshold")}
    nodes = [[[name, 0, 0, {}] for name in inputs]] if inputs else []
    return {"class_name": type(layer).__name__, "name": layer.name, "config": config, "inbound_nodes": nodes}


def write_tfjs(model, folder):
    """For models without branches, each layer applied once: all that the examples need."""
    topology, manifest, data, previous = [], [], [], []
    for layer in model.layers:
        topology.append(tfjs_layer(layer, previous))
        previous = [layer.name]
        roles = ROLES.get(type(layer).__name__, ["kernel", "bias"])
        for role, variable in zip(roles, layer.weights):
            assert variable.name == role, (layer.name, variable.name, role)
            values = np.asarray(variable, dtype="<f4")
            manifest.append({"name": f"{layer.name}/{role}", "shape": list(values.shape), "dtype": "float32"})
            data.append(values.tobytes())
    first, last = model.layers[0].name, model.layers[-1].name
    config = {
        "name": model.name,
        "layers": topology,
        "input_layers": [[first, 0, 0]],
        "output_layers": [[last, 0, 0]],
    }
    write_json(
        folder / "model.json",
        {
            "format": "layers-model",
            "generatedBy": f"keras v{keras.__version__}",
            "convertedBy": "make-examples.py",
            "modelTopology": {
                # The dialect in which this topology is written, not the Keras that trained it.
                "keras_version": "2.15.0",
                "backend": "tensorflow",
                "model_config": {"class_name": "Functional", "config": config},
            },
            "weightsManifest": [{"paths": ["weights.bin"], "weights": manifest}],
        },
    )
    (folder / "weights.bin").write_bytes(b"".join(data))


# ---- files ----------------------------------------------------------------------------------------------------------


def write_json(path, value):
    text = json.dumps(value, indent=1)
    # Lists of numbers on one line.
    text = re.sub(r"\[[-+.,\d\se]+\]", lambda found: re.sub(r"\s+", "", found[0]).replace(",", ", "), text)
    path.write_text(text + "\n", encoding="utf-8")


def tensor(name, values):
    values = np.asarray(values, dtype=np.float32)
    return {"name": name, "shape": list(values.shape), "dtype": "float32", "values": values.ravel().tolist()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    pixels, digit, profile = load_columns()
    all_rows = np.arange(len(digit))
    free_rows, test_rows = train_test_split(
        all_rows, test_size=TEST_ROWS, stratify=digit, random_state=TEST_SEED
    )
    test_rows = np.sort(test_rows)
    write_dataset(pixels, digit, profile, test_rows)

    columns = {
        "image": pixels[..., None].astype(np.float32),
        "rows": pixels.astype(np.float32),
        "profile": profile.astype(np.float32) / 128,
    }
    about = {}
    for name, recipe in RECIPES.items():
        model, trained_on = train(recipe, columns, digit, free_rows)
        folder = OUT / "models" / name
        folder.mkdir(parents=True, exist_ok=True)
        model.save(folder / f"{name}.keras")
        write_tfjs(model, folder)

        values = columns[recipe[1]]
        scores = model.predict(values[test_rows], verbose=0)
        right = int((scores.argmax(axis=1) == digit[test_rows]).sum())
        probe_rows = test_rows[:PROBES]
        write_json(
            folder / "probes.json",
            {
                "inputs": [tensor(model.layers[0].name, values[probe_rows])],
                "outputs": [tensor(model.layers[-1].name, model.predict(values[probe_rows], verbose=0))],
            },
        )
        about[name] = {
            "about": recipe[5],
            "column": "image" if recipe[1] == "rows" else recipe[1],
            "parameters": model.count_params(),
            "trainedOnRows": trained_on,
            "epochs": recipe[2],
            "learningRate": recipe[3],
            "seed": recipe[4],
            "testRowsRight": right,
            "testRows": len(test_rows),
        }
        print(f"{name}: {model.count_params()} parameters, {right}/{len(test_rows)} test rows right", flush=True)
    write_json(OUT / "models" / "about.json", about)


if __name__ == "__main__":
    main()
