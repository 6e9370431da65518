"""Runs the training projects that Graft writes (src/targets/keras-project) in real Keras; project.mjs unpacks them.

    python project.py <folder>

A case is a folder with an unpacked project and `expected.json`: what Graft's own trainer logged in each epoch and what
its trained network answers, null where layers draw. Each runs on one device and on four (virtual ones of the CPU), and one case in two processes of two
devices each. What it leaves, `trained.keras` and `answers.json`, is for Graft to read back. It prints `N passed, N
failed`.
"""

import contextlib
import io
import json
import os
import pathlib
import re
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback

import small_graphs  # noqa: F401  (first: it sets how Keras runs)

DEVICES = "--xla_force_host_platform_device_count"
os.environ["XLA_FLAGS"] += f" {DEVICES}=4"
# Most of what a run compiles an earlier one has compiled.
COMPILED = tempfile.TemporaryDirectory()
os.environ["JAX_COMPILATION_CACHE_DIR"] = COMPILED.name
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "0"

import keras
import numpy as np

# Between what Keras and Graft log in an epoch, relative to 1 or to the value: float32, step after step.
LOG_TOLERANCE = 1e-5
# The same between one device and several: sums in another order.
DEVICES_TOLERANCE = 1e-5
# Of the untouched model, relative; train.py prints it.
START_TOLERANCE = 1e-4
# The case that two processes run, with all kinds of weights in it and BatchNormalization.
IN_PROCESSES = "two-heads"


def run_here(folder, *flags):
    """What train.py says; it runs in this process, as importing Keras takes longer than training."""
    keras.distribution.set_distribution(None)
    keras.backend.clear_session()
    said, arguments = io.StringIO(), sys.argv
    sys.argv = ["train.py", *flags]
    try:
        with contextlib.redirect_stdout(said):
            runpy.run_path(str(folder / "train.py"), run_name="__main__")
    except SystemExit as end:
        if end.code != 0:
            raise AssertionError(f"train.py {' '.join(flags)} ended with {end.code}:\n{said.getvalue()}") from None
    finally:
        sys.argv = arguments
        keras.distribution.set_distribution(None)
    return said.getvalue()


def start_processes(folder):
    """Two of them, as on two hosts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    flags = re.sub(f"{DEVICES}=\\d+", f"{DEVICES}=2", os.environ["XLA_FLAGS"])
    environment = {**os.environ, "XLA_FLAGS": flags, "JAX_CPU_COLLECTIVES_IMPLEMENTATION": "gloo"}
    command = [sys.executable, "train.py", "--coordinator", address, "--processes", "2", "--process"]
    return [
        subprocess.Popen(
            [*command, str(process)],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for process in range(2)
    ]


def check_start(said):
    """The untouched model's losses are those that Graft reported."""
    found = [float(text) for text in re.findall(r"relative difference is (\S+),", said)]
    if len(found) != 2 or max(found) > START_TOLERANCE:
        raise AssertionError(f"doesn't start with Graft's losses:\n{said}")
    return max(found)


def flatten_logs(folder, settings):
    """In the order of expected.json: for each epoch its phase, then what training and what validation logged."""
    outputs = settings["outputs"]
    rows = []
    for logs in json.loads((folder / "history.json").read_text(encoding="utf-8")):
        values = []
        for prefix in ["", "val_"]:
            values.append(logs[f"{prefix}loss"])
            for output in outputs:
                # A head whose name a layer has already got a longer one.
                starts = re.compile(f"{prefix}{re.escape(output['name'])}_*_loss")
                several = [name[: -len("loss")] for name in logs if starts.fullmatch(name)]
                name = several[0] if len(outputs) > 1 else prefix
                values.append(logs[f"{name}loss"])
                values += [logs[f"{name}{metric['config']['name']}"] for metric in output["metrics"]]
        rows.append([logs["phase"], *values])
    return np.array(rows)


def flatten_expected(history):
    rows = []
    for log in history:
        values = [log["phase"]]
        for scores in [log["training"], log["validation"]]:
            values.append(scores["loss"])
            for head in scores["heads"]:
                values += [head["loss"], *head["metrics"]]
        rows.append(values)
    return np.array(rows)


