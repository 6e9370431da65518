"""Opens the `.keras` and `.h5` files that Graft writes (src/formats/keras-write) in real Keras and compares what it finds.

    python exports.py jax <folder>          Keras 3 on JAX: every file in the folder, as scripts/keras/exports.mjs writes them
    python exports.py tensorflow <folder>   Keras 3 on TensorFlow
    python exports.py tf-keras <folder>     Keras 2: every `.h5` that claims to open in it
    python exports.py --facts keras3        what src/formats/keras-write/export-facts.json has to hold, about the layers on stdin
    python exports.py --facts keras2        the same of Keras 2

A case is a folder with `model.keras`, `model.h5`, `weights.bin` (of all layers, in Keras' order) and `case.json`.
"""

import gc
import json
import os
import pathlib
import sys
import tempfile
import time
import traceback
import warnings
import zipfile

WHICH = sys.argv[1]

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
if WHICH in ("jax", "--facts") and sys.argv[-1] != "keras2":
    import small_graphs  # noqa: F401  (first: it sets how Keras runs)

    import jax
else:
    os.environ["KERAS_BACKEND"] = "tensorflow"

import numpy as np

if WHICH == "tf-keras":
    import tf_keras as keras
else:
    # With TensorFlow 2.15 this is Keras 2.
    import keras

warnings.filterwarnings("ignore")

# The largest difference between Keras' answers and Graft's, relative to answers above 1.
TOLERANCE = 1e-5


# ---- facts ----------------------------------------------------------------------------------------------------------


def keras3_facts(questions):
    """Where Keras keeps its operations, and which layers it has beside those of the table."""
    from keras.src.ops import core, math, nn, numpy

    known = {question["type"] for question in questions}
    operations = {}
    for name in sorted(known):
        if name.startswith("ops."):
            [module] = [m for m in (numpy, nn, math, core) if name[4:] in vars(m)]
            operations[name] = module.__name__
    classes = {n for n, c in vars(keras.layers).items() if isinstance(c, type) and issubclass(c, keras.layers.Layer)}
    names, fixed = {}, []
    for question in questions:
        if question["type"] in operations:
            continue
        layer_class = getattr(keras.layers, question["type"])
        if layer_class.__name__ != question["type"]:
            names[question["type"]] = layer_class.__name__
        config = {name: understand(value) for name, value in question["example"].items()}
        if arguments_not_taken(layer_class, {**config, "trainable": False}):
            fixed.append(question["type"])
    return {
        "operations": operations,
        "otherLayers": sorted(classes - known - {"Layer", "InputLayer"}),
        "classNames": names,
        "withoutTrainable": fixed,
    }


def understand(value):
    """Layers in configs as objects."""
    if isinstance(value, dict) and "class_name" in value and hasattr(keras.layers, value["class_name"]):
        return getattr(keras.layers, value["class_name"])(**{k: understand(v) for k, v in value["config"].items()})
    return [understand(item) for item in value] if isinstance(value, list) else value


def arguments_not_taken(layer_class, config):
    """Constructors refuse one argument after the other, naming it in quotes."""
    missing = []
    while True:
        try:
            layer_class(**{name: value for name, value in config.items() if name not in missing})
            return missing
        except TypeError as error:
            named = [name for name in config if f"'{name}'" in str(error) and name not in missing]
            if len(named) != 1:
                raise
            missing += named


def keras2_facts(questions):
    """For each layer of the table that Keras 2 has, the arguments that it doesn't take; and its activations."""
    layers = {}
    for question in questions:
        layer_class = getattr(keras.layers, question["type"], None)
        if layer_class is None:
            continue
        config = {name: understand(value) for name, value in question["example"].items()}
        layers[question["type"]] = arguments_not_taken(layer_class, config)
    activations = sorted(n for n, f in vars(keras.activations).items() if callable(f) and not n.startswith("_"))
    unlike = {"deserialize", "get", "serialize"}
    return {"version": keras.__version__, "layers": layers, "activations": [n for n in activations if n not in unlike]}


# ---- files ----------------------------------------------------------------------------------------------------------


def draw_nothing():
    """The weights are in the file; drawing them first takes long."""
    zeros = keras.initializers.Zeros()
    for value in vars(keras.initializers).values():
        if isinstance(value, type) and value.__module__.split(".")[-1].startswith("random"):
            value.__call__ = lambda self, shape, dtype=None, **kwargs: zeros(shape, dtype=dtype)


def check_layers(model, case, weights):
    layers = list(model.layers)
    names = [layer["name"] for layer in case["layers"]]
    if [layer.name for layer in layers] != names:
        raise AssertionError(f"has the layers {[layer.name for layer in layers]}, Graft {names}")
    at = 0
    for layer, expected in zip(layers, case["layers"]):
        if expected["trainable"] is not None and layer.trainable != expected["trainable"]:
            raise AssertionError(f"{layer.name}: trainable is {layer.trainable}")
        found = [np.asarray(value) for value in layer.get_weights()]
        if [list(value.shape) for value in found] != expected["shapes"]:
            raise AssertionError(f"{layer.name} holds {[value.shape for value in found]}, Graft {expected['shapes']}")
        for value in found:
            kept = weights[at : at + value.size].reshape(value.shape)
            at += value.size
            if not np.array_equal(value.astype("float32"), kept, equal_nan=True):
                raise AssertionError(f"{layer.name} has other weights")
        check_objects(layer, expected["objects"])
    if at != weights.size:
        raise AssertionError(f"{weights.size - at} values are left over")


