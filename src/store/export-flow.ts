/**
 * The proof that stands before every download: answer probes, write, read back, run in stock TensorFlow.js, compare. It takes
 * its workers as services, so that it runs with the real parts in Node as well. It offers a file only if all of it held.
 */
import { type Json, jsonEquals } from '../base/json';
import { createRandom } from '../base/random';
import type {
  FormatsMethods,
  Probes,
  ReadItem,
  SourceModel,
  WriteParams,
  WrittenFiles,
} from '../formats/protocol';
import type { ProjectDocument } from '../graph/document';
import type { ArrayData } from '../network/arrays';
import type { Network, NetworkInput, Weights } from '../network/network';
import type { Backend, TrainerMethod, TrainerMethods } from '../trainer/protocol';
import { findDifference } from './network-difference';
import { formatNumber } from './scores';

export interface ExportServices {
  read(files: FormatsMethods['read']['params']['files']): Promise<readonly ReadItem[]>;
  write(params: WriteParams): Promise<WrittenFiles>;
  call<M extends TrainerMethod>(
    method: M,
    params: TrainerMethods[M]['params'],
  ): Promise<TrainerMethods[M]['result']>;
  /** The one network of what was read: a model's own, or that of a project that came back whole. */
  networkOf(item: ReadItem): Network | null;
}

export interface ExportJob {
  /** Every layer has its weights. */
  readonly network: Network;
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly trained: Readonly<Record<string, Weights>> | null;
  /** For each input of the network. */
  readonly probeInputs: readonly ArrayData[];
}

export const EXPORT_STEPS = ['write', 'read', 'run'] as const;
export type ExportStep = (typeof EXPORT_STEPS)[number];

/** What a finished step found, in a few words. */
export type ExportProgress = (step: ExportStep, found: string | null) => void;

export type ExportOutcome =
  | {
      readonly kind: 'proved';
      readonly zip: Uint8Array<ArrayBuffer>;
      readonly difference: number;
      readonly backend: Backend;
    }
  | { readonly kind: 'failed'; readonly step: ExportStep; readonly reason: string };

/** The largest absolute difference that two runs of one network on one machine may have. */
export const MOST_DIFFERENCE = 1e-5;

