/**
 * Pass 4: one Network out of sound nodes. Models are inlined, not nested, so that freezing, cutting and sharing work layer by
 * layer. Names become unique here, once, and mean the same in every format.
 */
import type { GraphNode, NodeId, PortRef, ProjectDocument, WireId } from '../graph/document';
import { portIndex } from '../graph/edits';
import { createNamer } from '../network/names';
import type { Call, Layer, Network, NetworkInput, NetworkOutput, TensorRef } from '../network/network';
import { type Slice, sliceNetwork } from '../network/slice';
import { layerActivation, type Resolved, type ResolvedModel } from './1-resolve';
import type { OrderPass } from './2-order';
import type { Feed, Head, Origin } from './result';
import type { Ties } from './ties';

export interface LowerPass {
  readonly network: Network;
  readonly feeds: readonly Feed[];
  readonly heads: readonly Head[];
  readonly origins: ReadonlyMap<string, Origin>;
  readonly flows: ReadonlyMap<WireId, TensorRef>;
  readonly inner: ReadonlyMap<NodeId, ReadonlyMap<string, TensorRef>>;
}

/** Every used node is resolved and all that it needs is wired and fits. */
export function lower(
  document: ProjectDocument,
  resolved: ReadonlyMap<NodeId, Resolved>,
  order: OrderPass,
  ties: Ties,
): LowerPass {
  const builder = createBuilder();
  const tensors = new Map<string, TensorRef>();
  const inputNodes = new Map<string, NodeId>();
  const nodes = order.order.flatMap(id => (order.used.has(id) ? (resolved.get(id) ?? []) : []));
  const models = nodes.filter(node => node.kind === 'model');
  const made = new Map<NodeId, ReadonlyMap<string, TensorRef>>();
  const scope: ModelScope = { models, builder, ties, linear: linearLayers(models, ties) };
  // Inputs and outputs stand in the order in which they were drawn, whatever runs first.
  const rank = new Map(Object.keys(document.nodes).map((id, index) => [id, index]));
  const drawn = (a: Resolved, b: Resolved) => (rank.get(a.node.id) ?? 0) - (rank.get(b.node.id) ?? 0);
  const inputs = nodes.filter(node => node.kind === 'input').sort(drawn);
  const outputs = nodes.filter(node => node.kind === 'output').sort(drawn);
  const inner = nodes.filter(node => node.kind === 'layer' || node.kind === 'model');
  for (const node of [...inputs, ...inner, ...outputs]) {
    const incoming = (port: string): TensorRef => {
      const wire = order.incoming.get(node.node.id)?.find(candidate => candidate.to.port === port);
      const ref = wire && tensors.get(portKey(wire.from));
      if (ref === undefined)
        throw new Error(`Nothing flows into ${node.node.id} ${port}, and no diagnostic said so`);
      return ref;
    };
    const give = (port: string, ref: TensorRef) => tensors.set(portKey({ node: node.node.id, port }), ref);
    switch (node.kind) {
      case 'input': {
        const name = builder.addInput(node.node.name, [null, ...node.node.rowShape], node.node.dtype);
        inputNodes.set(name, node.node.id);
        give('out0', { input: name });
        break;
      }
      case 'layer': {
        const { id, name, trainable } = node.node;
        const ports = new Set((order.incoming.get(id) ?? []).map(wire => wire.to.port));
        const layer = builder.addLayer(
          {
            name: name === node.type.type ? snakeCase(name) : name,
            type: node.type.type,
            config: node.config,
            weights: {},
            trainable,
          },
          { node: id, layer: null },
        );
        const refs = [...ports].sort((a, b) => portIndex(a) - portIndex(b)).map(incoming);
        // Several outputs are rare (states of a recurrent layer): every port refers to its own.
        const call = builder.addCall(layer, refs);
        for (const port of wiredOutputs(document, id)) give(port, { call, output: Number(port.slice(3)) });
        break;
      }
      case 'model':
        made.set(node.node.id, inlineModel(node, scope, incoming, give));
        break;
      case 'output':
        builder.addOutput(node.node.name, incoming('in0'), node.node.id);
        break;
    }
  }
  return finish(document, builder, inputNodes, tensors, made);
}

