/**
 * JSON from a file or from storage as a project document of today's version. It checks form only; whether a document makes
 * sense is for the compiler to say.
 */
import * as v from 'valibot';
import { isJsonObject, type Json, type JsonObject } from '../base/json';
import { renameHardSigmoid } from '../layers/hard-sigmoid';
import type { GraphNode, ProjectDocument, Wire } from './document';
import { LOSSES, METRICS } from './objectives';
import { pruneTraining } from './phases';
import { moveTies } from './ties';
import { finite, freezeSchema, optionsSchema, trainingSchema } from './training-schema';

export const DOCUMENT_VERSION = 2;

/** `MIGRATIONS[n]` turns version n into n + 1: added when the version goes up, with an old sample file in the tests. */
const MIGRATIONS: Readonly<Record<number, (document: JsonObject) => JsonObject>> = { 1: addPhasesAndTies };

/**
 * Version 2 trains in phases, gives losses, metrics and optimisers their options, can tie layers and has two hard_sigmoids. What the new options
 * did before they could be said is what their defaults do.
 */
function addPhasesAndTies(document: JsonObject): JsonObject {
  const { nodes, data, training } = document;
  const kind = (value: Json | undefined) => ({ kind: value ?? null });
  const migrated: Record<string, Json> = {};
  for (const [id, node] of Object.entries(isJsonObject(nodes) ? nodes : {})) {
    if (!isJsonObject(node)) migrated[id] = node;
    else if (node.kind === 'layer' && isJsonObject(node.config))
      migrated[id] = { ...node, config: renameHardSigmoid(node.config) };
    else if (node.kind === 'output')
      migrated[id] = {
        ...node,
        loss: kind(node.loss),
        metrics: Array.isArray(node.metrics) ? node.metrics.map(kind) : [],
        classWeights: null,
      };
    else migrated[id] = node;
  }
  const { optimizer = null, epochs = null, ...rest } = isJsonObject(training) ? training : {};
  const phase = {
    name: 'Training',
    epochs,
    optimizer,
    schedule: { kind: 'constant' },
    freeze: {},
    trainable: {},
  };
  return {
    ...document,
    version: 2,
    nodes: migrated,
    ties: [],
    data: { ...(isJsonObject(data) ? data : {}), sampleWeight: null },
    training: { ...rest, phases: [phase], earlyStopping: null, clipping: null },
  };
}

export type ParsedDocument =
  | {
      readonly document: ProjectDocument;
      /** What had to be dropped, one sentence each. */
      readonly notes: readonly string[];
    }
  /** A sentence. */
  | { readonly problem: string };

const dim = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)));

const config = v.custom<JsonObject>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const common = {
  id: v.string(),
  name: v.string(),
  position: v.object({ x: finite, y: finite }),
};

const nodeSchema = v.variant('kind', [
  v.object({
    ...common,
    kind: v.literal('input'),
    rowShape: v.array(dim),
    dtype: v.picklist(['float32', 'int32', 'bool', 'string']),
    column: v.nullable(v.string()),
  }),
  v.object({
    ...common,
    kind: v.literal('model'),
    model: v.string(),
    start: v.nullable(v.string()),
    end: v.nullable(v.string()),
    taps: v.array(v.string()),
    linearEnd: v.boolean(),
    freeze: freezeSchema,
    sharesWith: v.nullable(v.string()),
  }),
  v.object({
    ...common,
    kind: v.literal('layer'),
    type: v.string(),
    config,
    trainable: v.boolean(),
  }),
  v.object({
    ...common,
    kind: v.literal('output'),
    column: v.nullable(v.string()),
    loss: optionsSchema(LOSSES),
    lossWeight: finite,
    metrics: v.array(optionsSchema(METRICS)),
    classWeights: v.nullable(v.record(v.string(), finite)),
  }),
]);

const portSchema = v.object({ node: v.string(), port: v.string() });

const tieSchema = v.object({
  layers: v.array(v.object({ node: v.string(), layer: v.string() })),
  start: v.variant('kind', [
    v.object({ kind: v.literal('average') }),
    v.object({ kind: v.literal('of'), node: v.string() }),
  ]),
});

const documentSchema = v.object({
  version: v.literal(DOCUMENT_VERSION),
  name: v.string(),
  nodes: v.record(v.string(), nodeSchema),
  wires: v.record(v.string(), v.object({ id: v.string(), from: portSchema, to: portSchema })),
  ties: v.array(tieSchema),
  data: v.object({ dataset: v.nullable(v.string()), sampleWeight: v.nullable(v.string()) }),
  training: trainingSchema,
});

export function parseDocument(json: Json): ParsedDocument {
  if (!isJsonObject(json) || typeof json.version !== 'number') {
    return { problem: 'It isn’t a Graft project: it says no version.' };
  }
  if (json.version > DOCUMENT_VERSION) {
    return {
      problem: `The project was saved by a newer Graft (version ${json.version} of the file; this one reads up to ${DOCUMENT_VERSION}): reload the page to update.`,
    };
  }
  let current = json;
  for (let version = json.version; version < DOCUMENT_VERSION; version++) {
    const migrate = MIGRATIONS[version];
    if (migrate === undefined) return { problem: `There was no version ${version} of the project file.` };
    current = migrate(current);
  }
  const parsed = v.safeParse(documentSchema, current);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { problem: `The project is damaged at ${v.getDotPath(issue) ?? 'its top'}: ${issue.message}.` };
  }
  return dropLooseEnds(parsed.output);
}

/** An entry's key is its id; wires, shared weights and ties need the nodes that they name. */
function dropLooseEnds(document: ProjectDocument): ParsedDocument {
  const notes: string[] = [];
  const nodes: Record<string, GraphNode> = {};
  for (const [id, node] of Object.entries(document.nodes)) {
    if (node.id !== id)
      return { problem: `The project is damaged: the node '${id}' calls itself '${node.id}'.` };
    const isLoose =
      node.kind === 'model' && node.sharesWith !== null && !isModelNode(document, node.sharesWith);
    if (isLoose)
      notes.push(`'${node.name}' shared the weights of a model that is gone, and has its own now.`);
    nodes[id] = isLoose ? { ...node, sharesWith: null } : node;
  }
  const wires: Record<string, Wire> = {};
  for (const [id, wire] of Object.entries(document.wires)) {
    if (wire.id !== id)
      return { problem: `The project is damaged: the wire '${id}' calls itself '${wire.id}'.` };
    const isLoose = !Object.hasOwn(nodes, wire.from.node) || !Object.hasOwn(nodes, wire.to.node);
    if (isLoose)
      notes.push(`A wire from '${wire.from.node}' to '${wire.to.node}' was dropped: one of them is gone.`);
    else wires[id] = wire;
  }
  const training = pruneTraining(document.training, nodes);
  const ties = moveTies(document.ties, id => isModelNode(document, id), new Map());
  if (ties !== document.ties)
    notes.push('Layers were tied to those of a model that is gone, and are not any more.');
  return { document: { ...document, nodes, wires, ties, training }, notes };
}

function isModelNode({ nodes }: ProjectDocument, id: string): boolean {
  return Object.hasOwn(nodes, id) && nodes[id]?.kind === 'model';
}
