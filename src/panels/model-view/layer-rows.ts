/** A model's layers as a list: in call order, with what a person can decide about each. Pure. */
import type { SourceModel } from '../../formats/protocol';
import type { ModelNode } from '../../graph/document';
import { inferShapes } from '../../layers/infer';
import type { LayerLookup } from '../../layers/layer-type';
import { countValues, layersByName, tensorKey } from '../../network/network';
import { formatShape, type Shape } from '../../network/shape';
import { usedLayers } from '../../store/node-words';

export interface LayerRow {
  readonly call: string;
  readonly name: string;
  readonly type: string;
  /** Graft doesn't know the type: it can't be computed, but cut before or after. */
  readonly placeholder: boolean;
  readonly shape: string | null;
  readonly parameters: number;
  /** The same layer is applied again: its parameters are counted above. */
  readonly again: boolean;
  readonly state: 'frozen' | 'trains' | 'no-weights' | 'off';
  readonly start: boolean;
  readonly end: boolean;
  readonly tapped: boolean;
  readonly lastFrozen: boolean;
}

/** `owner`: the node whose weights they are. */
export function layerRows(
  node: ModelNode,
  owner: ModelNode,
  { network }: SourceModel,
  table: LayerLookup,
): readonly LayerRow[] {
  const shapes = shapesOf(network, table);
  const layers = layersByName(network);
  const used = usedLayers(node, network);
  const frozen = frozenNames(owner, network);
  const seen = new Set<string>();
  return network.calls.flatMap(call => {
    const layer = layers.get(call.layer);
    if (layer === undefined) return [];
    const again = seen.has(layer.name);
    seen.add(layer.name);
    const shape = shapes.get(tensorKey({ call: call.id, output: 0 }));
    const parameters = countValues(layer.weights);
    const state = !used.has(layer.name)
      ? 'off'
      : parameters === 0
        ? 'no-weights'
        : frozen(layer.name)
          ? 'frozen'
          : 'trains';
    return [
      {
        call: call.id,
        name: layer.name,
        type: layer.type,
        placeholder: table(layer.type) === undefined,
        shape: shape === undefined ? null : formatShape(shape),
        parameters,
        again,
        state,
        start: node.start === call.id,
        end: node.end === call.id,
        tapped: node.taps.includes(call.id),
        lastFrozen: owner.freeze.kind === 'upTo' && owner.freeze.call === call.id,
      } as const,
    ];
  });
}

const known = new WeakMap<SourceModel['network'], ReadonlyMap<string, Shape>>();

/** A source model never changes, and a deep one takes a while. */
function shapesOf(network: SourceModel['network'], table: LayerLookup): ReadonlyMap<string, Shape> {
  const before = known.get(network);
  if (before !== undefined) return before;
  const { shapes } = inferShapes(network, table);
  known.set(network, shapes);
  return shapes;
}

function frozenNames(owner: ModelNode, network: SourceModel['network']): (layer: string) => boolean {
  const { freeze } = owner;
  switch (freeze.kind) {
    case 'all':
      return () => true;
    case 'none':
      return () => false;
    case 'asSaved': {
      const trainable = new Set(network.layers.flatMap(layer => (layer.trainable ? [layer.name] : [])));
      return layer => !trainable.has(layer);
    }
    case 'upTo': {
      const last = network.calls.findIndex(call => call.id === freeze.call);
      const names = new Set(network.calls.slice(0, last + 1).map(call => call.layer));
      return layer => names.has(layer);
    }
  }
}
