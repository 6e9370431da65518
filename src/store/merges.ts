/** What joins the branches of a merge now, and what else could. */
import { compile } from '../compiler/compile';
import type { CompileResult } from '../compiler/result';
import type { GraphNode, LayerNode, NodeId, ProjectDocument } from '../graph/document';
import { changeType, type Edit, portIndex } from '../graph/edits';
import { inferCall } from '../layers/infer';
import { LAYER_TYPES, lookUpLayer } from '../layers/table';
import type { Shape } from '../network/shape';
import type { Models } from './selectors';
import { networksOf } from './selectors';

export interface Branch {
  readonly source: GraphNode;
  readonly shape: Shape | null;
}

export function branchesOf(
  document: ProjectDocument,
  compiled: CompileResult,
  node: NodeId,
): readonly Branch[] {
  return Object.values(document.wires)
    .filter(wire => wire.to.node === node)
    .sort((a, b) => portIndex(a.to.port) - portIndex(b.to.port))
    .flatMap(wire => {
      const source = document.nodes[wire.from.node];
      return source === undefined ? [] : [{ source, shape: compiled.wires.get(wire.id)?.shape ?? null }];
    });
}

export interface OtherMerge {
  readonly type: string;
  readonly help: string;
  /** Why the branches don't fit it as they are; null: they do. */
  readonly problem: string | null;
}

export function otherMerges(node: LayerNode, branches: readonly Branch[]): readonly OtherMerge[] {
  const shapes = branches.flatMap(branch => (branch.shape === null ? [] : [branch.shape]));
  return LAYER_TYPES.filter(type => type.category === 'Merge' && type.type !== node.type).map(type => {
    const known = shapes.length === branches.length && shapes.length >= type.inputs.min;
    const result = known ? inferCall({ type: type.type, config: {} }, shapes, lookUpLayer) : { shapes: [] };
    const problem = 'shapes' in result ? null : wordsOf(result.problem);
    return { type: type.type, help: type.help, problem };
  });
}

type Problem = Extract<ReturnType<typeof inferCall>, { readonly problem: unknown }>['problem'];

function wordsOf(problem: Problem): string {
  if (problem.kind === 'shape') return problem.problem.message;
  return problem.kind === 'unknown-type' ? 'Graft does not know it.' : problem.message;
}

/** Turns the merge into another one, and puts adapters on the branches that don't fit it. */
export function changeMerge(id: NodeId, type: string, models: Models): Edit {
  return document => {
    const changed = changeType(id, type)(document);
    const { diagnostics } = compile(changed, networksOf(models), lookUpLayer);
    return diagnostics.reduce((result, { subject, severity, fixes: [fix] }) => {
      if (subject.kind !== 'wire' || severity !== 'error' || fix === undefined) return result;
      return changed.wires[subject.wire]?.to.node === id ? fix.edit(result) : result;
    }, changed);
  };
}
