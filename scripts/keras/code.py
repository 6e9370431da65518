"""Runs the Python that Graft writes (src/targets/keras) in real Keras and compares it with what Graft computes.

    python code.py --facts            what src/formats/keras-write/keras-facts.json has to hold, made from this Keras
    python code.py <folder> --quick   every case in the folder, as scripts/keras/code.mjs writes them, on NumPy, which compiles
                                      nothing; what it can't do (training), or what is off there, is left for the other way
    python code.py <folder>           what the quick way left, on JAX, and the sum of both

A case is a folder with `network.py`, the exported `model/` whose weights that loads, and `case.json`: inputs, the answers of
Graft's live model, and how many values the model holds and trains. It prints `N passed, N failed`.
"""

import contextlib
import inspect
import io
import json
import os
import pathlib
import re
import sys
import traceback

QUICK = "--quick" in sys.argv
# First: this sets how Keras runs.
if QUICK:
    os.environ["KERAS_BACKEND"] = "numpy"
else:
    import small_graphs  # noqa: F401

import keras
import numpy as np

FACTS = pathlib.Path(__file__).parents[2] / "src/formats/keras-write/keras-facts.json"

# The largest absolute difference between Keras' answers and Graft's.
TOLERANCE = 1e-5
# The largest difference between what they log of an epoch, absolute or relative.
LOG_TOLERANCE = 1e-4


def snake_case(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def list_classes(module, base):
    """By their names in snake case, as configs and strings have them: the class, and what its arguments are by default."""
    classes = {}
    for name, value in sorted(vars(getattr(keras, module)).items()):
        # Some classes stand there under a second name.
        if not inspect.isclass(value) or value.__name__ != name or name == base:
            continue
        parameters = list(inspect.signature(value).parameters.values())
        named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        defaults = {p.name: None if p.default is p.empty else p.default for p in named}
        key = name.lower() if module == "optimizers" else snake_case(name)
        classes[key] = {"name": name, "defaults": defaults}
    return classes


def make_facts():
    """What Keras' other classes take, and which layers take their inputs one by one, or states after the first."""
    separate, stateful, cells = [], [], []
    for name, value in sorted(vars(keras.layers).items()):
        if not inspect.isclass(value) or not issubclass(value, keras.Layer):
            continue
        parameters = list(inspect.signature(value.call).parameters.values())[1:]
        if any(p.name == "states" for p in parameters):
            cells.append(name)
            continue
        needed = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
        if len(needed) > 1:
            separate.append(name)
        if any(p.name == "initial_state" for p in parameters):
            stateful.append(name)
    return {
        "separateInputs": separate,
        "initialState": stateful,
        "cells": cells,
        "initializers": list_classes("initializers", "Initializer"),
        "regularizers": list_classes("regularizers", "Regularizer"),
        "constraints": list_classes("constraints", "Constraint"),
        "optimizers": list_classes("optimizers", "Optimizer"),
        "losses": list_classes("losses", "Loss"),
        "metrics": list_classes("metrics", "Metric"),
    }


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
        if QUICK:
            raise NotImplementedError("NumPy has no gradients")
        check_fit(scope["train"], model, inputs, case["fit"])
    return worst


def check_fit(train, model, inputs, fit):
    """The training code runs, moves what trains and nothing else, draws where it may, and learns as Graft does."""
    targets = [np.array(each["values"], each["dtype"]).reshape(each["shape"]) for each in fit["targets"]]
    moves = {layer.name: [np.asarray(weight) for weight in layer.weights] for layer in model.layers}
    x, y = (each if len(each) > 1 else each[0] for each in (inputs, targets))
    options = {} if fit["sampleWeight"] is None else {"sample_weight": np.array(fit["sampleWeight"], "float32")}
    fits = record_fits(model)
    # What `fit` prints is no part of the result.
    with contextlib.redirect_stdout(io.StringIO()):
        train(model, x, y, **options)
    moved = sorted(
        layer.name
        for layer in model.layers
        if any(not np.array_equal(a, np.asarray(b)) for a, b in zip(moves[layer.name], layer.weights))
    )
    if moved != sorted(fit["moves"]):
        raise AssertionError(f"training moved {moved}, Graft moves {fit['moves']}")
    for rows, held_back, _ in fits:
        check_rows(rows, held_back, inputs[0], fit["heldBack"])
        check_held_weights(held_back, fit["sampleWeight"])
    check_draws(model, x, fit["draws"])
    for (_, _, history), expected in zip(fits, fit["history"]):
        check_history(model, history, expected)


def record_fits(model):
    """Of each `fit` its rows of the first input, what is held back, and what it logged, once it has been."""
    fits, fit = [], model.fit

    def recorded(x, y, validation_data=None, **options):
        history = fit(x, y, validation_data=validation_data, **options).history
        fits.append((first(x), validation_data, history))

    object.__setattr__(model, "fit", recorded)
    return fits


def first(x):
    return x[0] if isinstance(x, (list, tuple)) else x


def check_rows(rows, held_back, all_rows, count):
    """Each row trains or validates, so many of them do the latter, and not simply the last ones."""
    if held_back is None and count == 0:
        return
    if held_back is None or len(first(held_back[0])) != count:
        raise AssertionError(f"{held_back} held back, and not {count} rows")
    found = np.concatenate([rows, first(held_back[0])]).reshape(len(all_rows), -1)
    wanted = all_rows.reshape(len(all_rows), -1)
    if not np.array_equal(found[np.lexsort(found.T)], wanted[np.lexsort(wanted.T)]):
        raise AssertionError("not each row once")
    if np.array_equal(found, wanted):
        raise AssertionError("the rows are not drawn")


def check_held_weights(held_back, sample_weight):
    """Class weights don't reach validation: its rows have their own weights alone."""
    if held_back is None or sample_weight is None:
        return
    wanted = np.array(sample_weight, "float32")
    for weights in keras.tree.flatten(held_back[2]):
        if not np.isin(np.asarray(weights, "float32"), wanted).all():
            raise AssertionError(f"rows held back weigh {weights}")


def check_draws(model, x, draws):
    """Whether layers draw while the last phase trains: then no two answers are the same."""
    once, again = (keras.tree.flatten(model(x, training=True)) for _ in range(2))
    is_same = all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(once, again))
    if is_same == draws:
        raise AssertionError("nothing draws in training, in Graft it does" if draws else "what is frozen draws")


