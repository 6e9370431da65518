/** Pass 3 for layer nodes: the layer table says what comes out, and what doesn't fit is turned into words and adapters. */
import type { NodeId } from '../graph/document';
import * as edits from '../graph/edits';
import { inferCall, type LayerProblem } from '../layers/infer';
import type { LayerType } from '../layers/layer-type';
import { formatShape, type Shape, shapeFits, sizeOf, sizeOfRow } from '../network/shape';
import type { ResolvedLayer } from './1-resolve';
import { findAdapters, type Wanted } from './adapters';
import * as d from './diagnostics';
import { checkValues, type Incoming, keepsTokens, reportStrayWires, type Scope, takeIn } from './infer-scope';
import { reportProbabilitiesIntoLayer } from './probability-checks';
import type { Fix, NodeFacts } from './result';

export function inferLayer(resolved: ResolvedLayer, scope: Scope): NodeFacts {
  const { node, type, config } = resolved;
  const wired = (scope.order.incoming.get(node.id) ?? []).length;
  const { min, max } = type.inputs;
  // A merge always has one more port than branches, so that a further branch can be wired.
  const ports = max === null ? Math.max(min, wired + 1) : max;
  const inputs = Array.from({ length: ports }, (_, index) => ({
    port: `in${index}`,
    incoming: takeIn({ node: node.id, port: `in${index}` }, scope),
    optional: index >= min,
  }));
  const label = (index: number) => (ports > 1 ? `branch ${index + 1}` : 'input');
  const incoming = inputs.flatMap(input => (input.incoming === undefined ? [] : [input.incoming]));
  const facts = (outputs: readonly (Shape | null)[], parameters = 0): NodeFacts => ({
    inputs: inputs.map((input, index) => ({
      port: input.port,
      label: label(index),
      shape: null,
      dtype: type.inputs.values === 'tokens' ? 'int32' : 'float32',
      optional: input.optional,
    })),
    outputs: outputs.map((shape, index) => ({
      port: `out${index}`,
      label: outputs.length > 1 ? `output ${index + 1}` : node.name,
      shape,
      dtype: keepsTokens(type) ? (incoming[0]?.flow.dtype ?? 'float32') : 'float32',
      optional: false,
    })),
    parameters,
    trainableParameters: node.trainable ? parameters : 0,
  });
  const unknown = facts([null]);
  reportStrayWires(node.id, unknown.inputs, scope);

  const missing = inputs.findIndex(input => input.incoming === undefined && !input.optional);
  if (missing >= 0) {
    if (scope.order.used.has(node.id)) scope.report(d.inputMissing(node, label(missing), 'error', []));
    return unknown;
  }
  let sound = true;
  for (const { flow, source, wire } of incoming) {
    sound =
      checkValues(wire, source, flow, keepsTokens(type) ? 'any' : type.inputs.values, node.name, scope) &&
      sound;
  }
  const shapes = incoming.flatMap(({ flow }) => (flow.shape === null ? [] : [flow.shape]));
  if (shapes.length < incoming.length) return unknown;
  const result = inferCall({ type: type.type, config }, shapes, scope.table);
  if ('problem' in result) {
    reportLayerProblem(resolved, result.problem, incoming, scope);
    return unknown;
  }
  if (!sound) return unknown;
  reportStretching(resolved, incoming, result.shapes[0] ?? [], scope);
  const weights = type.weights(config, shapes, scope.table);
  reportProbabilitiesIntoLayer(resolved, weights.length > 0, incoming, scope);
  const parameters = weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
  const trainable = weights.reduce((sum, weight) => sum + (weight.trainable ? sizeOf(weight.shape) : 0), 0);
  return { ...facts(result.shapes, parameters), trainableParameters: node.trainable ? trainable : 0 };
}

