/**
 * The examples that come with Graft: projects with their models and data, fetched from the site itself. The files name their
 * models by alias (`shape_cnn`), since a model's id is only known once it is read; here aliases become ids.
 */
import { type FetchBytes, readBundledDataset } from '../data/bundled-dataset';
import type { Dataset } from '../data/dataset';
import type { ReadItem, SourceFile, SourceModel } from '../formats/protocol';
import type { GraphNode, NodeId, ProjectDocument } from '../graph/document';
import { parseDocument } from '../graph/parse-document';

export interface Example {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it joins and how. */
  readonly about: string;
}

/** The first is opened at the first start. */
export const EXAMPLES: readonly Example[] = [
  {
    id: 'digits-parallel',
    name: 'Digits: shape and stroke',
    about: 'Two frozen networks look at the same digit side by side, and a new layer decides from both.',
  },
  {
    id: 'digits-stack',
    name: 'Digits: encoder into profile',
    about: 'The scores of one network feed another through a small adapter, and all of it trains.',
  },
  {
    id: 'digits-trunk',
    name: 'Digits: one trunk, two heads',
    about: 'One frozen network, cut at its features, answers two questions: which digit, and odd or even.',
  },
];

export interface ExampleSources {
  /** `path` is relative to the page. */
  readonly fetchBytes: FetchBytes;
  readonly read: (files: readonly SourceFile[]) => Promise<readonly ReadItem[]>;
}

export interface LoadedExample {
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly dataset: Dataset;
}

/** Data sets that come with Graft, for projects of one's own as well. */
export const DATASETS: readonly BundledDataset[] = [
  { id: 'digits', name: 'Handwritten digits', folder: 'examples/digits' },
];

export interface BundledDataset {
  readonly id: string;
  readonly name: string;
  /** Relative to the page. */
  readonly folder: string;
}

/** Fails with a sentence if there is no such data set or it couldn't be had. */
export async function loadDataset(id: string, fetchBytes: FetchBytes): Promise<Dataset> {
  const known = DATASETS.find(dataset => dataset.id === id);
  if (known === undefined) throw new Error(`There is no data set '${id}'.`);
  return readBundledDataset(known.folder, fetchBytes);
}

/** Fails with a sentence that says what couldn't be had. */
export async function loadExample(id: string, sources: ExampleSources): Promise<LoadedExample> {
  if (!EXAMPLES.some(example => example.id === id)) throw new Error(`There is no example '${id}'.`);
  const text = new TextDecoder().decode(await sources.fetchBytes(`examples/projects/${id}.json`));
  const parsed = parseDocument(JSON.parse(text));
  if ('problem' in parsed) throw new Error(`The example '${id}': ${parsed.problem}`);
  const drawn = parsed.document;
  const folder = DATASETS.find(known => known.id === drawn.data.dataset)?.folder;
  if (folder === undefined) throw new Error(`The example '${id}' names no data set that there is.`);
  const nodes = Object.values(drawn.nodes);
  const aliases = [...new Set(nodes.flatMap(node => (node.kind === 'model' ? [node.model] : [])))];
  const [dataset, ...models] = await Promise.all([
    readBundledDataset(folder, sources.fetchBytes),
    ...aliases.map(alias => readModel(`${folder}/models/${alias}`, alias, sources)),
  ]);
  const ids = new Map(models.map(model => [model.name, model.id]));
  const resolve = (node: GraphNode): GraphNode =>
    node.kind === 'model' ? { ...node, model: ids.get(node.model) ?? node.model } : node;
  const resolved: Record<NodeId, GraphNode> = {};
  for (const node of nodes) resolved[node.id] = resolve(node);
  return {
    document: { ...drawn, nodes: resolved, data: { dataset: dataset.id, sampleWeight: null } },
    models,
    dataset,
  };
}

async function readModel(folder: string, alias: string, sources: ExampleSources): Promise<SourceModel> {
  const files = await Promise.all(
    ['model.json', 'weights.bin'].map(async file => ({
      path: `${alias}/${file}`,
      blob: new Blob([await sources.fetchBytes(`${folder}/${file}`)]),
    })),
  );
  const items = await sources.read(files);
  for (const item of items) if (item.kind === 'model') return { ...item.model, name: alias };
  const reason = items.map(item => (item.kind === 'refused' ? item.report.refusal?.reason : null))[0];
  throw new Error(`The model ${alias} couldn't be read. ${reason ?? ''}`.trim());
}
