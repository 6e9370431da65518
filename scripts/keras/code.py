"""Runs the Python that Graft writes (src/targets/keras) in real Keras and compares it with what Graft computes.

    python code.py <folder>   every case in the folder, as scripts/keras/code.mjs writes them
    python code.py --facts    what src/targets/keras/keras-facts.json has to hold, made from this Keras

A case is a folder with `network.py`, the exported `model/` whose weights that loads, and `case.json`: inputs, the answers of
Graft's live model, and how many values the model holds and trains. It prints `N passed, N failed`.
"""

import inspect
import json
import os
import pathlib
import sys
import traceback

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

FACTS = pathlib.Path(__file__).parents[2] / "src/targets/keras/keras-facts.json"

# The largest absolute difference between Keras' answers and Graft's.
TOLERANCE = 1e-5


def make_facts():
    """Where Keras goes its own way: constructors of small objects, and layers that take their inputs one by one."""
    objects = {}
    for module in ("initializers", "regularizers", "constraints"):
        base = {"initializers": "Initializer", "regularizers": "Regularizer", "constraints": "Constraint"}[module]
        for name, value in sorted(vars(getattr(keras, module)).items()):
            # Some classes stand there under a second name.
            if not inspect.isclass(value) or value.__name__ != name or name == base:
                continue
            parameters = inspect.signature(value).parameters
            objects[name] = {"module": module, "defaults": {p.name: p.default for p in parameters.values()}}
    separate = []
    for name, value in sorted(vars(keras.layers).items()):
        if not inspect.isclass(value) or not issubclass(value, keras.Layer) or name.endswith(("Cell", "Cells")):
            continue
        parameters = list(inspect.signature(value.call).parameters.values())[1:]
        needed = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
        if len(needed) > 1:
            separate.append(name)
    return {"objects": objects, "separateInputs": separate}


def run_case(folder):
    """The largest difference; raises where anything else is wrong."""
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    if "error" in case:
        raise AssertionError(f"Graft can't run it: {case['error']}")
    os.chdir(folder)
    keras.backend.clear_session()
    scope = {}
    source = (folder / "network.py").read_text(encoding="utf-8")
    exec(compile(source, str(folder / "network.py"), "exec"), scope)  # noqa: S102
    model = scope["model"]
    held = model.count_params()
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    if [held, trained] != [case["parameters"], case["trainable"]]:
        raise AssertionError(f"holds {held} and trains {trained}, Graft {case['parameters']} and {case['trainable']}")
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
        worst = max(worst, float(np.abs(answer - np.array(expected["values"], "float32").reshape(answer.shape)).max()))
    if not worst <= TOLERANCE:
        raise AssertionError(f"differs by {worst}")
    if case["fit"] is not None:
        check_fit(scope["train"], model, inputs, case["fit"])
    return worst


def check_fit(train, model, inputs, fit):
    """The training code runs, moves what trains and nothing else."""
    targets = [np.array(each["values"], each["dtype"]).reshape(each["shape"]) for each in fit["targets"]]
    moves = {layer.name: [np.array(weight) for weight in layer.weights] for layer in model.layers}
    train(model, inputs if len(inputs) > 1 else inputs[0], targets if len(targets) > 1 else targets[0])
    moved = sorted(
        layer.name
        for layer in model.layers
        if any(not np.array_equal(a, np.array(b)) for a, b in zip(moves[layer.name], layer.weights))
    )
    if moved != sorted(fit["moves"]):
        raise AssertionError(f"training moved {moved}, Graft moves {fit['moves']}")


def main():
    if sys.argv[1:] == ["--facts"]:
        print(json.dumps(make_facts(), indent=2))
        return 0
    passed, failed, worst = 0, 0, 0.0
    if json.loads(FACTS.read_text(encoding="utf-8")) == make_facts():
        passed += 1
    else:
        failed += 1
        print(f"FAILED keras-facts.json is not what Keras {keras.__version__} says: make it anew with --facts")
    for folder in sorted(path.parent for path in pathlib.Path(sys.argv[1]).resolve().glob("*/case.json")):
        try:
            worst = max(worst, run_case(folder))
            passed += 1
        except Exception:  # noqa: BLE001
            failed += 1
            print(f"FAILED {folder.name}\n{traceback.format_exc(limit=-3)}")
    print(f"Code: largest difference {worst:.1e}, {TOLERANCE:.0e} allowed, Keras {keras.__version__}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
