"""Writes the models of versions_models.py with the Keras that it runs under, in every format that this version has, and what Keras
itself answers:

    python scripts/keras/versions.py <folder> [--only <model> ...] [--skip <model> ...]

Each file, or the two that belong together, lies in a folder `<model>-<way>`; `index.json` lists them. What Keras writes isn't
touched, but for the files that only other machines or older versions write: `windows` and `list-h5` say how.
"""

import argparse
import base64
import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

# Behind the packages: `code.py` beside this script isn't the `code` that Python's debugger imports.
sys.path.append(sys.path.pop(0))
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
# Exact to the last bits on every machine, rather than fast.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
if (backend := os.environ["KERAS_BACKEND"]) != "tensorflow":
    import small_graphs  # noqa: F401  (before jax: it sets how Keras runs)
    import jax

    os.environ["KERAS_BACKEND"] = backend

    if "spmd_mode" not in dir(jax):
        # Keras up to 3.8 asks for it before it trains; today's JAX has only what it allowed.
        jax.spmd_mode = lambda mode: contextlib.nullcontext()

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import h5py
import keras
import numpy as np
from versions_models import BACKEND, IS_KERAS_3, MODELS, VERSION

ROWS = 3


# ---- inputs and outputs ---------------------------------------------------------------------------------------------


def fill(net, random):
    """Zeros and ones, with which layers start, would hide weights that are mixed up."""
    for layer in net._flatten_layers(include_self=False, recursive=True):
        # What was adapted to data belongs together.
        if isinstance(layer, (keras.layers.Normalization, *text_layers())):
            continue
        for weight in own_weights(layer):
            low, high = (0.5, 1.5) if "variance" in weight.name else (-0.6, 0.6)
            values = random.uniform(low, high, weight.shape).astype("float32")
            weight.assign(keras.backend.cast(values, weight.dtype) if not IS_KERAS_3 else values)


def text_layers():
    return (keras.layers.TextVectorization,)


def own_weights(layer):
    """Those of the layer that aren't those of a layer in it, which comes by itself."""
    if IS_KERAS_3:
        seeds = {id(state) for generator in getattr(layer, "_seed_generators", []) for state in [generator.state]}
        own = [*layer._trainable_variables, *layer._non_trainable_variables]
        return [weight for weight in own if id(weight) not in seeds and "float" in str(weight.dtype)]
    own = [*layer._trainable_weights, *layer._non_trainable_weights]
    # A vocabulary stands among them too.
    return [weight for weight in own if getattr(getattr(weight, "dtype", None), "is_floating", False)]


def ends(net, which):
    """Name to tensor, in the order in which the file has them."""
    struct = getattr(net, f"_{which}_struct" if IS_KERAS_3 else f"_nested_{which}", None)
    if isinstance(struct, dict):
        return {name: struct[name] for name in net.get_config()[f"{which[:-1]}_layers"]}
    return {f"{index}": tensor for index, tensor in enumerate(getattr(net, which))}


def draw(net, one, random):
    def draw_one(tensor):
        shape = (ROWS, *tensor.shape[1:])
        if "string" in str(tensor.dtype):
            return np.array([["the cat"], ["dog mat"], ["on a cat"]])
        if one.tokens is None:
            values = random.uniform(-1, 1, shape).astype("float32")
            # Steps of nothing but zeros are what Masking looks for; elsewhere they are numbers as others.
            if len(shape) == 3:
                values[1, -2:] = 0
            return values
        tokens = random.integers(1, one.tokens, shape).astype("int32")
        tokens[1, -3:] = 0
        return tokens

    return {name: draw_one(tensor) for name, tensor in ends(net, "inputs").items()}


def answer(net, inputs):
    given = dict(inputs) if "0" not in inputs else list(inputs.values())
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    answers = net(given, training=False)
    if isinstance(answers, dict):
        return {name: np.asarray(answers[name], "float32") for name in ends(net, "outputs")}
    answers = answers if isinstance(answers, (list, tuple)) else [answers]
    return {f"{index}": np.asarray(tensor, "float32") for index, tensor in enumerate(answers)}


def with_weights_of(net, twin):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.h5")
        net.save_weights(path)
        twin.load_weights(path)
    return twin


def pack(arrays):
    def pack_one(name, array):
        values = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        return {"name": name, "shape": list(array.shape), "dtype": array.dtype.name, "values": values}

    return [pack_one(name, array) for name, array in arrays.items()]


# ---- formats --------------------------------------------------------------------------------------------------------


def write_keras(net, folder):
    net.save(folder / "model.keras")


def write_h5(net, folder):
    net.save(folder / "model.h5")


def write_json_h5(net, folder):
    (folder / "model.json").write_text(net.to_json())
    net.save_weights(folder / "weights.h5")


def write_json_weights(net, folder):
    (folder / "model.json").write_text(net.to_json())
    net.save_weights(folder / "model.weights.h5")


def write_windows(net, folder):
    """As Keras 2.13 to 2.15 write it on Windows, where the separator of paths got into the names of groups."""
    from tensorflow.io import gfile

    join, gfile.join = gfile.join, lambda *parts: "\\".join(part for part in parts if part)
    try:
        write_keras(net, folder)
    finally:
        gfile.join = join


