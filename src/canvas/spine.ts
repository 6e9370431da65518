/** The bars of a model node: one per layer, grouped past twenty. Pure. */
import type { ModelNode } from '../graph/document';
import type { Network } from '../network/network';
import { layerOfCall, layersInOrder, usedLayers } from '../store/node-words';

/** `cut`: the last one that is used; `off`: left out by a cut or a start. */
export type Bar = 'used' | 'cut' | 'off';

const MOST = 20;

export function spineOf(node: ModelNode, network: Network): readonly Bar[] {
  const layers = layersInOrder(network);
  const used = usedLayers(node, network);
  const end = layerOfCall(network, node.end);
  const bars = layers.map((name): Bar => (!used.has(name) ? 'off' : name === end ? 'cut' : 'used'));
  if (bars.length <= MOST) return bars;
  // A group shows the most telling of its layers, so that a cut never disappears in it.
  return Array.from({ length: MOST }, (_, group) => {
    const from = Math.floor((group * bars.length) / MOST);
    const to = Math.floor(((group + 1) * bars.length) / MOST);
    const part = bars.slice(from, to);
    return part.find(bar => bar === 'cut') ?? part.find(bar => bar === 'used') ?? 'off';
  });
}