def check_objects(layer, expected):
    """Initializers, regularizers and constraints."""
    config = layer.get_config() if expected else {}
    for name, wanted in expected.items():
        found = config.get(name)
        if found is None and name not in config:
            raise AssertionError(f"{layer.name} says nothing of {name}")
        if found["class_name"] != wanted["class_name"]:
            raise AssertionError(f"{layer.name}: {name} is {found['class_name']}, Graft {wanted['class_name']}")
        for key, value in wanted["config"].items():
            if isinstance(value, (int, float)) and not np.isclose(found["config"][key], value):
                raise AssertionError(f"{layer.name}: {key} of {name} is {found['config'][key]}, Graft {value}")


def check_answers(model, case, place):
    """The largest difference."""
    inputs = [np.array(each["values"], each["dtype"]).reshape(each["shape"]) for each in case["inputs"]]
    answers = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    answers = answers if isinstance(answers, (list, tuple)) else [answers]
    if len(answers) != len(case["outputs"]):
        raise AssertionError(f"{len(answers)} outputs, Graft {len(case['outputs'])}")
    worst = 0.0
    for answer, expected in zip(answers, case["outputs"]):
        answer = np.asarray(answer, "float32")
        if list(answer.shape) != expected["shape"]:
            raise AssertionError(f"shape {answer.shape}, Graft {expected['shape']}")
        wanted = np.array(expected["values"], "float32").reshape(answer.shape)
        if answer.size:
            worst = max(worst, float((np.abs(answer - wanted) / np.maximum(1, np.abs(wanted))).max()))
    if not worst <= TOLERANCE and not (WHICH == "jax" and are_both_exact(place, inputs, answers, case)):
        raise AssertionError(f"differs by {worst}")
    return worst


def are_both_exact(place, inputs, answers, case):
    """Two float32 answers may lie on either side of the exact one: each is held to that, which the same network gives in float64."""
    with jax.enable_x64(True), tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "exact.keras"
        with zipfile.ZipFile(place / "model.keras") as given, zipfile.ZipFile(path, "w") as made:
            for name in given.namelist():
                data = given.read(name)
                made.writestr(name, data.replace(b'"float32"', b'"float64"') if name == "config.json" else data)
        model = keras.models.load_model(path, compile=False)
        given = [each.astype("float64") if each.dtype == "float32" else each for each in inputs]
        exact = model(given if len(given) > 1 else given[0], training=False)
        exact = [np.asarray(each) for each in (exact if isinstance(exact, (list, tuple)) else [exact])]
    if any(each.dtype != np.float64 for each in exact):
        raise AssertionError("the exact answers are not in float64")
    found = [np.asarray(each) for each in answers]
    here = [np.array(each["values"]).reshape(each["shape"]) for each in case["outputs"]]
    off = [
        max(float((np.abs(a - b) / np.maximum(1, np.abs(b))).max()) for a, b in zip(side, exact)) for side in (found, here)
    ]
    print(f"{place.name}: Keras is off the exact answers by {off[0]:.1e}, Graft by {off[1]:.1e}")
    return all(each <= TOLERANCE for each in off)


# What TensorFlow says where it can't compute what JAX can, most often on a CPU: such a model has been opened and checked all the same.
TENSORFLOW_LACKS = (
    "only supports NHWC",
    "only supports NDHWC",
    "only supports the NHWC",
    "only supported for NHWC",
    "CPU implementations do not yet support dilation rates",
    "only supports equal length strides",
    "Size of out_backprop doesn't match computed",
)


def lacks_code(error):
    return any(words in str(error) for words in TENSORFLOW_LACKS)


def is_computed_wrongly(model):
    """Keras 3.15 on TensorFlow gives other answers than on JAX, and than the same layer with the channels last."""
    found = any(
        type(layer).__name__ == "SeparableConv2D" and layer.data_format == "channels_first" for layer in model.layers
    )
    return WHICH == "tensorflow" and found


def test(folder):
    draw_nothing()
    # What has been imported stays: looking through it again and again took half of the time.
    gc.collect()
    gc.freeze()
    passed, failed, start, opened = 0, 0, time.monotonic(), []
    worst = {}
    for place in sorted(path.parent for path in pathlib.Path(folder).glob("*/case.json")):
        case = json.loads((place / "case.json").read_text(encoding="utf-8"))
        weights = np.fromfile(place / "weights.bin", "float32")
        for name in ("model.keras", "model.h5"):
            if WHICH == "tf-keras" and (name != "model.h5" or case["opensIn"] != "keras2 and keras3"):
                continue
            try:
                model = keras.models.load_model(place / name, compile=False)
                check_layers(model, case, weights)
                try:
                    worst[name] = max(worst.get(name, 0.0), check_answers(model, case, place))
                except Exception as error:  # noqa: BLE001
                    if not lacks_code(error) and not is_computed_wrongly(model):
                        raise
                    opened.append(f"{place.name}/{name}")
                passed += 1
            except Exception:  # noqa: BLE001
                failed += 1
                print(f"FAILED {place.name}/{name} {case['opensIn']}\n{traceback.format_exc(limit=-3)}")
    differences = ", ".join(f"{name} {value:.1e}" for name, value in worst.items())
    seconds = time.monotonic() - start
    print(f"{WHICH} {keras.__version__}: largest difference {differences}, {TOLERANCE:.0e} allowed, {seconds:.0f} s")
    if opened:
        print(f"Opened only, as TensorFlow can't compute them here: {', '.join(opened)}")
    print(f"{passed} files are right, {failed} are not")
    return 1 if failed else 0


if __name__ == "__main__":
    if WHICH == "--facts":
        make = keras3_facts if sys.argv[2] == "keras3" else keras2_facts
        print(json.dumps(make(json.load(sys.stdin))))
        sys.exit(0)
    sys.exit(test(sys.argv[2]))
