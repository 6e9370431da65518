/**
 * The order in which Keras lists the layers of a model that it has loaded: by their distance from the outputs, whatever the order of
 * the file (`map_graph` in keras/src/ops/function.py, the same in Keras 2). Weights are counted off by it. It knows no configs.
 */
import { must } from '../../base/assert';
import type { Network, TensorRef } from '../../network/network';

/** An input or a call. */
interface Step {
  /** The input's or the layer's name. */
  readonly owner: string;
  readonly parents: readonly Step[];
}

/** The names of all inputs and of the layers that lead to an output. */
export function orderLayers(network: Network): readonly string[] {
  const outputs = buildOutputs(network);
  const { order, firstSeen } = traverse(outputs);
  const stepDepth = new Map<Step, number>();
  const depth = new Map<string, number>();
  for (const step of order.toReversed()) {
    const own = Math.max(stepDepth.get(step) ?? 0, depth.get(step.owner) ?? 0);
    depth.set(step.owner, own);
    stepDepth.set(step, own);
    for (const parent of step.parents) stepDepth.set(parent, Math.max(own + 1, stepDepth.get(parent) ?? 0));
  }
  for (const { name } of network.inputs) {
    if (depth.has(name)) continue;
    depth.set(name, 0);
    firstSeen.set(name, -1);
  }
  const indexOf = (name: string) => must(firstSeen.get(name), `the place of ${name}`);
  return [...depth]
    .sort(([a, depthA], [b, depthB]) => depthB - depthA || indexOf(a) - indexOf(b))
    .map(([name]) => name);
}

function buildOutputs(network: Network): readonly Step[] {
  const steps = new Map<string, Step>();
  const keyOf = (ref: TensorRef) => ('input' in ref ? `input ${ref.input}` : `call ${ref.call}`);
  const stepOf = (ref: TensorRef) => must(steps.get(keyOf(ref)), keyOf(ref));
  for (const { name } of network.inputs) steps.set(keyOf({ input: name }), { owner: name, parents: [] });
  for (const { id, layer, inputs } of network.calls) {
    steps.set(keyOf({ call: id, output: 0 }), { owner: layer, parents: inputs.map(stepOf) });
  }
  return network.outputs.map(({ from }) => stepOf(from));
}

/** Depth first, what a step needs before itself, and when each owner was first met. No recursion: networks may be deep. */
function traverse(outputs: readonly Step[]) {
  const order: Step[] = [];
  const firstSeen = new Map<string, number>();
  const met = new Set<Step>();
  const path: { readonly step: Step; next: number }[] = [];
  const enter = (step: Step) => {
    if (met.has(step)) return;
    met.add(step);
    if (!firstSeen.has(step.owner)) firstSeen.set(step.owner, firstSeen.size);
    path.push({ step, next: 0 });
  };
  for (const output of outputs) {
    enter(output);
    for (let place = path.at(-1); place !== undefined; place = path.at(-1)) {
      const parent = place.step.parents[place.next++];
      if (parent !== undefined) enter(parent);
      else {
        path.pop();
        order.push(place.step);
      }
    }
  }
  return { order, firstSeen };
}
