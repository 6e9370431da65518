"""Answers what Graft computes, by real Keras: read from stdin as JSON, one case a line, answered on stdout, one case a line.

Each case names a layer, its config, the shapes of its inputs, and all values: weights, inputs, masks and targets. The answer has
what Keras returns in inference, and what one step of plain gradient descent in training mode changes. `goldens.mjs` asks.
"""

import base64
import inspect
import json
import re
import sys

import small_graphs  # noqa: F401  (first: it sets how Keras runs)

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras.src import backend

RATE = 1.0


# ---- irregularities -------------------------------------------------------------------------------------------------

# Layers that take their inputs as arguments of their own (query, value, key); all others take a list if they have several.
POSITIONAL = {"MultiHeadAttention", "GroupedQueryAttention", "GroupQueryAttention"}

# Layers that take what they begin with as one argument, a list, after their first input; cells always do.
BEGINNING = {"SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"}

# Operations that take a list.
LISTED_OPS = {"concatenate", "stack", "hstack", "vstack"}


def hard_sigmoid_keras2(x):
    """What Keras up to version 2 and TensorFlow.js call hard_sigmoid."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


def understand(value):
    """Values that Keras takes as objects; the rest as it is."""
    if value == "hard_sigmoid_keras2":
        return hard_sigmoid_keras2
    if isinstance(value, dict) and "class_name" in value and hasattr(keras.layers, value["class_name"]):
        return make_layer(value["class_name"], value["config"])
    if isinstance(value, list):
        return [understand(item) for item in value]
    return value


def make_layer(name, config):
    if name.startswith("ConvLSTM"):
        # Keras' loop on JAX can't spread a mask over pictures, and its unrolled form can.
        config = {**config, "unroll": True}
    layer_class = getattr(keras.layers, name)
    # The weights are given; drawing them first takes long.
    starts = [key for key in inspect.signature(layer_class).parameters if key.endswith("_initializer")]
    config = {**config, **dict.fromkeys(starts, "zeros")}
    return layer_class(**{key: understand(value) for key, value in config.items()})


# ---- operations as layers -------------------------------------------------------------------------------------------


class Operation:
    """`keras.ops.<name>` with the few methods of a layer that are used here."""

    weights = ()
    trainable_variables = ()
    non_trainable_variables = ()
    losses = ()

    def __init__(self, name, config):
        self.name = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        self.function = getattr(keras.ops, self.name)
        self.config = config

    def call(self, *inputs):
        if self.name in LISTED_OPS:
            return self.function(list(inputs), **self.config)
        if self.name == "get_item":
            # The table has what stands in the brackets as text.
            return inputs[0][eval(f"numpy.s_[{self.config['key']}]", {"numpy": np})]
        if "x1" in self.config:
            # Operands that are branches are null in the config.
            waiting = iter(inputs)
            operands = [self.config["x1"], self.config["x2"]]
            return self.function(*(next(waiting) if given is None else self.constant(given) for given in operands))
        return self.function(*inputs, **self.config)

    @staticmethod
    def constant(given):
        return np.asarray(given, "float32") if isinstance(given, list) else given

    def __call__(self, *inputs):
        return self.call(*inputs)


def make(name, config):
    if name.startswith("ops."):
        return Operation(name[4:], config)
    return make_layer(name, without(call_options(name, config), config))


def arguments(name, inputs):
    if len(inputs) == 1 or name in POSITIONAL or name.startswith("ops."):
        return inputs
    if name in BEGINNING or name.endswith(("Cell", "Cells")):
        return [inputs[0], list(inputs[1:])]
    return [inputs]


def call_options(name, config):
    """What Keras takes with each call and not in the constructor."""
    if name.startswith("ops."):
        return {}
    layer = getattr(keras.layers, name)
    made, called = (inspect.signature(of).parameters for of in (layer.__init__, layer.call))
    return {key: value for key, value in config.items() if key in called and key not in made}


def without(left_out, config):
    return {key: value for key, value in config.items() if key not in left_out}


def masking_of(name, layer):
    """As `masking` in the layer table."""
    if name.startswith("ops."):
        return "ends"
    if name in POSITIONAL:
        # Of the masks of their inputs they pass on the query's alone.
        return "own"
    if type(layer).compute_mask is not keras.layers.Layer.compute_mask:
        return "own"
    return "passes" if layer.supports_masking else "ends"


# ---- values ---------------------------------------------------------------------------------------------------------


def pack(array):
    array = np.asarray(array, np.float32)
    return {"shape": list(array.shape), "values": base64.b64encode(array.tobytes()).decode()}


def unpack(packed, dtype):
    values = np.frombuffer(base64.b64decode(packed["values"]), dtype)
    return jnp.asarray(values.reshape(packed["shape"]))


def pack_mask(mask):
    if mask is None:
        return None
    bits = np.asarray(mask, bool)
    return {"shape": list(bits.shape), "bits": "".join("1" if bit else "0" for bit in bits.flatten())}


def flat(outputs):
    return keras.tree.flatten(outputs)


def is_float(array):
    return jnp.issubdtype(array.dtype, jnp.floating)


# ---- one case -------------------------------------------------------------------------------------------------------


def build(case, config):
    """The layer, built for its input shapes with the case's weights, and the shapes that Keras says it returns."""
    layer = make(case["type"], config)
    symbols = [
        keras.Input(batch_shape=shape, dtype=packed["dtype"])
        for shape, packed in zip(case["shapes"], case["inputs"])
    ]
    options = call_options(case["type"], config)
    returned = flat(layer(*arguments(case["type"], symbols), **options))
    wanted = [(weight["role"], tuple(weight["shape"])) for weight in case["weights"]]
    found = [(weight.name, tuple(weight.shape)) for weight in layer.weights]
    # TensorFlow.js and Keras 2 call `depthwise_kernel` what is just `kernel` in Keras 3's DepthwiseConv layers.
    same = [
        role.split("/")[-1] in (name, f"depthwise_{name}") and shape == other
        for (role, shape), (name, other) in zip(wanted, found)
    ]
    if len(wanted) != len(found) or not all(same):
        paths = [(weight.path, tuple(weight.shape)) for weight in layer.weights]
        raise ValueError(f"the table has the weights {wanted}, and Keras has {paths}")
    for weight, given in zip(layer.weights, case["weights"]):
        if weight.trainable != given["trainable"]:
            raise ValueError(f"{given['role']} is trainable in Keras: {weight.trainable}")
        weight.assign(unpack(given, np.float32))
    if hasattr(layer, "finalize_state"):
        # Normalization computes with copies of its weights.
        layer.finalize_state()
    return layer, [list(symbol.shape) for symbol in returned]