const portKey = (ref: PortRef) => `${ref.node} ${ref.port}`;

function wiredOutputs(document: ProjectDocument, node: NodeId): ReadonlySet<string> {
  return new Set(
    Object.values(document.wires)
      .filter(wire => wire.from.node === node)
      .map(wire => wire.from.port),
  );
}

function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function createBuilder() {
  const name = createNamer();
  const nameOutput = createNamer();
  const inputs: NetworkInput[] = [];
  const layers = new Map<string, Layer>();
  const calls: Call[] = [];
  const outputs: (NetworkOutput & { readonly node: NodeId })[] = [];
  const origins = new Map<string, Origin>();
  /** Layers of models that are in use, by the key of their weights. */
  const shared = new Map<string, string>();

  const addLayer = (layer: Layer, origin: Origin): string => {
    const unique = name(layer.name);
    layers.set(unique, { ...layer, name: unique });
    origins.set(unique, origin);
    return unique;
  };
  return {
    addInput(wanted: string, shape: NetworkInput['shape'], dtype: NetworkInput['dtype']): string {
      const unique = name(wanted);
      inputs.push({ name: unique, shape, dtype });
      return unique;
    },
    addLayer,
    /** The layers of one key are one layer here, however many nodes use it. */
    addSharedLayer(key: string, make: () => Layer, origin: Origin): string {
      const known = shared.get(key);
      if (known !== undefined) return known;
      const unique = addLayer(make(), origin);
      shared.set(key, unique);
      return unique;
    },
    addCall(layer: string, refs: readonly TensorRef[]): string {
      const earlier = calls.filter(call => call.layer === layer).length;
      const id = earlier === 0 ? layer : `${layer}:${earlier}`;
      calls.push({ id, layer, inputs: refs });
      return id;
    },
    addOutput(wanted: string, from: TensorRef, node: NodeId): void {
      outputs.push({ name: nameOutput(wanted), from, node });
    },
    origins,
    outputs,
    network: (title: string): Network => ({
      name: title,
      inputs,
      layers: [...layers.values()],
      calls,
      outputs: outputs.map(output => ({ name: output.name, from: output.from })),
    }),
  };
}
type Builder = ReturnType<typeof createBuilder>;

interface ModelScope {
  readonly models: readonly ResolvedModel[];
  readonly builder: Builder;
  readonly ties: Ties;
  /** A layer whose activation is dropped at the end of one use keeps it in the others as a layer of its own. */
  readonly linear: ReadonlySet<string>;
}

/** By the key of their weights. */
function linearLayers(models: readonly ResolvedModel[], ties: Ties): ReadonlySet<string> {
  return new Set(
    models.flatMap(({ linearEnd, owner }) =>
      linearEnd?.kind === 'activation' ? [ties.keyOf(owner, linearEnd.layer)] : [],
    ),
  );
}

