"""
What real Keras computes where Graft has its own: losses with their gradients, metrics, optimisers, schedules and the two
callbacks that watch epochs. Small cases with the numbers that go in, for the tests in src/trainer.

    python scripts/keras/training.py                  writes src/trainer/goldens/*.json
    python scripts/keras/training.py --check <folder> computes again and compares with the files there; exit code 1 if they differ

Needs the packages of scripts/keras/requirements.txt and KERAS_BACKEND=jax. Nothing is drawn anew: the same numbers every time.
"""

import argparse
import json
import sys
from pathlib import Path

import small_graphs  # noqa: F401  (first: it sets how Keras runs)

import jax
import keras
import numpy as np

HERE = Path(__file__).resolve().parent
GOLDENS = HERE.parent.parent / "src" / "trainer" / "goldens"
# Two machines differ in the last bits of 32; what is compared has passed through a few dozen operations at most.
TOLERANCE = 2e-5


def rounded(array, digits=4):
    """Numbers that a file holds in few characters and that are the same 32-bit numbers on both sides."""
    return np.round(np.asarray(array, np.float64), digits).astype(np.float32)


def plain(value):
    """As JSON: 32-bit numbers in the fewest digits that say them."""
    array = np.asarray(value)
    if array.ndim == 0:
        return int(array) if array.dtype.kind in "iu" else float(str(np.float32(array)))
    return [plain(item) for item in array]


# --- losses


def probabilities(random, *shape):
    raw = random.random(shape) + 0.05
    return rounded(raw / raw.sum(-1, keepdims=True))


def one_hot(random, rows, classes):
    return np.eye(classes, dtype=np.float32)[random.integers(0, classes, rows)]


def loss_cases():
    random = np.random.default_rng(1)
    normal = lambda *shape: rounded(random.normal(size=shape))
    logits = rounded(random.normal(size=(4, 3)) * 4)
    classes = probabilities(random, 4, 3)
    # A zero, a one and a row that doesn't sum to one: what clipping and normalising are for.
    hard = np.array([[1, 0, 0], [0.2, 0.2, 0.2], [0, 1, 0], [0.5, 0.25, 0.25]], np.float32)
    wanted = one_hot(random, 4, 3)
    indices = random.integers(0, 3, 4).astype(np.int32)
    steps = probabilities(random, 2, 3, 4)
    step_indices = random.integers(0, 4, (2, 3)).astype(np.int32)
    yes = rounded(random.random((4, 1)), 3)
    yes_many = rounded(random.random((3, 2)), 3)
    bits = random.integers(0, 2, (4, 1)).astype(np.float32)
    bits_many = random.integers(0, 2, (3, 2)).astype(np.float32)
    sure = np.array([[30], [-30], [0], [-4]], np.float32)
    values, targets = normal(4, 3), normal(4, 3)
    image, image_target = normal(2, 2, 2, 1), normal(2, 2, 2, 1)
    positive, counts = rounded(random.random((4, 2)) + 0.1), random.integers(0, 4, (4, 2)).astype(np.float32)
    exact = np.array([[1, 2, 0], [0, 0, 0]], np.float32)
    near = np.array([[1, 2.5, 0], [0, 0, -3]], np.float32)

    for smoothing in (0.0, 0.1):
        for from_logits, prediction in ((False, classes), (False, hard), (True, logits)):
            yield "categorical_crossentropy", dict(from_logits=from_logits, label_smoothing=smoothing), wanted, prediction
        for from_logits, target, prediction in (
            (False, bits, yes),
            (False, bits_many, yes_many),
            (False, np.array([[1], [0]], np.float32), np.array([[0], [0.3]], np.float32)),
            (True, bits, sure),
            (True, bits_many, normal(3, 2)),
        ):
            yield "binary_crossentropy", dict(from_logits=from_logits, label_smoothing=smoothing), target, prediction
    yield "categorical_crossentropy", dict(from_logits=False, label_smoothing=0.0), np.eye(4, dtype=np.float32)[step_indices], steps
    for from_logits, target, prediction in (
        (False, indices, classes),
        (False, indices, hard),
        (True, indices, logits),
        (False, step_indices, steps),
        (True, step_indices, normal(2, 3, 4)),
    ):
        yield "sparse_categorical_crossentropy", dict(from_logits=from_logits), target, prediction
    yield "kl_divergence", {}, classes, probabilities(random, 4, 3)
    yield "kl_divergence", {}, wanted, hard
    yield "categorical_hinge", {}, wanted, values
    yield "categorical_hinge", {}, wanted[:2], np.zeros((2, 3), np.float32)
    for name in ("hinge", "squared_hinge"):
        yield name, {}, bits, normal(4, 1)
        yield name, {}, 2 * bits_many - 1, normal(3, 2)
        yield name, {}, np.array([[0, -1], [1, 1]], np.float32), normal(2, 2)
    for name in ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "log_cosh"):
        yield name, {}, targets, values
        yield name, {}, image_target, image
    yield "mean_squared_error", {}, exact, near
    yield "log_cosh", {}, exact, near
    # Not for absolute errors: Keras' backends disagree on the slope of |0| (JAX says 1, TensorFlow 0).
    for delta in (1.0, 0.3):
        yield "huber", dict(delta=delta), targets, values
        yield "huber", dict(delta=delta), exact, near
    yield "mean_squared_logarithmic_error", {}, positive, rounded(random.random((4, 2)) * 3)
    yield "mean_squared_logarithmic_error", {}, positive, normal(4, 2)
    yield "poisson", {}, counts, positive
    yield "cosine_similarity", {}, targets, values
    yield "cosine_similarity", {}, normal(2, 3, 2), normal(2, 3, 2)