def values_of(variables):
    return [variable.value for variable in variables]


def call(case, layer, trainable, others, inputs, masks, training):
    """As `Layer.stateless_call`, which leaves out what `Layer.__call__` does: masks, and penalties on what is returned."""
    for tensor, mask in zip(inputs, masks):
        # None clears the mask of the run before.
        backend.set_keras_mask(tensor, mask)
    # Keras refuses `training` where a layer's `call` doesn't have it.
    told = {"training": training} if "training" in inspect.signature(layer.call).parameters else {}
    variables = [*zip(layer.trainable_variables, trainable), *zip(layer.non_trainable_variables, others)]
    with backend.StatelessScope(state_mapping=variables, collect_losses=True) as scope:
        options = call_options(case["type"], case["config"])
        outputs = layer(*arguments(case["type"], inputs), **told, **options)
        losses = layer.losses
    after = [scope.get_current_value(variable) for variable in layer.non_trainable_variables]
    return outputs, [old if new is None else new for old, new in zip(others, after)], losses


def make_step(case, layer, masks, targets):
    """The loss of one training step and what becomes of the other variables, by the trained variables and the float inputs."""

    def loss_of(trainable, floats, others, inputs):
        given = iter(floats)
        full = [next(given) if is_float(tensor) else tensor for tensor in inputs]
        outputs, others, losses = call(case, layer, trainable, others, full, masks, True)
        loss = sum(losses, jnp.float32(0))
        for output, target in zip(flat(outputs), targets):
            if is_float(output):
                loss += jnp.mean(jnp.square(output - target))
        return loss, others

    return jax.value_and_grad(loss_of, argnums=(0, 1), has_aux=True)


