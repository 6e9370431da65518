/** What the compiler returns. Everything the screen shows about a graph comes from here; nothing here is ever stored. */

import type { NodeId, WireId } from '../graph/document';
import type { Edit } from '../graph/edits';
import type { LossSettings, MetricSettings } from '../graph/objectives';
import type { Network, TensorRef } from '../network/network';
import type { Dtype, Shape } from '../network/shape';

export interface CompileResult {
  /** The whole join as one Network; null while an error stands. New layers have no weights yet: see `initialize`. */
  readonly network: Network | null;
  /** How the network's inputs are fed, in their order. */
  readonly feeds: readonly Feed[];
  /** How the network's outputs are trained, in their order. */
  readonly heads: readonly Head[];
  /** Where each layer of the network comes from, by its name there. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Which of the network's tensors flows on each wire that leads to an output. */
  readonly flows: ReadonlyMap<WireId, TensorRef>;
  /** What each call of a model node became in the network, by the call's id in the model. */
  readonly inner: ReadonlyMap<NodeId, ReadonlyMap<string, TensorRef>>;
  readonly nodes: ReadonlyMap<NodeId, NodeFacts>;
  readonly wires: ReadonlyMap<WireId, WireFacts>;
  /** Of what the nodes count, the values that are counted more than once because layers are tied. */
  readonly countedTwice: Pick<NodeFacts, 'parameters' | 'trainableParameters'>;
  /** Errors first, then warnings, then hints; none is the mere consequence of another. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Feed {
  readonly input: string;
  readonly node: NodeId;
  readonly column: string | null;
}

export interface Head {
  readonly output: string;
  readonly node: NodeId;
  readonly column: string | null;
  readonly loss: LossSettings;
  readonly lossWeight: number;
  readonly metrics: readonly MetricSettings[];
  /** See `OutputNode`. */
  readonly classWeights: Readonly<Record<string, number>> | null;
}

export interface Origin {
  readonly node: NodeId;
  /** For a layer of a model: its name there. */
  readonly layer: string | null;
}

export interface NodeFacts {
  readonly inputs: readonly PortFacts[];
  readonly outputs: readonly PortFacts[];
  /** Values in its weights; of them those that training moves. */
  readonly parameters: number;
  readonly trainableParameters: number;
}

export interface PortFacts {
  readonly port: string;
  /** `image`, `branch 2`, `dense_features`: what is said of it beside its node's name. */
  readonly label: string;
  /** For an output what comes out, for an input what is expected; null: not known. The batch comes first. */
  readonly shape: Shape | null;
  readonly dtype: Dtype;
  /** A further branch of a merge, there to be wired: nothing is missing while it is free. */
  readonly optional: boolean;
}

export interface WireFacts {
  /** What flows; null: not known. */
  readonly shape: Shape | null;
  /** What would have to flow, where that is something else. */
  readonly wanted: Shape | null;
}

/** What the compiler may know of a data set: enough to say that a column doesn't suit. */
export interface ColumnFacts {
  readonly name: string;
  /** One row, the batch left out; `[]` for one value. */
  readonly rowShape: readonly number[];
  /** How many classes it holds; null: it holds numbers. */
  readonly classes: number | null;
}

export type Severity = 'error' | 'warning' | 'hint';

export type Subject =
  | { readonly kind: 'node'; readonly node: NodeId }
  | { readonly kind: 'wire'; readonly wire: WireId }
  | { readonly kind: 'param'; readonly node: NodeId; readonly param: string }
  | { readonly kind: 'document' };

export interface Diagnostic {
  /** `area/problem`, never renamed. */
  readonly code: string;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly related: readonly Subject[];
  /** What it is and what to do, in plain words. */
  readonly message: string;
  /** The smallest first. */
  readonly fixes: readonly Fix[];
}

export interface Fix {
  /** As on a button: `Add Dense 64`. */
  readonly label: string;
  readonly edit: Edit;
}