LOSS_CLASSES = {
    "kl_divergence": "KLDivergence",
    "log_cosh": "LogCosh",
    **{
        name: "".join(part.capitalize() for part in name.split("_"))
        for name in (
            "categorical_crossentropy",
            "sparse_categorical_crossentropy",
            "binary_crossentropy",
            "categorical_hinge",
            "hinge",
            "squared_hinge",
            "mean_squared_error",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_squared_logarithmic_error",
            "huber",
            "poisson",
            "cosine_similarity",
        )
    },
}


def camel(options):
    """`label_smoothing` as `labelSmoothing`, as documents have it."""
    def name(key):
        first, *rest = key.split("_")
        return first + "".join(part.capitalize() for part in rest)

    return {name(key): value for key, value in options.items()}


def make_losses():
    cases = []
    for name, options, target, prediction in loss_cases():
        loss = getattr(keras.losses, LOSS_CLASSES[name])(**options)
        each = getattr(keras.losses, LOSS_CLASSES[name])(**options, reduction="none")
        weights = rounded(np.linspace(0, 2.5, len(target)))
        # Positions of a row share its weight.
        weights_of_values = weights.reshape((-1,) + (1,) * (prediction.ndim - 2))
        case = dict(
            loss=dict(kind=name, **camel(options)),
            target=plain(target),
            integers=target.dtype.kind == "i",
            prediction=plain(prediction),
            values=plain(each(target, prediction)),
            weights=plain(weights),
        )
        for key, given in (("plain", None), ("weighted", np.broadcast_to(weights_of_values, prediction.shape[:-1]))):
            value, gradient = jax.value_and_grad(lambda p: loss(target, p, given))(prediction)
            case[key] = dict(value=plain(value), gradient=plain(gradient))
        cases.append(case)
    return cases


# --- metrics