function reportLayerProblem(
  { node, type }: ResolvedLayer,
  problem: LayerProblem,
  incoming: readonly Incoming[],
  scope: Scope,
): void {
  const misfit = (at: Incoming | undefined, wanted: Wanted, message: string, fixes: readonly Fix[] = []) => {
    if (at === undefined || at.flow.shape === null) {
      scope.report(d.layerImpossible(node, message));
      return;
    }
    if ('shape' in wanted) scope.wires.set(at.wire.id, { shape: at.flow.shape, wanted: wanted.shape });
    scope.report(d.wireDoesNotFit(at.wire, message, findAdapters(at.flow.shape, wanted, scope.table), fixes));
  };
  switch (problem.kind) {
    case 'rank':
      misfit(incoming[problem.input], { ranks: type.inputs.ranks ?? [type.inputs.minRank] }, problem.message);
      return;
    case 'shape': {
      const { problem: cause } = problem;
      if (cause.kind === 'other') {
        scope.report(d.layerImpossible(node, cause.message));
        return;
      }
      const others = concatenateInstead(node.id, type, incoming, scope);
      const advice = others.length > 0 ? 'Adapt it, or concatenate.' : 'Adapt it.';
      for (const { at, wanted } of oddBranches(incoming, cause.wanted, cause.input)) {
        const needs = 'shape' in wanted ? formatShape(wanted.shape) : describeRank(wanted.ranks[0] ?? 0);
        const message = `${at.source.name} gives ${formatShape(at.flow.shape ?? [])}, and ${node.name} needs ${needs} to go with the other branch. ${cause.message} ${advice}`;
        misfit(at, wanted, message, others);
      }
      return;
    }
    case 'arity':
    case 'unsupported-option':
      scope.report(d.layerImpossible(node, problem.message));
      return;
    case 'unknown-type':
      return;
  }
}

function describeRank(rank: number): string {
  return rank === 2 ? 'one axis beside the batch' : `${rank - 1} axes beside the batch`;
}

interface OddBranch {
  readonly at: Incoming;
  readonly wanted: Wanted;
}

/**
 * The branches to adapt. Where all sizes matter, all are brought to the largest, so that nothing is lost. Where only the
 * number of axes is wrong, those with more of them are brought down: there is one way down, and many up.
 */
function oddBranches(incoming: readonly Incoming[], wanted: Shape, input: number): readonly OddBranch[] {
  const ranks = incoming.map(({ flow }) => flow.shape?.length ?? 0);
  const lowest = Math.min(...ranks);
  if (wanted.slice(1).includes(null)) {
    const deeper = incoming.filter((_, index) => (ranks[index] ?? 0) > lowest);
    if (deeper.length > 0) return deeper.map(at => ({ at, wanted: { ranks: [lowest] } }));
    const named = incoming[input];
    return named === undefined ? [] : [{ at: named, wanted: { shape: wanted } }];
  }
  const largest = incoming.reduce<Shape>((best, { flow }) => {
    const shape = flow.shape ?? best;
    return (sizeOfRow(shape) ?? 0) > (sizeOfRow(best) ?? 0) ? shape : best;
  }, wanted);
  return incoming
    .filter(({ flow }) => !shapeFits(flow.shape ?? [], largest))
    .map(at => ({ at, wanted: { shape: largest } }));
}

function concatenateInstead(
  node: NodeId,
  type: LayerType,
  incoming: readonly Incoming[],
  scope: Scope,
): readonly Fix[] {
  const shapes = incoming.map(({ flow }) => flow.shape ?? []);
  if (type.type === 'Concatenate') return [];
  const works = 'shapes' in inferCall({ type: 'Concatenate', config: {} }, shapes, scope.table);
  return works ? [{ label: 'Use Concatenate', edit: edits.changeType(node, 'Concatenate') }] : [];
}

function reportStretching(
  { node, type }: ResolvedLayer,
  incoming: readonly Incoming[],
  out: Shape,
  scope: Scope,
) {
  if (!type.stretches) return;
  for (const { flow, source, wire } of incoming) {
    if (flow.shape === null || shapeFits(flow.shape, out)) continue;
    const adapters = findAdapters(flow.shape, { shape: out }, scope.table);
    scope.report(d.mergeStretches(wire, node, source, flow.shape, out, adapters));
  }
}
