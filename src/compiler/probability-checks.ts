/** Probabilities that flow on into something that learns from features, or into another softmax. It needs no data. */
import * as edits from '../graph/edits';
import { endActivation, layerActivation, type ResolvedLayer } from './1-resolve';
import * as d from './diagnostics';
import type { Incoming, Scope } from './infer-scope';
import type { Fix } from './result';

/** What a model is given: it was trained on features or data, not on another network's decision. */
export function reportProbabilities(incoming: Incoming, scope: Scope): void {
  const ending = endingOf(incoming, scope);
  if (ending === null) return;
  scope.report(d.probabilitiesFlowOn(incoming.wire, incoming.source, ending.activation, ending.fixes));
}

/** What a layer is given: one with weights and a Concatenate pass features on, and a second softmax flattens the first. */
export function reportProbabilitiesIntoLayer(
  { node, type, config }: ResolvedLayer,
  hasWeights: boolean,
  incoming: readonly Incoming[],
  scope: Scope,
): void {
  const isActivation = type.type === 'Activation' || type.type === 'Softmax';
  const isSecond = isActivation && layerActivation({ type: type.type, config }) === 'softmax';
  for (const at of incoming) {
    const ending = endingOf(at, scope);
    if (ending === null) continue;
    const size = at.flow.shape?.at(-1) ?? null;
    if (isSecond && ending.activation === 'softmax') {
      scope.report(d.softmaxTwice(at.wire, node, at.source, size, ending.fixes));
    } else if (hasWeights || type.type === 'Concatenate') {
      scope.report(d.probabilitiesFlowOn(at.wire, at.source, ending.activation, ending.fixes));
    }
  }
}

interface Ending {
  readonly activation: 'softmax' | 'sigmoid';
  readonly fixes: readonly Fix[];
}

/** The probabilities that a source ends in; null: it doesn't. A sigmoid within a network is an activation like others. */
function endingOf({ source, wire }: Incoming, scope: Scope): Ending | null {
  const from = scope.resolved.get(source.id);
  if (from?.kind === 'model' && wire.from.port === 'out0' && from.linearEnd === null) {
    const activation = endActivation(from.node, from.network);
    if (activation !== 'softmax' && activation !== 'sigmoid') return null;
    const edit = edits.updateModel(from.node.id, { linearEnd: true });
    return { activation, fixes: [{ label: `Drop the last ${activation}`, edit }] };
  }
  if (from?.kind !== 'layer') return null;
  if (layerActivation({ type: from.type.type, config: from.config }) !== 'softmax') return null;
  const edit = edits.setParam(from.node.id, 'activation', 'linear');
  const fixes = 'activation' in from.config ? [{ label: `Make ${from.node.name} linear`, edit }] : [];
  return { activation: 'softmax', fixes };
}
