/** What the store can't do itself. main.tsx passes the real ones in, tests their own. */
import type { Dataset } from '../data/dataset';
import type { ReadCallOptions, TryCallOptions } from '../formats/client';
import type { FormatsMethods, ReadItem, SourceFile, SourceModel } from '../formats/protocol';
import type { ProjectDocument } from '../graph/document';
import type { ProjectStorage } from '../storage/projects';
import type { TrainerEvent, TrainerMethod, TrainerMethods } from '../trainer/protocol';

export interface Services {
  readonly formats: FormatsService;
  readonly examples: ExamplesService;
  readonly trainer: TrainerService;
  readonly projects: ProjectStorage;
}

export interface FormatsService {
  read(files: readonly SourceFile[], options?: ReadCallOptions): Promise<readonly ReadItem[]>;
  applyWeights(model: SourceModel, file: SourceFile, options?: TryCallOptions): Promise<ReadItem>;
  write(params: FormatsMethods['write']['params']): Promise<FormatsMethods['write']['result']>;
  bundle(files: FormatsMethods['bundle']['params']['files']): Promise<FormatsMethods['bundle']['result']>;
}

/** One worker a call; a rejection carries the `code` and `layer` of a `WorkerError`. */
export interface TrainerService {
  call<M extends TrainerMethod>(
    method: M,
    params: TrainerMethods[M]['params'],
    onEvent?: (event: TrainerEvent) => void,
    /** Aborted: the call is rejected at once. */
    signal?: AbortSignal,
  ): Promise<TrainerMethods[M]['result']>;
  /** Lets the running train call stand still after its step. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** Ends the running or paused train call after its step; the call still returns. */
  stop(): void;
}

export interface ExamplesService {
  readonly list: readonly Example[];
  load(id: string): Promise<OpenProject>;
  /** Data sets for projects of one's own. */
  readonly datasets: readonly { readonly id: string; readonly name: string }[];
  /** Rejects with a sentence. */
  loadDataset(id: string): Promise<Dataset>;
}

export interface Example {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it joins and how. */
  readonly about: string;
}

/** All that a project is made of. */
export interface OpenProject {
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly dataset: Dataset | null;
}
