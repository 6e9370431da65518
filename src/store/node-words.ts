/** What is said of nodes and models, once for the canvas and the panels. Pure. */
import { isJsonArray, isJsonObject, type Json } from '../base/json';
import type { SourceModel } from '../formats/protocol';
import type { Freeze, GraphNode, LayerNode, ModelNode } from '../graph/document';
import type { LossKind, MetricKind } from '../graph/objectives';
import type { LayerType } from '../layers/layer-type';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import { sliceNetwork } from '../network/slice';

export type Tone = 'input' | 'model' | 'layer' | 'merge' | 'output';

export function toneOf(node: GraphNode): Tone {
  if (node.kind !== 'layer') return node.kind;
  return lookUpLayer(node.type)?.category === 'Merge' ? 'merge' : 'layer';
}

export function isMerge(type: LayerType): boolean {
  return type.category === 'Merge';
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 layer`, `12,416 parameters`. */
export function count(number: number, word: string): string {
  return `${formatCount(number)} ${word}${number === 1 ? '' : 's'}`;
}

/** As it stands on a card: `3 × 3`, `relu`, `no bias`. */
export function formatValue(value: Json): string {
  if (isJsonArray(value)) return value.map(formatValue).join(' × ');
  if (isJsonObject(value)) return typeof value.class_name === 'string' ? value.class_name : '…';
  if (value === null) return 'none';
  return String(value);
}

/**
 * The parameters that tell a layer from its like: the first one always, the other plain ones where they aren't the
 * default. `10 · softmax` for a Dense.
 */
function summarizeLayer(node: Pick<LayerNode, 'type' | 'config'>): string {
  const type = lookUpLayer(node.type);
  if (type === undefined) return node.type;
  const plain = Object.entries(type.params).filter(
    ([, spec]) => !spec.advanced && spec.form.kind !== 'fixed',
  );
  const said = plain.flatMap(([name, spec], index) => {
    const given = node.config[name];
    if (given === undefined && index > 0) return [];
    const value = given ?? spec.default;
    if (typeof value === 'boolean') return value ? [name.replaceAll('_', ' ')] : [];
    return value === null ? [] : [formatValue(value)];
  });
  const words = node.type === 'Concatenate' || node.type === 'Dot' ? said.map(axis => `axis ${axis}`) : said;
  return words.slice(0, 3).join(' · ');
}

/** The line under the name of a layer node: its type, where the name doesn't say it already, and its parameters. */
export function layerSubtitle(node: LayerNode): string {
  const category = lookUpLayer(node.type)?.category;
  const summary = summarizeLayer(node);
  const parts = [node.name === node.type ? (category === 'Merge' ? 'Merge' : '') : node.type, summary];
  return parts.filter(part => part !== '').join(' · ') || (category ?? 'Unknown layer');
}

/** Short enough for a card: `Keras 3`, `TensorFlow.js`. */
export function writtenBy(model: SourceModel): string {
  const { writtenBy: said, format } = model.report;
  const keras = /\bkeras\D{0,3}(\d+)/i.exec(said ?? '');
  if (keras !== null) return `Keras ${keras[1]}`;
  if (/^keras\b/i.test(said ?? format)) return 'Keras';
  if (/teachable/i.test(`${said} ${format}`)) return 'Teachable Machine';
  if (/tensorflow\.js|tfjs/i.test(said ?? format)) return 'TensorFlow.js';
  return said?.split(',')[0] ?? format;
}

/** A model's layers as it applies them. A layer that is called again doesn't come again. */
export function layersInOrder(network: Network): readonly string[] {
  return [...new Set(network.calls.map(call => call.layer))];
}

/** The layers that the node uses, by name; all of them where its cut is impossible (the compiler says so). */
export function usedLayers(
  node: Pick<ModelNode, 'start' | 'end' | 'taps'>,
  network: Network,
): ReadonlySet<string> {
  const sliced = sliceNetwork(network, node, new Map());
  const part = 'slice' in sliced ? sliced.slice.network : network;
  return new Set(part.layers.map(layer => layer.name));
}

export function layerOfCall(network: Network, call: string | null): string | null {
  return network.calls.find(candidate => candidate.id === call)?.layer ?? null;
}

export function freezeWords(freeze: Freeze, network: Network | undefined): string {
  switch (freeze.kind) {
    case 'all':
      return 'Frozen';
    case 'none':
      return 'All layers train';
    case 'asSaved':
      return 'As saved';
    case 'upTo':
      return `Frozen up to ${(network && layerOfCall(network, freeze.call)) ?? freeze.call}`;
  }
}

export const LOSS_WORDS: Readonly<Record<LossKind, string>> = {
  categorical_crossentropy: 'Cross-entropy (classes)',
  sparse_categorical_crossentropy: 'Cross-entropy (class numbers)',
  binary_crossentropy: 'Cross-entropy (yes or no)',
  kl_divergence: 'Kullback-Leibler divergence',
  categorical_hinge: 'Hinge (classes)',
  hinge: 'Hinge (yes or no)',
  squared_hinge: 'Squared hinge (yes or no)',
  mean_squared_error: 'Mean squared error',
  mean_absolute_error: 'Mean absolute error',
  mean_absolute_percentage_error: 'Mean absolute percentage error',
  mean_squared_logarithmic_error: 'Mean squared logarithmic error',
  huber: 'Huber',
  log_cosh: 'Log-cosh',
  poisson: 'Poisson (counts)',
  cosine_similarity: 'Cosine similarity',
};

export const LOSS_SHORT: Readonly<Record<LossKind, string>> = {
  categorical_crossentropy: 'cross-entropy',
  sparse_categorical_crossentropy: 'cross-entropy',
  binary_crossentropy: 'cross-entropy',
  kl_divergence: 'KL divergence',
  categorical_hinge: 'hinge',
  hinge: 'hinge',
  squared_hinge: 'squared hinge',
  mean_squared_error: 'squared error',
  mean_absolute_error: 'absolute error',
  mean_absolute_percentage_error: 'percentage error',
  mean_squared_logarithmic_error: 'log error',
  huber: 'Huber',
  log_cosh: 'log-cosh',
  poisson: 'Poisson',
  cosine_similarity: 'cosine',
};

export const METRIC_WORDS: Readonly<Record<MetricKind, string>> = {
  accuracy: 'Accuracy',
  top_k_accuracy: 'Top-k accuracy',
  auc: 'AUC',
  precision: 'Precision',
  recall: 'Recall',
  f1_score: 'F1',
  r2_score: 'R²',
  mean_absolute_error: 'Mean absolute error',
  mean_squared_error: 'Mean squared error',
  root_mean_squared_error: 'Root mean squared error',
};