def metric_cases():
    random = np.random.default_rng(2)
    sizes = (5, 4, 2)
    batches = lambda make: [make(rows) for rows in sizes]
    classes = batches(lambda rows: (one_hot(random, rows, 4), probabilities(random, rows, 4)))
    ties = [
        (np.eye(3, dtype=np.float32), np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0, 0, 0]], np.float32)),
        (np.eye(3, dtype=np.float32)[:2], np.array([[0.2, 0.4, 0.4], [0, 1, 0]], np.float32)),
    ]
    sparse = [(target.argmax(-1).astype(np.int32), prediction) for target, prediction in classes]
    binary = batches(
        lambda rows: (random.integers(0, 2, (rows, 1)).astype(np.float32), rounded(random.random((rows, 1)), 3))
    )
    edge = [
        (np.array([[1], [0], [1], [0]], np.float32), np.array([[0.5], [0.5], [0], [1]], np.float32)),
        (np.array([[1], [0]], np.float32), np.array([[1], [0]], np.float32)),
    ]
    labels = batches(
        lambda rows: (random.integers(0, 2, (rows, 3)).astype(np.float32), rounded(random.random((rows, 3)), 3))
    )
    one_class = [(np.ones((3, 1), np.float32), np.array([[0.2], [0.7], [0.9]], np.float32))]
    values = batches(lambda rows: (rounded(random.normal(size=(rows, 2))), rounded(random.normal(size=(rows, 2)))))
    single = batches(lambda rows: (rounded(random.normal(size=(rows, 1))), rounded(random.normal(size=(rows, 1)))))
    sequence = batches(
        lambda rows: (random.integers(0, 3, (rows, 2)).astype(np.int32), probabilities(random, rows, 2, 3))
    )
    logits = [(target, rounded(np.log(prediction / (1 - prediction)))) for target, prediction in binary]

    categorical = dict(kind="categorical_crossentropy", fromLogits=False, labelSmoothing=0)
    sparse_loss = dict(kind="sparse_categorical_crossentropy", fromLogits=False)
    binary_loss = dict(kind="binary_crossentropy", fromLogits=False, labelSmoothing=0)
    squared = dict(kind="mean_squared_error")
    from_logits = dict(binary_loss, fromLogits=True)
    m = keras.metrics

    # `accuracy` is resolved by real Keras, from the shapes that it sees.
    for loss, data in (
        (categorical, classes),
        (categorical, ties),
        (sparse_loss, sparse),
        (sparse_loss, sequence),
        (binary_loss, binary),
        (binary_loss, edge),
        (binary_loss, labels),
        (squared, values),
        (squared, single),
    ):
        yield dict(kind="accuracy"), loss, data, lambda y, p: keras.src.trainers.compile_utils.get_metric("accuracy", y, p), None
    # Probabilities are above a half where logits are above 0.
    yield dict(kind="accuracy"), from_logits, logits, lambda y, p: m.BinaryAccuracy(threshold=0.0), None
    for k in (1, 2, 3):
        settings = dict(kind="top_k_accuracy", k=k)
        yield settings, categorical, classes, lambda y, p, k=k: m.TopKCategoricalAccuracy(k=k), None
        yield settings, categorical, ties, lambda y, p, k=k: m.TopKCategoricalAccuracy(k=k), None
        yield settings, sparse_loss, sparse, lambda y, p, k=k: m.SparseTopKCategoricalAccuracy(k=k), None
        yield settings, sparse_loss, sequence, lambda y, p, k=k: m.SparseTopKCategoricalAccuracy(k=k), None
    for data, loss in ((binary, binary_loss), (edge, binary_loss), (labels, binary_loss), (classes, categorical), (one_class, binary_loss)):
        yield dict(kind="auc"), loss, data, lambda y, p: m.AUC(), None
        for threshold in (0.5, 0.3):
            for kind, metric in (("precision", m.Precision), ("recall", m.Recall)):
                settings = dict(kind=kind, threshold=threshold)
                yield settings, loss, data, lambda y, p, metric=metric, t=threshold: metric(thresholds=t), None
    yield dict(kind="auc"), from_logits, logits, lambda y, p: m.AUC(from_logits=True), None
    # What Keras takes as rows of classes only.
    to_one_hot = lambda y, p: np.eye(p.shape[-1], dtype=np.float32)[y]
    yield dict(kind="auc"), sparse_loss, sparse, lambda y, p: m.AUC(), to_one_hot
    for average in ("macro", "micro", "weighted"):
        for threshold in (None, 0.4):
            settings = dict(kind="f1_score", average=average, threshold=threshold)
            make = lambda y, p, a=average, t=threshold: m.F1Score(average=a, threshold=t)
            yield settings, categorical, classes, make, None
            yield settings, categorical, ties, make, None
            yield settings, sparse_loss, sparse, make, to_one_hot
            yield settings, binary_loss, labels, make, None
        # Of one class alone Keras needs a threshold; Graft takes a half.
        settings = dict(kind="f1_score", average=average, threshold=None)
        yield settings, binary_loss, binary, lambda y, p, a=average: m.F1Score(average=a, threshold=0.5), None
    for data in (values, single):
        yield dict(kind="r2_score"), squared, data, lambda y, p: m.R2Score(), None
        yield dict(kind="mean_absolute_error"), squared, data, lambda y, p: m.MeanAbsoluteError(), None
        yield dict(kind="mean_squared_error"), squared, data, lambda y, p: m.MeanSquaredError(), None
        yield dict(kind="root_mean_squared_error"), squared, data, lambda y, p: m.RootMeanSquaredError(), None


