/**
 * A small network in 64-bit numbers, for tests: what finite differences need to be sharp. Only Dense, the plain activations,
 * Concatenate, Add and Average; anything else throws.
 */
import type { Head } from '../compiler/result';
import { layersByName, type Network, tensorKey, type Weights } from '../network/network';

type Row = readonly number[];
type Values = Readonly<Record<string, Readonly<Record<string, Float64Array>>>>;

export function toDouble(network: Network): Record<string, Record<string, Float64Array>> {
  const double = (weights: Weights) =>
    Object.fromEntries(
      Object.entries(weights).map(([role, { values }]) => [role, Float64Array.from(values)]),
    );
  return Object.fromEntries(network.layers.map(layer => [layer.name, double(layer.weights)]));
}

/** The weighted mean loss over rows; every head is sparse categorical or binary cross-entropy. */
export function referenceLoss(
  network: Network,
  weights: Values,
  heads: readonly Head[],
  inputs: readonly (readonly Row[])[],
  targets: readonly (readonly number[])[],
): number {
  const rows = inputs[0]?.length ?? 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const outputs = run(
      network,
      weights,
      inputs.map(input => input[row] ?? []),
    );
    for (const [index, head] of heads.entries()) {
      const prediction = outputs[index] ?? [];
      const target = targets[index]?.[row] ?? 0;
      const ofTarget =
        head.loss.kind === 'binary_crossentropy'
          ? Math.abs(1 - target - at(prediction, 0))
          : at(prediction, target);
      total -= (head.lossWeight * Math.log(ofTarget)) / rows;
    }
  }
  return total;
}

function run(network: Network, weights: Values, inputs: readonly Row[]): readonly Row[] {
  const tensors = new Map<string, Row>();
  for (const [index, input] of network.inputs.entries()) {
    tensors.set(tensorKey({ input: input.name }), inputs[index] ?? []);
  }
  const layers = layersByName(network);
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    const given = call.inputs.map(ref => tensors.get(tensorKey(ref)) ?? []);
    const [first = []] = given;
    const own = weights[call.layer] ?? {};
    tensors.set(
      tensorKey({ call: call.id, output: 0 }),
      apply(layer?.type ?? '', layer?.config ?? {}, own, first, given),
    );
  }
  return network.outputs.map(output => tensors.get(tensorKey(output.from)) ?? []);
}

function apply(
  type: string,
  config: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, Float64Array>>,
  first: Row,
  all: readonly Row[],
): Row {
  switch (type) {
    case 'Dense': {
      const units = own.bias?.length ?? 0;
      const sums = Array.from({ length: units }, (_, unit) =>
        first.reduce((sum, value, i) => sum + value * at(own.kernel, i * units + unit), at(own.bias, unit)),
      );
      return activate(String(config.activation ?? 'linear'), sums);
    }
    case 'Activation':
      return activate(String(config.activation ?? 'linear'), first);
    case 'Concatenate':
      return all.flat();
    case 'Add':
      return first.map((_, i) => all.reduce((sum, row) => sum + at(row, i), 0));
    case 'Average':
      return first.map((_, i) => all.reduce((sum, row) => sum + at(row, i), 0) / all.length);
    default:
      throw new Error(`The reference doesn't know ${type}`);
  }
}

function activate(name: string, row: Row): Row {
  switch (name) {
    case 'linear':
      return row;
    case 'tanh':
      return row.map(Math.tanh);
    case 'sigmoid':
      return row.map(value => 1 / (1 + Math.exp(-value)));
    case 'softmax': {
      const powers = row.map(value => Math.exp(value - Math.max(...row)));
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map(power => power / sum);
    }
    default:
      throw new Error(`The reference doesn't know ${name}`);
  }
}

function at(list: ArrayLike<number> | undefined, index: number): number {
  const value = list?.[index];
  if (value === undefined) throw new Error(`Nothing at ${index}`);
  return value;
}
