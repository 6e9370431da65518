"""Goes on training model.keras as Graft trained it: on one device, on several, or on several hosts. README.md says how.

What is trained and how stands in graft.json, the data in data/. Nothing in this file is about this model alone.
"""

import argparse
import json
import math
import os
import pathlib
import sys
import zipfile

# Keras reads it when it is imported.
os.environ.setdefault("KERAS_BACKEND", "jax")

HERE = pathlib.Path(__file__).resolve().parent
SETTINGS = json.loads((HERE / "graft.json").read_text(encoding="utf-8"))

# The largest differences from what Graft measured: of a loss, relative; of an answer to a probe, absolute or relative.
LOSS_TOLERANCE = 1e-4
PROBE_TOLERANCE = 1e-4


def read_flags():
    # Before the imports that take their time.
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="model.keras", help="the file to go on from: model.keras, checkpoint.keras")
    parser.add_argument("--epochs", type=int, help="of each phase; otherwise as in graft.json")
    parser.add_argument("--batch-size", type=int, help="rows a step, over all devices; otherwise as in graft.json")
    parser.add_argument("--devices", type=int, help="so many of them only")
    parser.add_argument("--evaluate-only", action="store_true", help="measure the loss, train nothing")
    parser.add_argument("--check", action="store_true", help="repeat the answers that Graft recorded, then end")
    hosts = parser.add_argument_group("several hosts", "the same command on each, but for --process")
    hosts.add_argument("--coordinator", help="address of process 0: 10.0.0.1:1234 (KERAS_DISTRIBUTION_JOB_ADDRESSES)")
    hosts.add_argument("--processes", type=int, help="how many there are (KERAS_DISTRIBUTION_NUM_PROCESSES)")
    hosts.add_argument("--process", type=int, help="which one this is, from 0 (KERAS_DISTRIBUTION_PROCESS_ID)")
    hosts.add_argument("--cluster", action="store_true", help="JAX finds the others itself: Slurm, Open MPI, Cloud TPU")
    return parser.parse_args()


FLAGS = read_flags()

import jax  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402


# --- devices ------------------------------------------------------------------------------------------------


class Devices:
    """The devices that share the work, and the part of it that falls to this process.

    A batch is spread over all devices in equal parts. One that can't be is filled up; `cut` takes the filling off
    again inside the step, before anything is computed. For that each size of a filled batch stands for one number
    of rows.
    """

    def __init__(self):
        devices = sorted(jax.devices(), key=lambda device: (device.process_index, device.id))
        if FLAGS.devices is not None:
            if jax.process_count() > 1:
                sys.exit("--devices is for a single process.")
            devices = devices[: FLAGS.devices]
        self.count = len(devices)
        self.is_main = jax.process_index() == 0
        self._first = sum(device.process_index < jax.process_index() for device in devices)
        self._own = sum(device.process_index == jax.process_index() for device in devices)
        self._rows_of_size = {}
        kinds = f"{self.count} x {devices[0].device_kind}"
        self.words = kinds if jax.process_count() == 1 else f"{kinds} in {jax.process_count()} processes"
        if self.count > 1:
            names = [f"{device.platform}:{device.id}" for device in devices]
            distribution = keras.distribution.DataParallel(devices=names, auto_shard_dataset=False)
            keras.distribution.set_distribution(distribution)

    def fill(self, rows):
        """How large a batch of so many rows is made."""
        size = math.ceil(rows / self.count) * self.count
        while self._rows_of_size.setdefault(size, rows) != rows:
            size += self.count
        return size

    def own_part(self, rows):
        """Of the rows of a batch those that this process reads."""
        size = self.fill(len(rows))
        filled = np.concatenate([rows, np.repeat(rows[:1], size - len(rows))])
        each = size // self.count
        return filled[self._first * each : (self._first + self._own) * each]

    def cut(self, step):
        """The step of a model, on batches without their filling."""

        def step_on_rows(state, batch):
            def without_filling(array):
                rows = self._rows_of_size[array.shape[0]]
                return array if rows == array.shape[0] else array[:rows]

            return step(state, keras.tree.map_structure(without_filling, batch))

        return step_on_rows