def make_metrics():
    data_sets, cases = [], []
    for settings, loss, data, make, prepare in metric_cases():
        if not any(known is data for known in data_sets):
            data_sets.append(data)
        index = next(i for i, known in enumerate(data_sets) if known is data)
        case = dict(metric=settings, loss=loss, data=index)
        weights = [rounded(np.linspace(0.25, 2, len(target))) for target, _ in data]
        for key, given in (("plain", None), ("weighted", weights)):
            metric = make(*data[0])
            for batch, (target, prediction) in enumerate(data):
                y = prepare(target, prediction) if prepare else target
                metric.update_state(y, prediction, None if given is None else given[batch])
            case[key] = plain(metric.result())
        cases.append(case)
    described = [
        dict(
            integers=data[0][0].dtype.kind == "i",
            batches=[
                dict(
                    target=plain(target),
                    prediction=plain(prediction),
                    weights=plain(rounded(np.linspace(0.25, 2, len(target)))),
                )
                for target, prediction in data
            ],
        )
        for data in data_sets
    ]
    return dict(data=described, cases=cases)


# --- optimisers

STEPS = 10


def optimizer_cases():
    o = keras.optimizers
    # What is said, in Graft's words and in Keras'.
    yield "sgd", o.SGD, [
        {},
        dict(momentum=0.9),
        dict(momentum=0.9, nesterov=True),
        dict(momentum=0.9, weight_decay=0.1),
    ]
    yield "rmsprop", o.RMSprop, [
        {},
        dict(rho=0.8, epsilon=1e-5),
        dict(momentum=0.9),
        dict(centered=True),
        dict(centered=True, momentum=0.5, weight_decay=0.05),
    ]
    yield "adam", o.Adam, [
        {},
        dict(beta_1=0.8, beta_2=0.95, epsilon=1e-4),
        dict(amsgrad=True),
        dict(amsgrad=True, beta_2=0.6, weight_decay=0.05),
    ]
    yield "adamw", o.AdamW, [{}, dict(weight_decay=0.1, amsgrad=True)]
    yield "nadam", o.Nadam, [{}, dict(beta_1=0.7, beta_2=0.9, weight_decay=0.05)]
    yield "adagrad", o.Adagrad, [{}, dict(initial_accumulator_value=0.0, epsilon=1e-3), dict(weight_decay=0.05)]
    yield "adadelta", o.Adadelta, [{}, dict(rho=0.8, epsilon=1e-4), dict(weight_decay=0.05)]
    yield "adamax", o.Adamax, [{}, dict(beta_1=0.7, beta_2=0.9, weight_decay=0.05)]
    yield "lion", o.Lion, [{}, dict(beta_1=0.7, beta_2=0.9, weight_decay=0.1)]


CLIPPINGS = [
    ("value", "clipvalue", 0.3),
    ("norm", "clipnorm", 0.8),
    ("globalNorm", "global_clipnorm", 1.1),
]


def trajectory(optimizer, start, noise):
    """Steps whose gradients hang on where the weights are, so that an error would grow."""
    variables = [keras.Variable(value, name=name) for name, value in start.items()]
    optimizer.build(variables)
    path = []
    for step in range(STEPS):
        gradients = [variable.value * 0.5 + noise[name][step] for name, variable in zip(start, variables)]
        optimizer.apply(gradients, variables)
        path.append([value for variable in variables for value in plain(np.ravel(variable.numpy()))])
    return path


