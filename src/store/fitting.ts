/** Which ports a wire that is being drawn may land on, and why not on the others. Pure, but for a memo. */
import type { CompileResult, PortFacts } from '../compiler/result';
import type { NodeId, PortRef, ProjectDocument } from '../graph/document';
import { portIndex } from '../graph/edits';
import { inferCall } from '../layers/infer';
import { lookUpLayer } from '../layers/table';
import { formatShape, type Shape, shapeFits } from '../network/shape';
import { memoize, selectCompiled } from './selectors';
import type { PendingWire } from './session';
import type { GraftState } from './store';

/** By `portKey`: null if it fits, else why not, in one sentence. Ports on which the wire makes no sense are missing. */
export type Fitting = ReadonlyMap<string, string | null>;

export function portKey(port: PortRef): string {
  return `${port.node}/${port.port}`;
}

const NOTHING: Fitting = new Map();

function findFitting(
  document: ProjectDocument,
  compiled: CompileResult,
  pending: PendingWire | null,
): Fitting {
  if (pending === null) return NOTHING;
  const fitting = new Map<string, string | null>();
  for (const [node, facts] of compiled.nodes) {
    if (node === pending.port.node) continue;
    const ports = pending.end === 'from' ? facts.inputs : facts.outputs;
    for (const { port } of ports) {
      const other = { node, port };
      const [from, to] = pending.end === 'from' ? [pending.port, other] : [other, pending.port];
      fitting.set(portKey(other), whyNot(document, compiled, from, to));
    }
  }
  return fitting;
}

function whyNot(
  document: ProjectDocument,
  compiled: CompileResult,
  from: PortRef,
  to: PortRef,
): string | null {
  const given = portFacts(compiled, from, 'outputs')?.shape ?? null;
  const target = document.nodes[to.node];
  if (given === null || target === undefined) return null;
  if (target.kind === 'layer') {
    const shapes = branchShapes(document, compiled, to, given);
    if (shapes === null) return null;
    const type = lookUpLayer(target.type);
    if (type === undefined || shapes.length < type.inputs.min) return null;
    const result = inferCall(target, shapes, lookUpLayer);
    if ('shapes' in result) return null;
    const { problem } = result;
    if (problem.kind === 'shape') return problem.problem.message;
    return 'message' in problem ? problem.message : null;
  }
  const wanted = portFacts(compiled, to, 'inputs')?.shape ?? null;
  if (target.kind === 'output' || wanted === null || shapeFits(given, wanted)) return null;
  return `${target.name} takes ${formatShape(wanted)}, and this is ${formatShape(given)}.`;
}

/** What the layer would get if this tensor came to that port; null: not all of it is known. */
function branchShapes(
  document: ProjectDocument,
  compiled: CompileResult,
  to: PortRef,
  given: Shape,
): readonly Shape[] | null {
  const branches = new Map<number, Shape | null>([[portIndex(to.port), given]]);
  for (const wire of Object.values(document.wires)) {
    const index = portIndex(wire.to.port);
    if (wire.to.node === to.node && !branches.has(index)) {
      branches.set(index, compiled.wires.get(wire.id)?.shape ?? null);
    }
  }
  const shapes = [...branches].sort(([a], [b]) => a - b).map(([, shape]) => shape);
  return shapes.every(shape => shape !== null) ? shapes : null;
}

function portFacts(
  compiled: CompileResult,
  { node, port }: { readonly node: NodeId; readonly port: string },
  side: 'inputs' | 'outputs',
): PortFacts | undefined {
  return compiled.nodes.get(node)?.[side].find(each => each.port === port);
}

const fittingOnce = memoize(findFitting);

export function selectFitting(state: GraftState): Fitting {
  return state.pendingWire === null
    ? NOTHING
    : fittingOnce(state.document, selectCompiled(state), state.pendingWire);
}
