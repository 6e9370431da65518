/** What the page and the formats worker say to each other. Types only. */
import type { ModelId, ProjectDocument } from '../graph/document';
import type { Network, Weights } from '../network/network';

/** A file as it came: dropped, chosen, from a folder (then `path` has slashes) or out of a zip. */
export interface FileBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface ImportReport {
  /** The file or folder that the report is about. */
  readonly file: string;
  /** `TensorFlow.js Layers model`, `Graft project`, `ONNX model`, … */
  readonly format: string;
  /** Which program wrote it, as far as the file says. */
  readonly writtenBy: string | null;
  /** What was changed so that it means here what it meant there; one sentence each. */
  readonly repairs: readonly string[];
  /** What the file holds and Graft doesn't use or can't compute; one sentence each. */
  readonly leftOut: readonly string[];
  /** Why it can't be used and what to do; null if it was read. */
  readonly refusal: { readonly reason: string; readonly wayOut: string } | null;
}

/** A model as it was brought. */
export interface SourceModel {
  readonly id: ModelId;
  readonly name: string;
  readonly network: Network;
  readonly report: ImportReport;
  /** Class labels that came with it (Teachable Machine), else null. */
  readonly labels: readonly string[] | null;
}

export interface ReadProject {
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  /** Trained weights of the compiled network, layer by layer; null if it was never trained. */
  readonly trained: Readonly<Record<string, Weights>> | null;
}

export type ReadItem =
  | { readonly kind: 'model'; readonly model: SourceModel }
  | { readonly kind: 'project'; readonly project: ReadProject; readonly report: ImportReport }
  | { readonly kind: 'refused'; readonly report: ImportReport };

/** Inputs and what the network answered to them, to be repeated by whoever receives the file. */
export interface Probes {
  readonly inputs: readonly ProbeTensor[];
  readonly outputs: readonly ProbeTensor[];
}

export interface ProbeTensor {
  readonly name: string;
  /** Rows first. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: readonly number[];
}

export interface WriteParams {
  /** Trained; every layer has its weights. */
  readonly network: Network;
  readonly probes: Probes;
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly trained: Readonly<Record<string, Weights>> | null;
}

export interface WrittenFiles {
  /** The whole download. */
  readonly zip: Uint8Array;
  /** The model's own files as they stand in the zip. */
  readonly modelJson: string;
  readonly weightData: ArrayBuffer;
}

export interface FormatsMethods {
  readonly read: {
    readonly params: { readonly files: readonly FileBytes[] };
    readonly result: readonly ReadItem[];
  };
  readonly write: { readonly params: WriteParams; readonly result: WrittenFiles };
}
export type FormatsMethod = keyof FormatsMethods;

export type ToFormats = {
  [M in FormatsMethod]: {
    readonly id: number;
    readonly method: M;
    readonly params: FormatsMethods[M]['params'];
  };
}[FormatsMethod];

export type FromFormats =
  | { readonly id: number; readonly result: FormatsMethods[FormatsMethod]['result'] }
  /** A bug: what is wrong with a file is a refusal, not an error. */
  | { readonly id: number; readonly error: { readonly message: string; readonly stack: string | null } };