def join_others():
    """Where there are several processes: before JAX computes anything."""
    by_variables = "KERAS_DISTRIBUTION_NUM_PROCESSES" in os.environ
    if FLAGS.coordinator is not None or FLAGS.cluster or by_variables:
        keras.distribution.initialize(FLAGS.coordinator, FLAGS.processes, FLAGS.process)


# --- data ---------------------------------------------------------------------------------------------------


def open_array(path):
    """Not read yet: only the rows that are asked for are."""
    return np.load(HERE / path, mmap_mode="r")


class Batches(keras.utils.PyDataset):
    """The rows of `x`, `y` and, where rows count differently, their weights."""

    def __init__(self, rows, batch_size, devices, is_training):
        super().__init__()
        self.rows = rows
        self.batch_size = batch_size
        self.devices = devices
        self.inputs = [open_array(each["file"]) for each in SETTINGS["inputs"]]
        self.targets = [open_array(each["file"]) for each in SETTINGS["outputs"]]
        file = SETTINGS["sample_weights"]
        self.sample_weights = None if file is None else open_array(file)
        # As in Keras, class weights don't reach validation.
        self.class_weights = [each["class_weights"] if is_training else None for each in SETTINGS["outputs"]]
        self.has_weights = self.sample_weights is not None or any(each is not None for each in self.class_weights)
        # All sizes are known before the first step is compiled.
        for start in range(0, len(rows), batch_size):
            devices.fill(min(batch_size, len(rows) - start))

    def __len__(self):
        return math.ceil(len(self.rows) / self.batch_size)

    def __getitem__(self, index):
        rows = self.devices.own_part(self.rows[index * self.batch_size : (index + 1) * self.batch_size])
        targets = [array[rows] for array in self.targets]
        x = [array[rows] for array in self.inputs]
        y = [as_target(values, output) for values, output in zip(targets, SETTINGS["outputs"])]
        batch = (one_or_all(x), one_or_all(y))
        return (*batch, one_or_all(self.weigh(rows, targets))) if self.has_weights else batch

    def weigh(self, rows, targets):
        """For each output the factor of each row's loss: its sample weight times the weight of its class."""
        samples = np.ones(len(rows), "float32") if self.sample_weights is None else self.sample_weights[rows]
        weights = []
        for values, of_class, output in zip(targets, self.class_weights, SETTINGS["outputs"]):
            own = samples if of_class is None else samples * np.asarray(of_class, "float32")[class_of(values)]
            # One factor for all positions of a row.
            weights.append(own.reshape([len(rows)] + [1] * (output["rank"] - 2)))
        return weights


def class_of(values):
    if values.ndim == 1:
        return values
    return values[:, 0].astype("int32") if values.shape[1] == 1 else values.argmax(-1)


def as_target(values, output):
    return values if output["one_hot"] is None else keras.utils.to_categorical(values, output["one_hot"])


def one_or_all(items):
    return items[0] if len(items) == 1 else items


class Order(keras.callbacks.Callback):
    """Shuffles the rows before each epoch, in the order in which Graft would with this seed."""

    def __init__(self, batches):
        super().__init__()
        self.batches = batches
        self.rows = np.array(batches.rows)
        self.state = start_random(SETTINGS["seed"])

    def on_epoch_begin(self, epoch, logs=None):
        self.batches.rows = self.rows[shuffled_range(len(self.rows), self.state)]


BITS = 0xFFFFFFFF


def start_random(seed):
    """The state of xoshiro128** (https://prng.di.unimi.it/), spread from the seed by SplitMix32."""
    state, mix = [], seed & BITS
    for _ in range(4):
        mix = (mix + 0x9E3779B9) & BITS
        z = ((mix ^ (mix >> 16)) * 0x21F0AAAD) & BITS
        z = ((z ^ (z >> 15)) * 0x735A2D97) & BITS
        state.append(z ^ (z >> 15))
    return state