def make_optimizers():
    random = np.random.default_rng(3)
    start = dict(kernel=rounded(random.normal(size=(3, 2))), bias=rounded(random.normal(size=(2,))))
    noise = {name: rounded(random.normal(size=(STEPS, *value.shape))) for name, value in start.items()}
    # A weight that no row reached for a while.
    noise["bias"][3:6] = 0
    cases = []
    rates = dict(sgd=0.05, adadelta=1.0, adagrad=0.1)
    for kind, create, settings in optimizer_cases():
        rate = rates.get(kind, 0.02)
        for given in settings:
            optimizer = create(learning_rate=rate, **given)
            options = camel(dict(learning_rate=rate, **given))
            cases.append(dict(optimizer=dict(kind=kind, **options), clipping=None, path=trajectory(optimizer, start, noise)))
    for kind, name, limit in CLIPPINGS:
        for optimizer, create in (("sgd", keras.optimizers.SGD), ("adam", keras.optimizers.Adam)):
            cases.append(
                dict(
                    optimizer=dict(kind=optimizer, learningRate=0.05, weightDecay=0.02),
                    clipping=dict(kind=kind, limit=limit),
                    path=trajectory(create(learning_rate=0.05, weight_decay=0.02, **{name: limit}), start, noise),
                )
            )
    schedule = keras.optimizers.schedules.CosineDecay(0.001, 6, alpha=0.1, warmup_target=0.05, warmup_steps=3)
    cases.append(
        dict(
            optimizer=dict(kind="adamw", learningRate=0.001, weightDecay=0.1),
            clipping=None,
            schedule=dict(kind="cosine", decayEpochs=2, alpha=0.1, warmupTarget=0.05, warmupEpochs=1),
            stepsPerEpoch=3,
            path=trajectory(keras.optimizers.AdamW(schedule, weight_decay=0.1), start, noise),
        )
    )
    return dict(
        start={name: plain(value) for name, value in start.items()},
        noise={name: plain(value) for name, value in noise.items()},
        cases=cases,
    )


# --- schedules and callbacks


def make_schedules():
    s = keras.optimizers.schedules
    per_epoch = 4
    cases = [
        (dict(kind="constant"), lambda step: 0.01),
        (
            dict(kind="exponential", decayEpochs=2, decayRate=0.5, staircase=False),
            s.ExponentialDecay(0.01, 2 * per_epoch, 0.5),
        ),
        (
            dict(kind="exponential", decayEpochs=1.5, decayRate=0.9, staircase=True),
            s.ExponentialDecay(0.01, 6, 0.9, staircase=True),
        ),
        (dict(kind="cosine", decayEpochs=None, alpha=0, warmupTarget=None, warmupEpochs=1), s.CosineDecay(0.01, 5 * per_epoch)),
        (dict(kind="cosine", decayEpochs=3, alpha=0.2, warmupTarget=None, warmupEpochs=0), s.CosineDecay(0.01, 3 * per_epoch, alpha=0.2)),
        (
            dict(kind="cosine", decayEpochs=None, alpha=0.1, warmupTarget=0.1, warmupEpochs=1.5),
            s.CosineDecay(0.01, 14, alpha=0.1, warmup_target=0.1, warmup_steps=6),
        ),
        # With one step less Keras' boundaries are where an epoch begins.
        (
            dict(kind="piecewise", boundaries=[1, 2.5], values=[0.1, 0.05, 0.01]),
            s.PiecewiseConstantDecay([per_epoch - 1, 9], [0.1, 0.05, 0.01]),
        ),
    ]
    return dict(
        stepsPerEpoch=per_epoch,
        epochs=5,
        learningRate=0.01,
        cases=[
            dict(schedule=schedule, rates=[plain(np.float32(rate(step))) for step in range(5 * per_epoch)])
            for schedule, rate in cases
        ],
    )


