/** What holds for every Network. Readers and the compiler check their own results with this: a finding is a bug. */

import type { Network, TensorRef } from './network';
import { sizeOf } from './shape';

/** One sentence for each broken invariant; empty for a sound Network. */
export function findBrokenInvariants(network: Network): string[] {
  const broken: string[] = [];
  const names = new Set<string>();
  for (const { name } of [...network.inputs, ...network.layers]) {
    if (names.has(name)) broken.push(`The name '${name}' is used twice.`);
    names.add(name);
  }
  for (const layer of network.layers) {
    for (const [role, weight] of Object.entries(layer.weights)) {
      if (sizeOf(weight.shape) !== weight.values.length) {
        broken.push(
          `${layer.name}/${role} has ${weight.values.length} values for the shape [${weight.shape.join(', ')}].`,
        );
      }
    }
  }
  const layers = new Set(network.layers.map(layer => layer.name));
  const inputs = new Set(network.inputs.map(input => input.name));
  const calls = new Set<string>();
  const check = (ref: TensorRef, user: string) => {
    if ('input' in ref ? !inputs.has(ref.input) : !calls.has(ref.call)) {
      broken.push(`${user} refers to ${JSON.stringify(ref)}, which is not an input or an earlier call.`);
    }
  };
  for (const call of network.calls) {
    if (!layers.has(call.layer))
      broken.push(`The call '${call.id}' applies an unknown layer '${call.layer}'.`);
    for (const ref of call.inputs) check(ref, `The call '${call.id}'`);
    if (calls.has(call.id)) broken.push(`The call id '${call.id}' is used twice.`);
    calls.add(call.id);
  }
  const outputs = new Set<string>();
  for (const output of network.outputs) {
    check(output.from, `The output '${output.name}'`);
    if (outputs.has(output.name)) broken.push(`The output name '${output.name}' is used twice.`);
    outputs.add(output.name);
  }
  return broken;
}
