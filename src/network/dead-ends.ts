/** What of a network leads to no output. */
import type { Call, Network } from './network';

/** The same network without the calls, and the layers, that lead to no output. */
export function withoutDeadEnds(network: Network): Network {
  const needed = new Set(network.outputs.flatMap(({ from }) => ('call' in from ? [from.call] : [])));
  const calls: Call[] = [];
  for (const call of network.calls.toReversed()) {
    if (!needed.has(call.id)) continue;
    calls.push(call);
    for (const ref of call.inputs) if ('call' in ref) needed.add(ref.call);
  }
  const used = new Set(calls.map(call => call.layer));
  calls.reverse();
  return { ...network, calls, layers: network.layers.filter(layer => used.has(layer.name)) };
}