/** Returns what each of its calls became, by the call's id in the model. */
function inlineModel(
  model: ResolvedModel,
  { models, builder, ties, linear }: ModelScope,
  incoming: (port: string) => TensorRef,
  give: (port: string, ref: TensorRef) => void,
): ReadonlyMap<string, TensorRef> {
  const { node, slice, owner, frozen } = model;
  const here = new Map<string, TensorRef>();
  /** What comes out at the end without its activation; taps and layers behind it get it with. */
  let raw: TensorRef | null = null;
  for (const [index, input] of slice.network.inputs.entries())
    here.set(`input ${input.name}`, incoming(`in${index}`));
  const find = (ref: TensorRef): TensorRef => {
    if ('input' in ref) return here.get(`input ${ref.input}`) ?? ref;
    const made = here.get(`call ${ref.call}`);
    return made !== undefined && 'call' in made ? { call: made.call, output: ref.output } : ref;
  };
  const layers = new Map(slice.network.layers.map(layer => [layer.name, layer]));
  for (const call of slice.network.calls) {
    const layer = layers.get(call.layer);
    if (layer === undefined) throw new Error(`The call ${call.id} of ${node.id} has no layer`);
    const key = ties.keyOf(owner, layer.name);
    const common = ties.commonLayer(key);
    const from = common?.first ?? { node: owner, layer: layer.name };
    const namesake = models.find(other => other.node.id === from.node)?.node ?? node;
    const title = `${namesake.name}_${from.layer}`;
    const own = common?.layer ?? layer;
    const isLinear = linear.has(key);
    const name = builder.addSharedLayer(
      key,
      () => ({
        ...own,
        name: title,
        config: isLinear ? { ...own.config, activation: 'linear' } : own.config,
        trainable: common?.trainable ?? !frozen.has(layer.name),
      }),
      from,
    );
    let result = builder.addCall(name, call.inputs.map(find));
    const isEnd = model.linearEnd?.kind === 'activation' && model.linearEnd.call === call.id;
    if (isEnd) raw = { call: result, output: 0 };
    if (isLinear && (!isEnd || isUsedWithin(slice, call.id))) {
      const activation = builder.addSharedLayer(
        `${key} activation`,
        () => ({
          name: `${title}_activation`,
          type: 'Activation',
          config: { activation: layerActivation(own) ?? 'linear' },
          weights: {},
          trainable: false,
        }),
        from,
      );
      result = builder.addCall(activation, [{ call: result, output: 0 }]);
    }
    here.set(`call ${call.id}`, { call: result, output: 0 });
  }
  for (const [index, output] of slice.network.outputs.entries()) {
    const tap = slice.taps[index] ?? null;
    if (tap === null) give(`out${index}`, raw ?? find(output.from));
    else give(`tap:${tap}`, find(output.from));
  }
  return new Map(slice.network.calls.map(({ id }) => [id, find({ call: id, output: 0 })]));
}

function isUsedWithin({ network, taps }: Slice, call: string): boolean {
  const isIt = (ref: TensorRef) => 'call' in ref && ref.call === call;
  return taps.includes(call) || network.calls.some(({ inputs }) => inputs.some(isIt));
}

/** Leaves out what no output needs (a tap that isn't wired), and says how inputs are fed and outputs trained. */
function finish(
  document: ProjectDocument,
  builder: Builder,
  inputNodes: ReadonlyMap<string, NodeId>,
  tensors: ReadonlyMap<string, TensorRef>,
  made: LowerPass['inner'],
): LowerPass {
  const whole = builder.network(document.name);
  const sliced = sliceNetwork(whole, { start: null, end: null, taps: [] }, new Map());
  if ('problem' in sliced) throw new Error(`Slicing the whole network failed: ${sliced.problem.kind}`);
  const { network } = sliced.slice;
  const nodeOf = (id: NodeId | undefined): GraphNode | undefined => document.nodes[id ?? ''];
  const feeds = network.inputs.flatMap(input => {
    const node = nodeOf(inputNodes.get(input.name));
    return node?.kind === 'input' ? [{ input: input.name, node: node.id, column: node.column }] : [];
  });
  const heads = builder.outputs.flatMap(output => {
    const node = nodeOf(output.node);
    if (node?.kind !== 'output') return [];
    const { id, column, loss, lossWeight, metrics, classWeights } = node;
    return [{ output: output.name, node: id, column, loss, lossWeight, metrics, classWeights }];
  });
  const kept = new Set(network.layers.map(layer => layer.name));
  const origins = new Map([...builder.origins].filter(([name]) => kept.has(name)));
  const there = new Set([...network.inputs.map(({ name }) => name), ...network.calls.map(({ id }) => id)]);
  const isThere = (ref: TensorRef) => there.has('input' in ref ? ref.input : ref.call);
  const flows = new Map<WireId, TensorRef>();
  for (const { id, from } of Object.values(document.wires)) {
    const ref = tensors.get(portKey(from));
    if (ref !== undefined && isThere(ref)) flows.set(id, ref);
  }
  const inner = new Map(
    [...made].map(([node, calls]) => [node, new Map([...calls].filter(([, ref]) => isThere(ref)))]),
  );
  return { network, feeds, heads, origins, flows, inner };
}