def shuffled_range(count, state):
    """Fisher-Yates. The state moves on."""
    a, b, c, d = state
    order = np.arange(count)
    for i in range(count - 1, 0, -1):
        bits = b * 5 & BITS
        bits = ((bits << 7 | bits >> 25) & BITS) * 9 & BITS
        t = b << 9 & BITS
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        d = (d << 11 | d >> 21) & BITS
        j = bits * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    state[:] = a, b, c, d
    return order


# --- what is trained ----------------------------------------------------------------------------------------


class Head(keras.layers.Layer):
    """An output under the name that it has in Graft, and without its mask: Graft's losses count every position."""

    def __init__(self, **options):
        super().__init__(**options)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask):
        return None

    def call(self, inputs):
        return keras.ops.copy(inputs)


def with_heads(model, devices):
    """Computes with the layers of `model`, so training it trains them."""
    taken = {layer.name for layer in model.layers}
    outputs = []
    for tensor, output in zip(model.outputs, SETTINGS["outputs"]):
        name = output["name"]
        while name in taken:
            name += "_"
        taken.add(name)
        outputs.append(Head(name=name, dtype=tensor.dtype)(tensor))
    trainer = keras.Model(model.inputs, one_or_all(outputs))
    trainer.train_step = devices.cut(trainer.train_step)
    trainer.test_step = devices.cut(trainer.test_step)
    return trainer


class OfProbabilities(keras.metrics.Metric):
    """A metric over all positions as rows, of the probabilities that the loss makes of what the network answers."""

    def __init__(self, metric, activation):
        super().__init__(name=metric.name)
        self.metric = metric
        self.activation = keras.activations.get(activation)

    def update_state(self, y_true, y_pred, sample_weight=None):
        last = y_pred.shape[-1]
        is_index = len(y_true.shape) < len(y_pred.shape)
        rows = keras.ops.reshape(self.activation(y_pred), (-1, last))
        self.metric.update_state(keras.ops.reshape(y_true, (-1,) if is_index else (-1, last)), rows)

    def result(self):
        return self.metric.result()

    def reset_state(self):
        self.metric.reset_state()


def make(module, described):
    return getattr(module, described["class_name"])(**described["config"])


def compile_for(trainer, optimizer):
    outputs = SETTINGS["outputs"]
    losses = [make(keras.losses, output["loss"]) for output in outputs]
    metrics = [
        [OfProbabilities(make(keras.metrics, each), output["activation"]) for each in output["metrics"]]
        for output in outputs
    ]
    trainer.compile(
        optimizer=optimizer,
        loss=one_or_all(losses),
        loss_weights=[output["loss_weight"] for output in outputs],
        metrics=one_or_all(metrics),
    )


def freeze_all_but(model, names):
    """A frozen layer runs in inference mode, whatever its type: also Dropout, which Keras would leave active."""
    for layer in model.layers:
        layer.trainable = layer.name in names
        vars(layer).pop("call", None)
        if not layer.trainable and layer._call_has_training_arg:
            object.__setattr__(layer, "call", in_inference_mode(layer.call))


def in_inference_mode(call):
    def call_frozen(*args, **options):
        return call(*args, **{**options, "training": False})

    return call_frozen


# --- how it is trained --------------------------------------------------------------------------------------


def make_optimizer(phase, epochs, steps):
    described = phase["optimizer"]
    rate = make_schedule(phase["schedule"], phase["learning_rate"], epochs, steps)
    return getattr(keras.optimizers, described["class_name"])(learning_rate=rate, **described["config"])