WATCHED = {
    "falling": [3, 2.5, 2.2, 2.0, 1.9, 1.85, 1.8, 1.7],
    "stuck": [1.0, 0.9, 0.95, 0.92, 0.91, 0.95, 0.96, 0.93, 0.94, 0.95, 0.91, 0.92],
    "slow": [1.0, 0.9999, 0.9998, 0.9997, 0.9996, 0.9995, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "late": [1, 2, 3, 0.5, 0.6, 0.7, 0.8, 0.4, 0.9, 0.9, 0.9, 0.9],
}


def make_callbacks():
    """What the callbacks make of values that a model might have had; more is better for `val_accuracy`."""
    cases = []
    for name, values in WATCHED.items():
        for options in (
            dict(patience=2, factor=0.5, min_delta=1e-4, cooldown=0, min_lr=0.0),
            dict(patience=1, factor=0.1, min_delta=0.05, cooldown=2, min_lr=0.001),
            dict(patience=0, factor=0.5, min_delta=0.0, cooldown=1, min_lr=0.004),
        ):
            cases.append(dict(watched=name, plateau=options, rates=plateau_rates(values, options)))
        for options in (
            dict(patience=0, min_delta=0.0),
            dict(patience=2, min_delta=0.0),
            dict(patience=3, min_delta=0.15),
        ):
            for monitor in ("val_loss", "val_accuracy"):
                stopped, best = stopping(values, monitor, options)
                cases.append(dict(watched=name, monitor=monitor, stopping=options, stopsAfter=stopped, best=best))
    return dict(watched=WATCHED, learningRate=0.01, cases=cases)


def tiny_model(metrics=None):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.01), "mse", metrics=metrics)
    x, y = np.zeros((2, 1), np.float32), np.zeros((2, 1), np.float32)
    model.evaluate(x, y, verbose=0)
    return model


def plateau_rates(values, options):
    model = tiny_model()
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **options)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, dict(val_loss=value))
        rates.append(plain(np.float32(model.optimizer.learning_rate)))
    return rates


def stopping(values, monitor, options):
    """After how many epochs it stops (null: it doesn't), and which epoch's weights it gives back, from 1."""
    model = tiny_model(["accuracy"])
    callback = keras.callbacks.EarlyStopping(monitor=monitor, restore_best_weights=True, **options)
    callback.set_model(model)
    callback.on_train_begin()
    model.stop_training = False
    for epoch, value in enumerate(values):
        model.layers[0].bias.assign([float(epoch + 1)])
        callback.on_epoch_end(epoch, {monitor: value})
        if model.stop_training:
            callback.on_train_end()
            return epoch + 1, int(model.layers[0].bias.numpy()[0])
    callback.on_train_end()
    return None, int(model.layers[0].bias.numpy()[0])


# --- files


FILES = {
    "losses": make_losses,
    "metrics": make_metrics,
    "optimizers": make_optimizers,
    "schedules": make_schedules,
    "callbacks": make_callbacks,
}


def differences(found, kept, path=""):
    """Where two values differ by more than the tolerance: their places, in words."""
    if isinstance(found, dict) and isinstance(kept, dict):
        for key in found.keys() | kept.keys():
            yield from differences(found.get(key), kept.get(key), f"{path}.{key}")
    elif isinstance(found, list) and isinstance(kept, list) and len(found) == len(kept):
        for index, pair in enumerate(zip(found, kept)):
            yield from differences(*pair, f"{path}[{index}]")
    elif isinstance(found, (int, float)) and isinstance(kept, (int, float)) and not isinstance(found, bool):
        if not abs(found - kept) <= TOLERANCE * max(1, abs(found), abs(kept)):
            yield f"{path}: {kept} is kept, Keras says {found}"
    elif found != kept:
        yield f"{path}: {kept} is kept, Keras says {found}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", metavar="FOLDER", type=Path)
    check = parser.parse_args().check
    found = {}
    for name, make in FILES.items():
        # Through JSON, as it is read back.
        found[name] = json.loads(json.dumps(dict(keras=keras.__version__, cases=make()), allow_nan=False))
    if check is None:
        GOLDENS.mkdir(exist_ok=True)
        for name, content in found.items():
            (GOLDENS / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
            print(f"{name}.json written")
        return 0
    wrong = []
    for name, content in found.items():
        kept = json.loads((check / f"{name}.json").read_text())
        wrong += [f"{name}{where}" for where in differences(content["cases"], kept["cases"])]
    print("\n".join(wrong[:20]) or f"{len(found)} files agree with Keras {keras.__version__}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