def compute(case, layer, quiet, inputs, runs, targets):
    """For each run its outputs, their masks, and the step: all in one function, as each takes XLA long to compile."""

    @jax.jit
    def everything(weights, quiet_weights, inputs, runs, targets):
        floats = [tensor for tensor in inputs if is_float(tensor)]
        results = []
        for masks in runs:
            outputs = flat(call(case, layer, *weights, inputs, masks, False)[0])
            output_masks = [backend.get_keras_mask(output) for output in outputs]
            step = None
            if quiet is not None:
                trainable, others = quiet_weights
                step = make_step(case, quiet, masks, targets)(trainable, floats, others, inputs)
            results.append((outputs, output_masks, step))
        return results

    variables = [
        [values_of(one.trainable_variables), values_of(one.non_trainable_variables)]
        for one in (layer, quiet or layer)
    ]
    return everything(*variables, inputs, runs, targets)


def pack_step(case, layer, inputs, step):
    (loss, after), (gradients, by_input) = step
    trained = {id(variable): gradient for variable, gradient in zip(layer.trainable_variables, gradients)}
    moved = {id(variable): value for variable, value in zip(layer.non_trainable_variables, after)}
    changes = {}
    for given, weight in zip(case["weights"], layer.weights):
        if id(weight) in trained:
            changes[given["role"]] = pack(-RATE * trained[id(weight)])
        else:
            changes[given["role"]] = pack(np.asarray(moved[id(weight)]) - np.asarray(weight.value))
    left = iter(by_input)
    return {
        "loss": float(loss),
        "changes": changes,
        "gradients": [pack(next(left)) if is_float(tensor) else None for tensor in inputs],
    }


def answer(case):
    layer, shapes = build(case, case["config"])
    quiet = None
    if case["quiet"] is not None:
        quiet = layer if case["quiet"] == case["config"] else build(case, case["quiet"])[0]
    inputs = [unpack(packed, np.dtype(packed["dtype"])) for packed in case["inputs"]]
    targets = [unpack(packed, np.float32) for packed in case["targets"]]
    masks = [
        [packed and unpack(packed, np.uint8).astype(bool) for packed in run["masks"]] for run in case["runs"]
    ]
    runs = {}
    for run, result in zip(case["runs"], compute(case, layer, quiet, inputs, masks, targets)):
        outputs, output_masks, step = result
        for output, target in zip(outputs, targets, strict=True):
            if output.shape != target.shape:
                raise ValueError(f"the table says that it returns {target.shape}, and it is {output.shape}")
            if not np.all(np.isfinite(output)):
                raise ValueError("Keras returns values that aren't finite")
        found = {
            "outputs": [pack(output) for output in outputs],
            "masks": [pack_mask(mask) for mask in output_masks],
            "step": None if step is None else pack_step(case, quiet, inputs, step),
        }
        if runs and (found["outputs"], found["step"]) == (runs["plain"]["outputs"], runs["plain"]["step"]):
            found = {"outputs": None, "masks": found["masks"], "step": None}
        runs[run["name"]] = found
    return {"masking": masking_of(case["type"], layer), "shapes": shapes, "runs": runs}


def main():
    print(json.dumps({"keras": keras.__version__}), flush=True)
    for line in sys.stdin:
        case = json.loads(line)
        try:
            result = {"answer": answer(case)}
        except Exception as error:  # Told with the case; the others go on.
            result = {"problem": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": case["id"], **result}), flush=True)


main()
