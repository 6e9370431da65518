/** The order in which the calls of one model can be made. A graph in which they can't be made is refused here. */
import { shorten } from '../notes';
import { Refusal } from '../refusal';
import type { TreeRef } from './nodes';
import type { ModelTree, TreeLayer } from './topology';

export const CHECK_CALLS = 'Export the model again; if it was edited by hand, check the calls of its layers.';

export function nodeKey(ref: Pick<TreeRef, 'layer' | 'node'>): string {
  return `${ref.node} ${ref.layer}`;
}

export function missingLayer(ref: TreeRef, model: ModelTree): Refusal {
  return new Refusal(
    `The model '${shorten(model.name)}' refers to call ${ref.node + 1} of '${shorten(ref.layer)}', which it doesn’t have.`,
    CHECK_CALLS,
  );
}

export interface NodePlace {
  readonly layer: TreeLayer;
  readonly node: number;
}

/** The calls that lead to an output, each after those it needs, else as in the file. */
export function orderNodes(model: ModelTree): NodePlace[] {
  const byName = new Map(model.layers.map(layer => [layer.name, layer]));
  const inputs = new Set(model.inputs.map(nodeKey));
  const find = (ref: TreeRef): NodePlace | null => {
    if (inputs.has(nodeKey(ref))) return null;
    const layer = byName.get(ref.layer);
    if (layer?.nodes[ref.node] === undefined) throw missingLayer(ref, model);
    return { layer, node: ref.node };
  };
  const needed = new Set<string>();
  const toVisit = model.outputs.flatMap(ref => find(ref) ?? []);
  for (let place = toVisit.pop(); place !== undefined; place = toVisit.pop()) {
    const key = nodeKey({ layer: place.layer.name, node: place.node });
    if (needed.has(key)) continue;
    needed.add(key);
    for (const ref of place.layer.nodes[place.node] ?? []) toVisit.push(...[find(ref) ?? []].flat());
  }
  const ordered: NodePlace[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const layer of model.layers) {
    for (const node of layer.nodes.keys()) {
      // A stack of our own: a chain of ten thousand layers would overflow that of the language.
      const stack: NodePlace[] = [{ layer, node }];
      for (let place = stack.at(-1); place !== undefined; place = stack.at(-1)) {
        const key = nodeKey({ layer: place.layer.name, node: place.node });
        if (!needed.has(key) || state.get(key) === 'done') {
          stack.pop();
        } else if (state.get(key) === 'open') {
          state.set(key, 'done');
          ordered.push(place);
          stack.pop();
        } else {
          state.set(key, 'open');
          for (const ref of place.layer.nodes[place.node] ?? []) {
            const next = find(ref);
            if (next === null) continue;
            if (state.get(nodeKey(ref)) === 'open') {
              throw new Refusal(
                `The layers '${shorten(place.layer.name)}' and '${shorten(ref.layer)}' of the model '${shorten(model.name)}' wait for each other: its graph runs in a circle.`,
                CHECK_CALLS,
              );
            }
            stack.push(next);
          }
        }
      }
    }
  }
  return ordered;
}
