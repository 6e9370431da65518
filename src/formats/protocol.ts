/** What the page and the formats worker say to each other. Types only. */
import type { ModelId, ProjectDocument } from '../graph/document';
import type { Network, Weights } from '../network/network';
import type { Architecture } from './keras-model/build-network';
import type { ZipContent } from './zip';

/** A file as it came: dropped, chosen, from a folder (then `path` has slashes) or out of a zip. Reading it is up to the worker. */
export interface SourceFile {
  readonly path: string;
  readonly blob: Blob;
}

export interface ImportReport {
  /** The file or folder that the report is about. */
  readonly file: string;
  /** `TensorFlow.js Layers model`, `Graft project`, `ONNX model`, … */
  readonly format: string;
  /** Which program wrote it, as far as the file says. */
  readonly writtenBy: string | null;
  /** What was read: layers and parameters, labels, a licence; one sentence each. */
  readonly found: readonly string[];
  /** What is wrong with it though it was read: weights that are no numbers. One sentence each. */
  readonly warnings: readonly string[];
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
  /** The structure as the file gave it, which a file of other weights for it needs; null: it came without one. */
  readonly architecture: Architecture | null;
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
  /** Weights without a structure: `applyWeights` puts them into a model. */
  | { readonly kind: 'weights'; readonly file: SourceFile; readonly report: ImportReport }
  | { readonly kind: 'refused'; readonly report: ImportReport };

/** How far reading has come. */
export interface ReadProgress {
  /** The file that is being read. */
  readonly file: string;
  /** In bytes. */
  readonly done: number;
  readonly total: number;
}

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

/** `tfjs` is a zip that holds the project as well; `keras` and `h5` are bare model files. */
export type ExportFormat = 'tfjs' | 'keras' | 'h5';

export interface WriteParams {
  readonly format: ExportFormat;
  /** When it is saved, for files that say so; ISO 8601, in UTC. */
  readonly savedAt: string;
  /** Trained; every layer has its weights. */
  readonly network: Network;
  readonly probes: Probes;
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly trained: Readonly<Record<string, Weights>> | null;
}

export interface WrittenFiles {
  /** The whole download. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** What goes with a bare model file: probes, a check that runs them, a README. Empty where the download holds them. */
  readonly companions: readonly WrittenFile[];
  /** What whoever opens it has to know; one sentence each. */
  readonly remarks: readonly string[];
  /** The model's own files as they stand in the zip of `tfjs`, which stock TensorFlow.js is asked to open. */
  readonly layersModel: LayersModelFiles | null;
}

export interface WrittenFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface LayersModelFiles {
  readonly modelJson: string;
  readonly weightData: ArrayBuffer;
}

export interface FormatsMethods {
  readonly read: {
    readonly params: { readonly files: readonly SourceFile[]; readonly asStranger: boolean };
    readonly result: readonly ReadItem[];
  };
  /** A model with the same structure and the weights of the file, or why they don't fit. */
  readonly applyWeights: {
    readonly params: {
      /** Its values aren't needed and may be left out. */
      readonly model: SourceModel;
      readonly file: SourceFile;
      /** The answer comes without values: only whether they fit is asked. */
      readonly onlyTry: boolean;
    };
    readonly result: ReadItem;
  };
  readonly write: { readonly params: WriteParams; readonly result: WrittenFiles };
  /** A zip of these files. */
  readonly bundle: {
    readonly params: { readonly files: readonly ZipContent[] };
    readonly result: Uint8Array<ArrayBuffer>;
  };
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
  | { readonly id: number; readonly progress: ReadProgress }
  | { readonly id: number; readonly result: FormatsMethods[FormatsMethod]['result'] }
  /** A bug: what is wrong with a file is a refusal, not an error. */
  | { readonly id: number; readonly error: { readonly message: string; readonly stack: string | null } };