def check_history(model, history, expected):
    """Losses and metrics of every epoch of a phase."""
    for epoch, scores in enumerate(expected):
        wanted = {"loss": scores["loss"]}
        for name, head in zip(model.output_names, scores["heads"]):
            prefix = f"{name}_" if len(scores["heads"]) > 1 else ""
            wanted |= {f"{prefix}loss": head["loss"]} if prefix else {}
            wanted |= {f"{prefix}{metric}": value for metric, value in head["metrics"].items()}
        for name, value in wanted.items():
            found = history[name][epoch]
            if not abs(found - value) <= LOG_TOLERANCE * max(1, abs(value)):
                raise AssertionError(f"{name} of epoch {epoch + 1} is {found}, in Graft {value}")
    if len(history["loss"]) != len(expected):
        raise AssertionError(f"{len(history['loss'])} epochs, Graft {len(expected)}")


def main():
    if sys.argv[1:] == ["--facts"]:
        print(json.dumps(make_facts(), indent=2))
        return 0
    folder = pathlib.Path(sys.argv[1]).resolve()
    return run_quickly(folder) if QUICK else run_rest(folder)


def run_quickly(folder):
    result = {"passed": 0, "worst": 0.0, "left": []}
    for case in sorted(path.parent for path in folder.glob("*/case.json")):
        try:
            result["worst"] = max(result["worst"], run_case(case))
            result["passed"] += 1
        except Exception:  # noqa: BLE001  (JAX will say what is wrong)
            result["left"].append(case.name)
    (folder / "quick.json").write_text(json.dumps(result), encoding="utf-8")
    return 0


def run_rest(folder):
    quick = json.loads((folder / "quick.json").read_text(encoding="utf-8"))
    passed, failed, worst = quick["passed"], 0, quick["worst"]
    if json.loads(FACTS.read_text(encoding="utf-8")) == json.loads(json.dumps(make_facts())):
        passed += 1
    else:
        failed += 1
        print(f"FAILED keras-facts.json is not what Keras {keras.__version__} says: make it anew with --facts")
    for name in quick["left"]:
        try:
            worst = max(worst, run_case(folder / name))
            passed += 1
        except Exception:  # noqa: BLE001
            failed += 1
            print(f"FAILED {name}\n{traceback.format_exc(limit=-3)}")
    print(f"Code: largest difference {worst:.1e}, {TOLERANCE:.0e} allowed, Keras {keras.__version__}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
