/** What a node's card shows, as plain data: the components only draw it. Pure. */
import type { Diagnostic, NodeFacts, PortFacts } from '../compiler/result';
import type { SourceModel } from '../formats/protocol';
import type {
  GraphNode,
  InputNode,
  LayerNode,
  ModelNode,
  NodeId,
  OutputNode,
  ProjectDocument,
} from '../graph/document';
import { portIndex } from '../graph/edits';
import { lookUpLayer } from '../layers/table';
import { formatShape } from '../network/shape';
import {
  count,
  formatCount,
  LOSS_SHORT,
  layerOfCall,
  layerSubtitle,
  type Tone,
  toneOf,
  usedLayers,
  writtenBy,
} from '../store/node-words';
import { type Bar, spineOf } from './spine';

export interface Card {
  readonly id: NodeId;
  readonly tone: Tone;
  readonly icon: 'model' | 'image' | 'table' | 'output' | 'layer';
  /** For a layer's icon. */
  readonly type: string;
  readonly category: string;
  readonly name: string;
  readonly subtitle: string;
  readonly chip: { readonly frozen: boolean; readonly text: string } | null;
  readonly spine: readonly Bar[] | null;
  readonly spinePorts: RowPorts;
  readonly rows: readonly Row[];
  readonly problem: { readonly text: string; readonly more: number; readonly wrong: boolean } | null;
}

interface RowPorts {
  readonly input: Port | null;
  readonly output: Port | null;
}

export interface Row extends RowPorts {
  readonly label: string;
  readonly value: string;
  /** Only says what a port is for. */
  readonly faint: boolean;
}

export interface Port {
  readonly id: string;
  /** For those who can't see where it stands: `shape_cnn, input: 8 × 8 × 1`. */
  readonly label: string;
  readonly optional: boolean;
}

export interface CardSources {
  readonly node: GraphNode;
  readonly document: ProjectDocument;
  readonly facts: NodeFacts | undefined;
  readonly problems: readonly Diagnostic[];
  readonly model: SourceModel | undefined;
}

const NO_PORTS: RowPorts = { input: null, output: null };

export function describeCard(sources: CardSources): Card {
  const { node } = sources;
  const type = node.kind === 'layer' ? node.type : node.kind;
  const base = {
    id: node.id,
    tone: toneOf(node),
    type,
    category: lookUpLayer(type)?.category ?? '',
    name: node.name,
    chip: null,
    spine: null,
    spinePorts: NO_PORTS,
    problem: describeProblem(sources.problems),
  };
  const ports = portsOf(sources);
  switch (node.kind) {
    case 'input':
      return { ...base, ...describeInput(node, ports) };
    case 'model':
      return { ...base, ...describeModel(node, sources, ports) };
    case 'layer':
      return { ...base, ...describeLayer(node, sources, ports) };
    case 'output':
      return { ...base, ...describeOutput(node, ports) };
  }
}

interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** A node that failed still has the ports that its wires need: a wire never hangs in the air. */
function portsOf({ node, document, facts }: CardSources): Ports {
  const wires = Object.values(document.wires);
  const complete = (known: readonly PortFacts[] | undefined, side: 'input' | 'output', first: string) => {
    const ports = (known ?? []).map(({ port, label, shape, optional }) => ({
      id: port,
      label: `${node.name}, ${side} ${label}${shape === null ? '' : `: ${formatShape(shape)}`}`,
      optional,
    }));
    const wired = wires
      .map(wire => (side === 'input' ? wire.to : wire.from))
      .flatMap(end => (end.node === node.id ? [end.port] : []));
    const wanted = known === undefined ? [first, ...wired] : wired;
    const missing = [...new Set(wanted)].filter(id => ports.every(port => port.id !== id));
    return [
      ...ports,
      ...missing.map(id => ({ id, label: `${node.name}, ${side} ${id}`, optional: false })),
    ].sort((a, b) => orderOf(a.id) - orderOf(b.id));
  };
  return {
    inputs: node.kind === 'input' ? [] : complete(facts?.inputs, 'input', 'in0'),
    outputs: node.kind === 'output' ? [] : complete(facts?.outputs, 'output', 'out0'),
  };
}

/** Taps come after the node's own outputs, in the order in which they were made. */
function orderOf(port: string): number {
  return port.startsWith('tap:') ? 1000 : portIndex(port);
}

function describeProblem(problems: readonly Diagnostic[]): Card['problem'] {
  const serious = problems.filter(problem => problem.severity !== 'hint');
  const [first] = serious;
  if (first === undefined) return null;
  return { text: first.message, more: serious.length - 1, wrong: first.severity === 'error' };
}

function row(label: string, value: string, ports: Partial<RowPorts> = {}): Row {
  return { label, value, faint: false, ...NO_PORTS, ...ports };
}