export async function proveExport(
  job: ExportJob,
  services: ExportServices,
  report: ExportProgress,
): Promise<ExportOutcome> {
  let step: ExportStep = 'write';
  try {
    report(step, null);
    const { network, probeInputs } = job;
    const live = await services.call('predict', { network, inputs: probeInputs, backend: 'best' });
    const written = await services.write({
      network,
      probes: toProbes(network, probeInputs, live.outputs),
      document: job.document,
      models: job.models,
      trained: job.trained,
    });
    report(step, formatBytes(written.zip.byteLength));

    step = 'read';
    report(step, null);
    const wrong = await readBack(job, written, services);
    if (wrong !== null) return { kind: 'failed', step, reason: wrong };
    report(step, 'same structure, every weight equal to the bit');

    step = 'run';
    report(step, null);
    const stock = await services.call('predictStock', {
      modelJson: written.modelJson,
      weightData: written.weightData,
      inputs: probeInputs,
      backend: 'best',
    });
    const difference = largestDifference(live.outputs, stock.outputs);
    if (difference === null)
      return { kind: 'failed', step, reason: 'Stock TensorFlow.js answered in another form.' };
    // NaN fails this too.
    if (!(difference <= MOST_DIFFERENCE)) {
      const reason = Number.isNaN(difference)
        ? 'The answers to the probes are not numbers, so nothing can be proved with them.'
        : `Stock TensorFlow.js answers the probes differently: by ${formatNumber(difference)} at most, where ${formatNumber(MOST_DIFFERENCE)} is allowed.`;
      return { kind: 'failed', step, reason };
    }
    report(step, describeDifference(difference, probeInputs));
    return { kind: 'proved', zip: written.zip, difference, backend: stock.backend };
  } catch (error) {
    return { kind: 'failed', step, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The download must come back as this project, and its model's own files, as others will use them, as this network. */
async function readBack(
  job: ExportJob,
  written: WrittenFiles,
  services: ExportServices,
): Promise<string | null> {
  const whole = await services.read([
    { path: `${fileStem(job.document.name)}.zip`, blob: new Blob([written.zip]) },
  ]);
  const [project] = whole;
  if (project?.kind === 'project' && !sameDocument(job.document, project.project.document))
    return 'The project came back changed.';
  const alone = await services.read([
    { path: 'model.json', blob: new Blob([written.modelJson]) },
    { path: 'weights.bin', blob: new Blob([written.weightData]) },
  ]);
  return findReadingMistake(job, whole, services) ?? findReadingMistake(job, alone, services);
}

function sameDocument(a: ProjectDocument, b: ProjectDocument): boolean {
  return jsonEquals(a as unknown as Json, b as unknown as Json);
}

function findReadingMistake(
  job: ExportJob,
  items: readonly ReadItem[],
  services: ExportServices,
): string | null {
  const [item] = items;
  if (item === undefined || items.length > 1) return 'The file was not recognised when it was read back.';
  if (item.kind === 'refused' || item.kind === 'weights')
    return `The file was refused when it was read back: ${item.report.refusal?.reason ?? 'no reason given'}`;
  const network = services.networkOf(item);
  if (network === null) return 'What was read back is no whole network.';
  return findDifference(job.network, network);
}

function describeDifference(difference: number, inputs: readonly ArrayData[]): string {
  const rows = inputs[0]?.shape[0] ?? 0;
  const on = `on ${rows} probe ${rows === 1 ? 'row' : 'rows'}`;
  return difference === 0 ? `no difference ${on}` : `largest difference ${formatNumber(difference)} ${on}`;
}

/** null: not the same form. NaN: some answer isn't a number. */
export function largestDifference(a: readonly ArrayData[], b: readonly ArrayData[]): number | null {
  if (a.length !== b.length) return null;
  let largest = 0;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left.shape.join() !== right.shape.join()) return null;
    for (const [i, value] of left.values.entries()) {
      const difference = Math.abs(value - (right.values[i] ?? Number.NaN));
      if (Number.isNaN(difference)) return Number.NaN;
      if (difference > largest) largest = difference;
    }
  }
  return largest;
}

function toProbes(network: Network, inputs: readonly ArrayData[], outputs: readonly ArrayData[]): Probes {
  const tensor = (name: string, data: ArrayData | undefined) => ({
    name,
    shape: data?.shape ?? [],
    dtype: data?.dtype ?? ('float32' as const),
    values: [...(data?.values ?? [])],
  });
  return {
    inputs: network.inputs.map(({ name }, i) => tensor(name, inputs[i])),
    outputs: network.outputs.map(({ name }, i) => tensor(name, outputs[i])),
  };
}

/** Seeded values where there is no data set to take rows from: 0 to 1, or 0 and 1 for tokens. */
export function randomProbes(inputs: readonly NetworkInput[], rows: number, seed: number): ArrayData[] {
  const random = createRandom(seed);
  return inputs.map(({ shape, dtype }) => {
    const sizes = [rows, ...shape.slice(1).map(dim => dim ?? 4)];
    const count = sizes.reduce((product, dim) => product * dim, 1);
    return dtype === 'int32'
      ? { shape: sizes, dtype, values: Int32Array.from({ length: count }, () => random.below(2)) }
      : {
          shape: sizes,
          dtype: 'float32',
          values: Float32Array.from({ length: count }, () => random.uniform()),
        };
  });
}

/** A project's name as a file's: `Digits: shape and stroke` is `digits-shape-and-stroke`. */
export function fileStem(name: string): string {
  const stem = name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return stem === '' ? 'graft' : stem;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