def make_schedule(schedule, rate, epochs, steps):
    """Graft counts epochs, Keras steps, of which an epoch has `steps`."""
    schedules = keras.optimizers.schedules
    if schedule["kind"] == "exponential":
        return schedules.ExponentialDecay(
            rate, schedule["decay_epochs"] * steps, schedule["decay_rate"], schedule["staircase"]
        )
    if schedule["kind"] == "cosine":
        target = schedule["warmup_target"]
        warmup = 0 if target is None else schedule["warmup_epochs"]
        decay = epochs - warmup if schedule["decay_epochs"] is None else schedule["decay_epochs"]
        # A phase that is all warm-up has no way down, and Keras takes no decay over 0 steps.
        return schedules.CosineDecay(
            rate, max(1, decay * steps), schedule["alpha"], warmup_target=target, warmup_steps=warmup * steps
        )
    if schedule["kind"] == "piecewise":
        # The epoch at a boundary has the new rate from its first step on; Keras would begin with its second.
        boundaries = [math.ceil(boundary * steps - 1e-6) - 1 for boundary in schedule["boundaries"]]
        return schedules.PiecewiseConstantDecay(boundaries, schedule["values"])
    return rate


def make_callbacks(phase, trainer):
    callbacks = []
    stopping = SETTINGS["early_stopping"]
    if stopping is not None:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                **watch(stopping["monitor"], trainer),
                min_delta=stopping["min_delta"],
                patience=stopping["patience"],
                restore_best_weights=stopping["restore_best"],
            )
        )
    plateau = phase["schedule"]
    if plateau["kind"] == "plateau":
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(
                **watch(plateau["monitor"], trainer),
                factor=plateau["factor"],
                patience=plateau["patience"],
                min_delta=plateau["min_delta"],
                cooldown=plateau["cooldown"],
                min_lr=plateau["min_learning_rate"],
            )
        )
    return callbacks


def watch(monitor, trainer):
    """The name that Keras' logs have for it."""
    name = monitor["value"]
    if monitor["output"] is not None and len(SETTINGS["outputs"]) > 1:
        name = f"{trainer.output_names[monitor['output']]}_{name}"
    has_validation = SETTINGS["rows"]["validation"] is not None
    prefix = "val_" if monitor["rows"] == "validation" and has_validation else ""
    return {"monitor": prefix + name, "mode": monitor["mode"]}


class Keep(keras.callbacks.Callback):
    """Keeps the logs and, epoch by epoch, the weights. Ends what has gone astray."""

    def __init__(self, model, phase, history, is_main):
        super().__init__()
        self.kept = model
        self.phase = phase
        self.history = history
        self.is_main = is_main

    def on_epoch_end(self, epoch, logs=None):
        logs = {name: float(value) for name, value in (logs or {}).items()}
        self.history.append({"phase": self.phase, "epoch": len(self.history) + 1, **logs})
        if not math.isfinite(logs["loss"]):
            sys.exit("The loss is no longer a finite number: try a lower learning rate.")
        if self.is_main:
            save(self.kept, "checkpoint.keras")


def save(model, name):
    """model.keras with the weights as they are now: all else that Graft wrote into it stays."""
    weights, unfinished = HERE / f"{name}.weights.h5", HERE / f"{name}.part"
    model.save_weights(weights)
    with zipfile.ZipFile(HERE / "model.keras") as old, zipfile.ZipFile(unfinished, "w") as new:
        for entry in old.namelist():
            if entry == "model.weights.h5":
                new.write(weights, entry)
            else:
                new.writestr(entry, old.read(entry))
    weights.unlink()
    os.replace(unfinished, HERE / name)


# --- what Graft measured ------------------------------------------------------------------------------------


def compare_all(model, trainer, measured, say):
    """Whether the untouched model's losses are those that Graft reported."""
    agree, compiled = [], ...
    for name, batches in measured.items():
        reported = SETTINGS["reported"][name]
        # Regularisation counts the weights that train: what Graft told may count those of a phase.
        phase = None if reported is None else reported["phase"]
        if phase != compiled:
            freeze_all_but(model, [] if phase is None else SETTINGS["phases"][phase]["trains"])
            compile_for(trainer, "sgd")
            compiled = phase
        agree.append(compare(trainer, name, batches, reported, say))
    return all(agree)


