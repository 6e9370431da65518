/** Documents and Networks in few words, for tests. */
import {
  EMPTY_DOCUMENT,
  type GraphNode,
  type InputNode,
  type LayerNode,
  type ModelNode,
  type OutputNode,
  type ProjectDocument,
} from '../graph/document';
import {
  type LossKind,
  type LossSettings,
  type MetricKind,
  type MetricSettings,
  makeLoss,
  makeMetric,
} from '../graph/objectives';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { Config, Layer, Network } from '../network/network';
import type { Shape } from '../network/shape';
import { compile } from './compile';
import type { ColumnFacts, CompileResult } from './result';

/** `['a.out0 b.in0', …]`, or `a b` for `a.out0 b.in0`. */
export function sketch(nodes: readonly GraphNode[], wires: readonly string[]): ProjectDocument {
  const port = (text: string, usual: string) => {
    const [node = '', name = usual] = text.split('.');
    return { node, port: name };
  };
  return {
    ...EMPTY_DOCUMENT,
    nodes: Object.fromEntries(nodes.map(node => [node.id, node])),
    wires: Object.fromEntries(
      wires.map((wire, index) => {
        const [from = '', to = ''] = wire.split(' ');
        const id = `wire-${index + 1}`;
        return [id, { id, from: port(from, 'out0'), to: port(to, 'in0') }];
      }),
    ),
  };
}

const at = { x: 0, y: 0 };

export function input(id: string, rowShape: InputNode['rowShape'], rest: Partial<InputNode> = {}): InputNode {
  return { kind: 'input', id, name: id, position: at, rowShape, dtype: 'float32', column: null, ...rest };
}

export function layer(
  id: string,
  type: string,
  config: Config = {},
  rest: Partial<LayerNode> = {},
): LayerNode {
  return { kind: 'layer', id, name: id, position: at, type, config, trainable: true, ...rest };
}

export function model(id: string, network: Network, rest: Partial<ModelNode> = {}): ModelNode {
  return {
    kind: 'model',
    id,
    name: id,
    position: at,
    model: network.name,
    start: null,
    end: null,
    taps: [],
    linearEnd: false,
    freeze: { kind: 'all' },
    sharesWith: null,
    ...rest,
  };
}

interface OutputParts extends Partial<Omit<OutputNode, 'loss' | 'metrics'>> {
  /** A kind alone has its defaults. */
  readonly loss?: LossSettings | LossKind;
  readonly metrics?: readonly (MetricSettings | MetricKind)[];
}

export function output(id: string, parts: OutputParts = {}): OutputNode {
  const { loss = 'sparse_categorical_crossentropy', metrics = [], ...rest } = parts;
  return {
    kind: 'output',
    id,
    name: id,
    position: at,
    column: null,
    loss: typeof loss === 'string' ? makeLoss(loss) : loss,
    lossWeight: 1,
    metrics: metrics.map(metric => (typeof metric === 'string' ? makeMetric(metric) : metric)),
    classWeights: null,
    ...rest,
  };
}

/** A chain of layers on one input, its weights drawn from `seed`: `chain('a', [null, 4], [['d1', 'Dense', {units: 3}]])`. */
export function chain(
  name: string,
  shape: Shape,
  layers: readonly (readonly [name: string, type: string, config?: Config])[],
  seed = 1,
): Network {
  const list = layers.map(
    ([layerName, type, config = {}]): Layer => ({
      name: layerName,
      type,
      config,
      weights: {},
      trainable: true,
    }),
  );
  const calls = list.map((item, index) => {
    const before = list[index - 1];
    const from = before === undefined ? { input: 'in' } : { call: before.name, output: 0 };
    return { id: item.name, layer: item.name, inputs: [from] };
  });
  const last = list.at(-1);
  const from = last === undefined ? { input: 'in' } : { call: last.name, output: 0 };
  const network: Network = {
    name,
    inputs: [{ name: 'in', shape, dtype: 'float32' }],
    layers: list,
    calls,
    outputs: [{ name: 'out', from }],
  };
  return initialize(network, lookUpLayer, seed);
}

/** Model ids are the networks' names. */
export function compileSketch(
  document: ProjectDocument,
  networks: readonly Network[] = [],
  columns: readonly ColumnFacts[] | null = null,
): CompileResult {
  return compile(document, new Map(networks.map(network => [network.name, network])), lookUpLayer, columns);
}

export function codes(result: CompileResult): readonly string[] {
  return result.diagnostics.map(diagnostic => diagnostic.code);
}