def compare_logs(found, expected, tolerance, what):
    if found.shape != expected.shape:
        raise AssertionError(f"{what}: {found.shape} and not {expected.shape}")
    off = float(np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected))))
    if not off <= tolerance:
        raise AssertionError(f"{what}: differ by {off:.1e}\n{found}\n{expected}")
    return off


def compare_with_graft(logs, answers, expected):
    """Epoch by epoch, and what the trained network answers: it may be that of an earlier epoch."""
    off = compare_logs(logs, flatten_expected(expected["history"]), LOG_TOLERANCE, "Graft's logs")
    for found, answer in zip(answers, expected["answers"], strict=True):
        off = max(off, compare_logs(np.array(found), np.array(answer), LOG_TOLERANCE, "Graft's trained network"))
    return off


def weights_of(file):
    model = keras.saving.load_model(file)
    return {layer.name: [np.asarray(weight) for weight in layer.weights] for layer in model.layers}


def check_weights(folder, settings):
    """What never trains is as it was, bit for bit; what trains has moved."""
    before, after = weights_of(folder / "model.keras"), weights_of(folder / "trained.keras")
    trains = {name for phase in settings["phases"] for name in phase["trains"]}
    if not trains <= set(before):
        raise AssertionError(f"no such layers: {trains - set(before)}")
    moved = {
        name for name in before if any(not np.array_equal(a, b) for a, b in zip(before[name], after[name], strict=True))
    }
    if not moved or not moved <= trains or any(before[name] for name in trains - moved):
        raise AssertionError(f"moved {sorted(moved)} and not {sorted(trains)}")
    return after


def keep_answers(folder, settings):
    """What trained.keras answers to the probes, for Graft to repeat."""
    model = keras.saving.load_model(folder / "trained.keras")
    inputs = [np.load(folder / file) for file in settings["probes"]["inputs"]]
    answers = model.predict_on_batch(inputs if len(inputs) > 1 else inputs[0])
    answers = answers if isinstance(answers, (list, tuple)) else [answers]
    answers = [np.asarray(each).ravel().tolist() for each in answers]
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    return answers


def run_case(folder, processes):
    settings = json.loads((folder / "graft.json").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    run_here(folder, "--check")
    start = check_start(run_here(folder, "--devices", "1"))
    one = flatten_logs(folder, settings)
    check_weights(folder, settings)
    answers = keep_answers(folder, settings)
    alone = None if expected is None else compare_with_graft(one, answers, expected)
    check_start(run_here(folder))
    spread = compare_logs(flatten_logs(folder, settings), one, DEVICES_TOLERANCE, "four devices")
    check_weights(folder, settings)
    if processes is not None:
        said = [process.communicate()[0] for process in processes]
        if any(process.returncode != 0 for process in processes):
            raise AssertionError("\n".join(said))
        check_start(said[0])
        other = folder.parent / f"{folder.name}.processes"
        spread = max(spread, compare_logs(flatten_logs(other, settings), one, DEVICES_TOLERANCE, "two processes"))
        check_weights(other, settings)
        if "loss" in said[1]:
            raise AssertionError(f"the second process speaks too:\n{said[1]}")
    return start, alone, spread


def main():
    folders = sorted(path.parent for path in pathlib.Path(sys.argv[1]).resolve().glob("*/expected.json"))
    passed, failed, worst = 0, 0, [0.0, 0.0, 0.0]
    shared = next(folder for folder in folders if folder.name == IN_PROCESSES)
    copy = shared.parent / f"{shared.name}.processes"
    shutil.copytree(shared, copy)
    (copy / "expected.json").unlink()
    processes = start_processes(copy)
    try:
        for folder in folders:
            try:
                found = run_case(folder, processes if folder == shared else None)
                worst = [max(a, b or 0.0) for a, b in zip(worst, found)]
                passed += 1
            except Exception:  # noqa: BLE001
                failed += 1
                print(f"FAILED {folder.name}\n{traceback.format_exc(limit=-3)}")
    finally:
        for process in processes:
            process.kill()
    print(
        f"Projects: starting losses differ from Graft's by {worst[0]:.1e} ({START_TOLERANCE:.0e} allowed), epochs by"
        f" {worst[1]:.1e} ({LOG_TOLERANCE:.0e}), one device from several by {worst[2]:.1e} ({DEVICES_TOLERANCE:.0e})"
    )
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
