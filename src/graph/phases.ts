/** What a phase of training changes in a document, and what a change of the document does to its phases. Pure. */
import type { GraphNode, NodeId, ProjectDocument } from './document';
import type { Monitor, Phase, TrainingSettings } from './training-settings';
import { VALIDATION_LOSS } from './training-settings';

/** The document as that phase trains it: its frozen nodes instead of those that the nodes say themselves. */
export function documentInPhase(document: ProjectDocument, { freeze, trainable }: Phase): ProjectDocument {
  const nodes: Record<NodeId, GraphNode> = {};
  for (const [id, node] of Object.entries(document.nodes)) {
    const frozen = Object.hasOwn(freeze, id) ? freeze[id] : undefined;
    const trains = Object.hasOwn(trainable, id) ? trainable[id] : undefined;
    if (node.kind === 'model' && frozen !== undefined) nodes[id] = { ...node, freeze: frozen };
    else if (node.kind === 'layer' && trains !== undefined) nodes[id] = { ...node, trainable: trains };
    else nodes[id] = node;
  }
  return { ...document, nodes };
}

/** Without what it says of nodes that are gone; the same object if that is nothing. */
export function pruneTraining(
  training: TrainingSettings,
  nodes: Readonly<Record<NodeId, GraphNode>>,
): TrainingSettings {
  const [first, ...rest] = training.phases;
  const phases: TrainingSettings['phases'] = [
    prunePhase(first, nodes),
    ...rest.map(phase => prunePhase(phase, nodes)),
  ];
  const stopping = training.earlyStopping;
  const monitor = stopping === null ? null : pruneMonitor(stopping.monitor, nodes);
  const sameStopping = stopping === null || monitor === stopping.monitor;
  if (sameStopping && phases.every((phase, index) => phase === training.phases[index])) return training;
  const earlyStopping = stopping === null || monitor === null ? null : { ...stopping, monitor };
  return { ...training, phases, earlyStopping };
}

function prunePhase(phase: Phase, nodes: Readonly<Record<NodeId, GraphNode>>): Phase {
  const { schedule } = phase;
  const freeze = pick(phase.freeze, id => nodes[id]?.kind === 'model');
  const trainable = pick(phase.trainable, id => nodes[id]?.kind === 'layer');
  const monitor = schedule.kind === 'plateau' ? pruneMonitor(schedule.monitor, nodes) : null;
  const sameSchedule = schedule.kind !== 'plateau' || schedule.monitor === monitor;
  if (freeze === phase.freeze && trainable === phase.trainable && sameSchedule) return phase;
  const pruned = schedule.kind === 'plateau' && monitor !== null ? { ...schedule, monitor } : schedule;
  return { ...phase, freeze, trainable, schedule: pruned };
}

function pruneMonitor(monitor: Monitor, nodes: Readonly<Record<NodeId, GraphNode>>): Monitor {
  return monitor.output === null || nodes[monitor.output]?.kind === 'output' ? monitor : VALIDATION_LOSS;
}

function pick<T>(record: Readonly<Record<NodeId, T>>, keep: (id: NodeId) => boolean) {
  const entries = Object.entries(record);
  const kept = entries.filter(([id]) => keep(id));
  return kept.length === entries.length ? record : Object.fromEntries(kept);
}