def write_list_h5(net, folder):
    """As Keras before 2.2.3 wrote Sequential models: their config was the list of the layers, without an InputLayer."""
    write_h5(net, folder)
    with h5py.File(folder / "model.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        entrance, *rest = config["config"]["layers"]
        rest[0]["config"]["batch_input_shape"] = entrance["config"]["batch_input_shape"]
        config["config"] = rest
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = file["model_weights"].attrs["keras_version"] = "2.1.6"


def write_teachable(net, folder):
    """Teachable Machine's download, a zip. Its layers have `groups` where Keras itself doesn't write them."""
    write_h5(net, folder)
    with h5py.File(folder / "model.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        add_groups(config)
        file.attrs["model_config"] = json.dumps(config)
    with zipfile.ZipFile(folder / "converted_keras.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "model.h5", "keras_model.h5")
        archive.writestr("labels.txt", "0 Katze\n1 Hund\n2 Nichts davon\n")
    (folder / "model.h5").unlink()


def add_groups(value):
    if isinstance(value, list):
        for item in value:
            add_groups(item)
    if isinstance(value, dict):
        if value.get("class_name") == "DepthwiseConv2D":
            value["config"]["groups"] = 1
        for item in value.values():
            add_groups(item)


WAYS = {"keras": write_keras, "h5": write_h5, "json-weights": write_json_weights}
if not IS_KERAS_3:
    WAYS = {**WAYS, "json-h5": write_json_h5, "windows": write_windows}
# Written only for models that name it.
SPECIAL = {"list-h5": write_list_h5, "teachable": write_teachable}


def ways_of(name, one):
    known = {**WAYS, **SPECIAL}
    if one.ways is not None:
        return [way for way in one.ways if way in known]
    lists = ["list-h5"] if name in ("mlp", "masked-text") and not IS_KERAS_3 else []
    return [*WAYS, *lists]


def write_mismatch(out):
    """The architecture of one model with the weights of another."""
    folder = out / "mismatch-json"
    folder.mkdir()
    for units in (4, 5):
        net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units), keras.layers.Dense(2)])
        (WAYS.get("json-h5") or WAYS["json-weights"])(net, folder)
        if units == 4:
            kept = (folder / "model.json").read_text()
    (folder / "model.json").write_text(kept)
    return describe(folder, "mismatch", "json", "refused", notes="an architecture with another model's weights")


# ---- all of it ------------------------------------------------------------------------------------------------------


def describe(folder, name, way, expected, tolerance=None, says=None, notes="", inputs=None, outputs=None):
    return {
        "folder": folder.name,
        "model": name,
        "way": way,
        "files": sorted(path.name for path in folder.iterdir()),
        "shows": notes,
        "expected": expected,
        "tolerance": tolerance,
        "says": says,
        "inputs": inputs,
        "outputs": outputs,
    }


def is_fault_of_keras(error):
    """Keras 3.0 gives the weights of wrapped layers and nested models the same names, and then can't write them as HDF5."""
    return VERSION < (3, 1) and "name already exists" in str(error)


def make(name, one, out, seed, unwritten):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(seed)
    net = one.build()
    fill(net, random)
    inputs = outputs = None
    if one.expected == "predicts":
        inputs = draw(net, one, random)
    if one.finish is not None:
        one.finish(net)
    if inputs is not None:
        answers = answer(net if one.twin is None else with_weights_of(net, one.twin()), inputs)
        if one.says != "NaN" and not all(np.isfinite(array).all() for array in answers.values()):
            raise ValueError("Keras answers with NaN, which proves nothing")
        inputs, outputs = pack(inputs), pack(answers)
    for way in ways_of(name, one):
        folder = out / f"{name}-{way}"
        folder.mkdir(parents=True)
        try:
            {**WAYS, **SPECIAL}[way](net, folder)
        except ValueError as error:
            if not is_fault_of_keras(error):
                raise
            shutil.rmtree(folder)
            unwritten.append(f"{name}-{way}")
            continue
        tolerance = one.tolerance if one.expected == "predicts" else None
        yield describe(folder, name, way, one.expected, tolerance, one.says, one.notes, inputs, outputs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    cases, failures, unwritten = [], [], []
    for seed, (name, one) in enumerate(MODELS.items()):
        if not one.when or (args.only and name not in args.only):
            continue
        start = time.time()
        try:
            cases.extend(make(name, one, args.folder, seed, unwritten))
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__}: {str(error)[:400]}")
        if os.environ.get("GRAFT_TIMES"):
            print(f"{time.time() - start:6.2f} s {name}", file=sys.stderr)
    if not args.only:
        cases.append(write_mismatch(args.folder))
    index = {"keras": keras.__version__, "backend": BACKEND, "cases": cases, "failures": failures, "unwritten": unwritten}
    (args.folder / "index.json").write_text(json.dumps(index))
    size = sum(path.stat().st_size for path in args.folder.rglob("*") if path.is_file())
    print(f"Keras {keras.__version__} on {BACKEND}: {len(cases)} cases, {size:,} bytes, {len(failures)} failures")
    for failure in failures:
        print("  ", failure)


if __name__ == "__main__":
    main()
