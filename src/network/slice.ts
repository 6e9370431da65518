/** A part of a Network, as a Network: cutting, tapping and using a tail are all this. */
import {
  type Call,
  type Network,
  type NetworkInput,
  type NetworkOutput,
  type TensorRef,
  tensorKey,
} from './network';
import type { Shape } from './shape';

export interface SliceRequest {
  /** The call whose output becomes the part's input; null: the network's own inputs. */
  readonly start: string | null;
  /** The call whose output becomes the part's output; null: the network's own outputs. */
  readonly end: string | null;
  /** Calls whose outputs are further outputs of the part. */
  readonly taps: readonly string[];
}

export interface Slice {
  /** Only what is used. The start's tensor comes first among the inputs, the taps last among the outputs. */
  readonly network: Network;
  /** What each input expects; null where that isn't known (a start behind a layer that nobody knows). */
  readonly inputShapes: readonly (Shape | null)[];
  /** For each output the call that it taps, or null for one of the part's own. */
  readonly taps: readonly (string | null)[];
}

export type SliceProblem =
  | { readonly kind: 'no-such-call'; readonly call: string }
  /** Nothing that the part returns depends on the start. */
  | { readonly kind: 'start-not-used'; readonly call: string };

/** `shapes` are those of the whole network, by `tensorKey`. */
export function sliceNetwork(
  network: Network,
  request: SliceRequest,
  shapes: ReadonlyMap<string, Shape>,
): { readonly slice: Slice } | { readonly problem: SliceProblem } {
  const calls = new Map(network.calls.map(call => [call.id, call]));
  for (const id of [request.start, request.end, ...request.taps]) {
    if (id !== null && !calls.has(id)) return { problem: { kind: 'no-such-call', call: id } };
  }
  const startKey = request.start === null ? null : tensorKey({ call: request.start, output: 0 });
  const own: readonly NetworkOutput[] =
    request.end === null ? network.outputs : [{ name: request.end, from: { call: request.end, output: 0 } }];
  const outputs = [...own, ...request.taps.map(call => ({ name: `tap:${call}`, from: { call, output: 0 } }))];

  const used = findUsed(
    outputs.map(output => output.from),
    calls,
    startKey,
  );
  if (request.start !== null && !used.start)
    return { problem: { kind: 'start-not-used', call: request.start } };

  const inputs: NetworkInput[] = network.inputs.filter(input => used.inputs.has(input.name));
  const inputShapes: (Shape | null)[] = inputs.map(input => input.shape);
  if (request.start !== null && startKey !== null) {
    const shape = shapes.get(startKey) ?? null;
    inputs.unshift({ name: request.start, shape: shape ?? [null], dtype: 'float32' });
    inputShapes.unshift(shape);
  }
  const rewire = (ref: TensorRef): TensorRef =>
    request.start !== null && tensorKey(ref) === startKey ? { input: request.start } : ref;
  const sliceCalls = network.calls
    .filter(call => used.calls.has(call.id))
    .map(call => ({ ...call, inputs: call.inputs.map(rewire) }));
  const usedLayers = new Set(sliceCalls.map(call => call.layer));
  return {
    slice: {
      network: {
        name: network.name,
        inputs,
        layers: network.layers.filter(layer => usedLayers.has(layer.name)),
        calls: sliceCalls,
        outputs: outputs.map(output => ({ ...output, from: rewire(output.from) })),
      },
      inputShapes,
      taps: [...own.map(() => null), ...request.taps],
    },
  };
}

function findUsed(from: readonly TensorRef[], calls: ReadonlyMap<string, Call>, startKey: string | null) {
  const used = { start: false, inputs: new Set<string>(), calls: new Set<string>() };
  const pending = [...from];
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    if (tensorKey(ref) === startKey) {
      used.start = true;
    } else if ('input' in ref) {
      used.inputs.add(ref.input);
    } else if (!used.calls.has(ref.call)) {
      used.calls.add(ref.call);
      pending.push(...(calls.get(ref.call)?.inputs ?? []));
    }
  }
  return used;
}