def compare(trainer, name, batches, reported, say):
    """The loss of the same rows here and in Graft."""
    # Some GPUs multiply with fewer digits unless they are told not to.
    with jax.default_matmul_precision("float32"):
        logs = trainer.evaluate(batches, verbose=0, return_dict=True)
    if reported is None or FLAGS.model != "model.keras":
        say(f"{name} loss: {logs['loss']:.6f}")
        return True
    found, told = [logs["loss"]], [reported["loss"]]
    if len(SETTINGS["outputs"]) > 1:
        found += [logs[f"{output}_loss"] for output in trainer.output_names]
        told += reported["losses"]
    off = max(abs(a - b) / max(abs(b), 1e-3) for a, b in zip(found, told))
    verdict = "as it should" if off <= LOSS_TOLERANCE else f"MORE than the {LOSS_TOLERANCE:.0e} that rounding explains"
    say(f"{name} loss: {found[0]:.6f} here, {told[0]:.6f} in Graft; the relative difference is {off:.1e}, {verdict}")
    return off <= LOSS_TOLERANCE


def check(model):
    """Whether it answers what Graft recorded."""
    probes = SETTINGS["probes"]
    answers = model.predict_on_batch(one_or_all([np.array(open_array(file)) for file in probes["inputs"]]))
    answers = answers if isinstance(answers, (list, tuple)) else [answers]
    off = 0.0
    for answer, file in zip(answers, probes["outputs"]):
        expected = np.asarray(open_array(file))
        off = max(off, float(np.max(np.abs(np.asarray(answer) - expected) / np.maximum(1, np.abs(expected)))))
    is_right = off <= PROBE_TOLERANCE
    print(f"{'ok' if is_right else 'WRONG'}: the answers differ by {off:.1e}, {PROBE_TOLERANCE:.0e} is allowed")
    return is_right


# --- all of it ----------------------------------------------------------------------------------------------


def main():
    # Before the processes meet: Keras would otherwise make up a seed for all of them.
    keras.utils.set_random_seed(SETTINGS["seed"] & BITS)
    join_others()
    if FLAGS.check:
        with jax.default_matmul_precision("float32"):
            return 0 if check(keras.saving.load_model(HERE / FLAGS.model, compile=False)) else 1
    devices = Devices()
    say = print if devices.is_main else lambda *_: None
    batch_size = FLAGS.batch_size or SETTINGS["batch_size"]
    say(f"{SETTINGS['name']}: Keras {keras.__version__} on {devices.words}, {batch_size} rows a step")
    if batch_size % devices.count != 0:
        say(f"It is faster with a --batch-size that {devices.count} devices can share equally.")

    model = keras.saving.load_model(HERE / FLAGS.model, compile=False)
    trainer = with_heads(model, devices)
    rows = {name: None if file is None else np.load(HERE / file) for name, file in SETTINGS["rows"].items()}
    measured = {
        name: Batches(rows[name], SETTINGS["evaluation_batch_size"], devices, is_training=False)
        for name in ("validation", "test")
        if rows[name] is not None
    }

    agree = compare_all(model, trainer, measured, say)
    if FLAGS.evaluate_only:
        return 0 if agree else 1

    batches = Batches(rows["train"], batch_size, devices, is_training=True)
    order, history = Order(batches), []
    for index, phase in enumerate(SETTINGS["phases"]):
        epochs = FLAGS.epochs or phase["epochs"]
        say(f"Phase {index + 1} of {len(SETTINGS['phases'])}: {phase['name']}, {epochs} epochs")
        freeze_all_but(model, phase["trains"])
        compile_for(trainer, make_optimizer(phase, epochs, len(batches)))
        trainer.fit(
            batches,
            epochs=epochs,
            shuffle=False,  # `order` does that
            validation_data=measured.get("validation"),
            verbose="auto" if devices.is_main else 0,
            callbacks=[order, *make_callbacks(phase, trainer), Keep(model, index, history, devices.is_main)],
        )
    if devices.is_main:
        save(model, "trained.keras")
        (HERE / "history.json").write_text(json.dumps(history, indent=1), encoding="utf-8")
    for name, each in measured.items():
        say(f"{name} loss afterwards: {trainer.evaluate(each, verbose=0, return_dict=True)['loss']:.6f}")
    say("Wrote trained.keras: drop it on Graft to go on there.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