function describeInput(node: InputNode, { outputs }: Ports) {
  const output = outputs[0] ?? null;
  const rows = [
    row('shape', formatShape([null, ...node.rowShape]), { output }),
    row('data', node.column ?? 'not chosen'),
  ];
  const icon = node.rowShape.length >= 2 ? ('image' as const) : ('table' as const);
  return { icon, subtitle: node.dtype === 'float32' ? 'Input' : `Input · ${node.dtype}`, rows };
}

function describeOutput(node: OutputNode, { inputs }: Ports) {
  const rows = [
    row('loss', LOSS_SHORT[node.loss.kind], { input: inputs[0] ?? null }),
    row('weight', String(node.lossWeight)),
  ];
  const subtitle = node.column === null || node.column === node.name ? 'Output' : `Output · ${node.column}`;
  return { icon: 'output' as const, subtitle, rows };
}

function describeLayer(node: LayerNode, { document, facts }: CardSources, { inputs, outputs }: Ports) {
  const subtitle = layerSubtitle(node);
  const chip = node.trainable || !facts?.parameters ? null : { frozen: true, text: 'frozen' };
  if (inputs.length > 1) {
    const wires = Object.values(document.wires).filter(wire => wire.to.node === node.id);
    const rows = inputs.map((input, index): Row => {
      const wire = wires.find(candidate => candidate.to.port === input.id);
      const source = wire && document.nodes[wire.from.node];
      const known = facts?.inputs.find(port => port.port === input.id)?.label ?? input.id;
      const label = source?.name ?? known;
      const output = outputs[index] ?? null;
      return { label, value: '', faint: source === undefined, input, output };
    });
    return { icon: 'layer' as const, subtitle, chip, rows };
  }
  const shape = facts?.outputs[0]?.shape ?? null;
  const fact = facts?.parameters
    ? (['parameters', formatCount(facts.parameters)] as const)
    : (['gives', shape === null ? '?' : formatShape(shape)] as const);
  const first = row(fact[0], fact[1], { input: inputs[0] ?? null, output: outputs[0] ?? null });
  const further = outputs.slice(1).map(output => row('', output.id, { output }));
  return { icon: 'layer' as const, subtitle, chip, rows: [first, ...further] };
}

function describeModel(node: ModelNode, { facts, model, document }: CardSources, { inputs, outputs }: Ports) {
  const network = model?.network;
  const single = inputs.length <= 1 && outputs.length <= 1;
  const facts1: Row[] = [];
  if (network !== undefined) {
    const start = layerOfCall(network, node.start);
    const end = layerOfCall(network, node.end);
    if (start !== null) facts1.push(row('starts after', start));
    if (end !== null) facts1.push(row('cut after', end));
    if (end === null && start === null) facts1.push(row('layers', String(network.layers.length)));
  }
  if (facts !== undefined) facts1.push(row('parameters', formatCount(facts.parameters)));
  const ports = single ? [] : portRows(inputs, outputs, facts, node);
  const owner = node.sharesWith === null ? undefined : document.nodes[node.sharesWith];
  const subtitle =
    model === undefined || network === undefined
      ? 'Model · not in this project'
      : owner !== undefined
        ? `Shares the weights of ${owner.name}`
        : `${writtenBy(model)} · ${count(usedLayers(node, network).size, 'layer')}`;
  return {
    icon: 'model' as const,
    subtitle,
    chip: facts === undefined ? null : freezeChip(facts),
    spine: network === undefined ? null : spineOf(node, network),
    spinePorts: single ? { input: inputs[0] ?? null, output: outputs[0] ?? null } : NO_PORTS,
    rows: [...ports, ...facts1.slice(0, 3)],
  };
}

function freezeChip(facts: NodeFacts): Card['chip'] {
  return facts.trainableParameters === 0
    ? { frozen: true, text: 'frozen' }
    : { frozen: false, text: `trains ${formatCount(facts.trainableParameters)}` };
}

function portRows(
  inputs: readonly Port[],
  outputs: readonly Port[],
  facts: NodeFacts | undefined,
  node: ModelNode,
): readonly Row[] {
  const label = (known: readonly PortFacts[] | undefined, port: Port | null) =>
    port === null ? '' : (known?.find(each => each.port === port.id)?.label ?? port.id);
  return Array.from({ length: Math.max(inputs.length, outputs.length) }, (_, index) => {
    const input = inputs[index] ?? null;
    const output = outputs[index] ?? null;
    // One input needs no name beside several outputs, nor the other way round.
    const left = inputs.length > 1 ? label(facts?.inputs, input) : '';
    const right = label(facts?.outputs, output);
    const tapped = output !== null && node.taps.includes(output.id.replace(/^tap:/, ''));
    return { label: left, value: tapped ? `${right} (tap)` : right, faint: true, input, output };
  });
}
