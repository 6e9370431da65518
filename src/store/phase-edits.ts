/** How the phases of a run are made and changed: a fine-tuning phase in one go, and what it says. Pure. */
import type { Freeze, ModelId, ModelNode, NodeId, ProjectDocument } from '../graph/document';
import { type Edit, setTraining } from '../graph/edits';
import { documentInPhase } from '../graph/phases';
import { DEFAULT_PHASE, makeSchedule, type Phase } from '../graph/training-settings';
import type { Network } from '../network/network';
import { usedLayers } from './node-words';

/** The part of a trunk's layers that fine-tuning lets train, from its end: a third. */
const UNFROZEN_PART = 1 / 3;
/** How much smaller the rate is: https://keras.io/guides/transfer_learning/ goes from 1e-3 to 1e-5, most recipes to a tenth. */
const RATE_FACTOR = 0.1;

export interface FineTuning {
  readonly phase: Phase;
  /** What it does, in one sentence. */
  readonly sentence: string;
}

/**
 * What fine-tuning after the last phase is: the top third of each frozen trunk trains too, at a tenth of the rate. null: no
 * model has anything frozen that could be let go.
 */
export function planFineTuning(
  document: ProjectDocument,
  networks: ReadonlyMap<ModelId, Network>,
): FineTuning | null {
  const last = document.training.phases.at(-1) ?? DEFAULT_PHASE;
  const freeze: Record<NodeId, Freeze> = { ...last.freeze };
  const parts: string[] = [];
  for (const node of Object.values(documentInPhase(document, last).nodes)) {
    if (node.kind !== 'model' || node.sharesWith !== null) continue;
    const network = networks.get(node.model);
    const top = network === undefined ? null : unfreezeTop(node, network);
    if (top === null) continue;
    freeze[node.id] = top;
    parts.push(top.kind === 'none' ? `all of ${node.name}` : `the top third of ${node.name}`);
  }
  if (parts.length === 0) return null;
  const learningRate = Number((last.optimizer.learningRate * RATE_FACTOR).toPrecision(6));
  const phase: Phase = {
    ...last,
    name: freshName(document, 'Fine-tuning'),
    epochs: Math.max(1, Math.ceil(last.epochs / 2)),
    optimizer: { ...last.optimizer, learningRate },
    schedule: makeSchedule('constant'),
    freeze,
  };
  const verb = parts.length === 1 ? 'trains' : 'train';
  const sentence = `Then ${listParts(parts)} ${verb} too, at a tenth of the learning rate: ${learningRate}.`;
  return { phase, sentence };
}

/** null: less of it is frozen already, or nothing in it has weights. */
function unfreezeTop(node: ModelNode, network: Network): Freeze | null {
  if (node.freeze.kind === 'none' || node.freeze.kind === 'asSaved') return null;
  const used = usedLayers(node, network);
  const weighted = new Set(
    network.layers
      .filter(({ name, weights }) => used.has(name) && Object.keys(weights).length > 0)
      .map(({ name }) => name),
  );
  const calls = network.calls.filter(({ layer }) => used.has(layer));
  const order = [...new Set(calls.map(({ layer }) => layer))].filter(name => weighted.has(name));
  if (order.length === 0) return null;
  const kept = order.length - Math.max(1, Math.round(order.length * UNFROZEN_PART));
  const frozenNow = node.freeze.kind === 'all' ? order.length : frozenUpTo(node.freeze.call, network, order);
  if (frozenNow <= kept) return null;
  const lastFrozen = order[kept - 1];
  const call = calls.findLast(({ layer }) => layer === lastFrozen);
  return call === undefined ? { kind: 'none' } : { kind: 'upTo', call: call.id };
}

/** How many of these layers stand before that call or at it. */
function frozenUpTo(call: string, network: Network, order: readonly string[]): number {
  const at = network.calls.findIndex(({ id }) => id === call);
  const before = new Set(network.calls.slice(0, at + 1).map(({ layer }) => layer));
  return order.filter(name => before.has(name)).length;
}

function listParts(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function freshName({ training }: ProjectDocument, wanted: string): string {
  const taken = new Set(training.phases.map(({ name }) => name));
  if (!taken.has(wanted)) return wanted;
  for (let i = 2; ; i++) if (!taken.has(`${wanted} ${i}`)) return `${wanted} ${i}`;
}

export function addPhase(phase: Phase): Edit {
  return document => {
    const [first, ...rest] = document.training.phases;
    return setTraining({ phases: [first, ...rest, phase] })(document);
  };
}

/** The last one stays. */
export function removePhase(index: number): Edit {
  return document => {
    const [first, ...rest] = document.training.phases.filter((_, at) => at !== index);
    return first === undefined ? document : setTraining({ phases: [first, ...rest] })(document);
  };
}
