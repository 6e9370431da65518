/**
 * The project document: what a person drew and set, and nothing that follows from it. It is plain JSON; models are referred
 * to by id and live beside it. Everything in it is saved and undoable.
 */
import type { Config } from '../network/network';
import type { Dim, Dtype } from '../network/shape';
import type { LossSettings, MetricSettings } from './objectives';
import { DEFAULT_TRAINING, type TrainingSettings } from './training-settings';

export type NodeId = string;
export type WireId = string;
/** The hash of a model's content: the same file dropped twice is one model. */
export type ModelId = string;

export interface ProjectDocument {
  readonly version: 2;
  readonly name: string;
  readonly nodes: Readonly<Record<NodeId, GraphNode>>;
  readonly wires: Readonly<Record<WireId, Wire>>;
  /** A layer is in one of them at most. */
  readonly ties: readonly Tie[];
  readonly data: DataSettings;
  readonly training: TrainingSettings;
}

export type GraphNode = InputNode | ModelNode | LayerNode | OutputNode;
export type NodeKind = GraphNode['kind'];

interface NodeBase {
  readonly id: NodeId;
  /** What people call it; layer names in the result start from it. */
  readonly name: string;
  /** On the canvas, in its own units (CSS pixels at 100 %). */
  readonly position: { readonly x: number; readonly y: number };
}

/** Where data comes in. Port: `out0`. */
export interface InputNode extends NodeBase {
  readonly kind: 'input';
  /** One row, the batch left out: `[8, 8, 1]`. */
  readonly rowShape: readonly Dim[];
  readonly dtype: Dtype;
  /** The column of the data set that feeds it; null: not chosen yet. */
  readonly column: string | null;
}

/**
 * A source model, or a part of it. Ports: `in0`, `in1`, … for what the part needs, `out0`, … for its own outputs, and
 * `tap:<call id>` for every tapped layer.
 */
export interface ModelNode extends NodeBase {
  readonly kind: 'model';
  readonly model: ModelId;
  /** Use only what comes after this call: its output becomes the node's input. null: from the model's own inputs. */
  readonly start: string | null;
  /** Use only what leads to this call: it becomes the node's output (cut after it). null: the model's own outputs. */
  readonly end: string | null;
  /** Calls whose outputs are extra output ports. */
  readonly taps: readonly string[];
  /** The activation of the last layer is left out, so that raw scores (logits) come out. */
  readonly linearEnd: boolean;
  readonly freeze: Freeze;
  /** Uses the weights of that model node (of the same model), and its freeze setting; null: has its own. */
  readonly sharesWith: NodeId | null;
}

export type Freeze =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  /** The layers of the model's list up to and with this call are frozen, the later ones train. */
  | { readonly kind: 'upTo'; readonly call: string }
  /** As the file says, layer by layer. */
  | { readonly kind: 'asSaved' };

/** A new layer or a merge. Ports: `in0`, `in1`, …, and `out0`, …. */
export interface LayerNode extends NodeBase {
  readonly kind: 'layer';
  /** A key of the layer table. */
  readonly type: string;
  /** Only what differs from the table's defaults. */
  readonly config: Config;
  readonly trainable: boolean;
}

/** Where a prediction comes out. Port: `in0`. */
export interface OutputNode extends NodeBase {
  readonly kind: 'output';
  /** The column of the data set that it is to predict; null: not chosen yet. */
  readonly column: string | null;
  readonly loss: LossSettings;
  /** The factor of its loss in the total. */
  readonly lossWeight: number;
  readonly metrics: readonly MetricSettings[];
  /** The factor of a row's loss by the class that its column has there; classes that aren't named count 1. null: all 1. */
  readonly classWeights: Readonly<Record<string, number>> | null;
}

export interface Wire {
  readonly id: WireId;
  readonly from: PortRef;
  readonly to: PortRef;
}

export interface PortRef {
  readonly node: NodeId;
  readonly port: string;
}

/** Like layers of several models that are one set of weights, fine-tuned for all of them. */
export interface Tie {
  /** At least two, of different nodes. */
  readonly layers: readonly TiedLayer[];
  readonly start: TieStart;
}

export interface TiedLayer {
  /** A model node that has weights of its own: `sharesWith` is null. */
  readonly node: NodeId;
  /** The layer's name in the model. */
  readonly layer: string;
}

/** The values that the common weights start from. */
export type TieStart =
  | { readonly kind: 'average' }
  /** Those of that node's layer. */
  | { readonly kind: 'of'; readonly node: NodeId };

export interface DataSettings {
  /** The id of a data set; null: none chosen. */
  readonly dataset: string | null;
  /** The column of numbers that each row's losses are multiplied with; metrics count all rows alike. null: all 1. */
  readonly sampleWeight: string | null;
}

export const EMPTY_DOCUMENT: ProjectDocument = {
  version: 2,
  name: 'Untitled project',
  nodes: {},
  wires: {},
  ties: [],
  data: { dataset: null, sampleWeight: null },
  training: DEFAULT_TRAINING,
};
