/**
 * The proof that stands before every download: answer probes, write, read back, run what its receiver will have, compare. It
 * takes its workers as services, so that it runs with the real parts in Node as well. It offers a file only if all of it held.
 */
import { type Json, jsonEquals } from '../base/json';
import { createRandom } from '../base/random';
import type {
  ExportFormat,
  Probes,
  ReadItem,
  SourceFile,
  SourceModel,
  WriteParams,
  WrittenFiles,
} from '../formats/protocol';
import type { ProjectDocument } from '../graph/document';
import type { ArrayData } from '../network/arrays';
import { withoutDeadEnds } from '../network/dead-ends';
import type { Network, NetworkInput, Weights } from '../network/network';
import { findOddWeights } from '../network/odd-weights';
import type { Backend, TrainerMethod, TrainerMethods } from '../trainer/protocol';
import { findDifference, findWeightDifference } from './network-difference';
import { formatNumber } from './scores';

export interface ExportServices {
  /** `asStranger`: Graft's own notes in the files are passed over. */
  read(
    files: readonly SourceFile[],
    options?: { readonly asStranger: boolean },
  ): Promise<readonly ReadItem[]>;
  write(params: WriteParams): Promise<WrittenFiles>;
  call<M extends TrainerMethod>(
    method: M,
    params: TrainerMethods[M]['params'],
  ): Promise<TrainerMethods[M]['result']>;
  /** The one network of what was read: a model's own, or that of a project that came back whole. */
  networkOf(item: ReadItem): Network | null;
}

export interface ExportJob {
  readonly format: ExportFormat;
  /** ISO 8601, in UTC. */
  readonly savedAt: string;
  /** Every layer has its weights. */
  readonly network: Network;
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly trained: Readonly<Record<string, Weights>> | null;
  /** For each input of the network. */
  readonly probeInputs: readonly ArrayData[];
  /** Makes the download out of the proved file; null: that is the download. */
  readonly pack: Pack | null;
}

/** Rows and what the network answers to them. */
export interface Answered {
  readonly inputs: readonly ArrayData[];
  readonly outputs: readonly ArrayData[];
}

export type Pack = (
  model: Uint8Array,
  probes: Answered,
) => Promise<{ readonly file: Uint8Array<ArrayBuffer>; readonly found: string }>;

export const EXPORT_STEPS = ['write', 'read', 'run', 'pack'] as const;
export type ExportStep = (typeof EXPORT_STEPS)[number];

/** What a finished step found, in a few words. */
export type ExportProgress = (step: ExportStep, found: string | null) => void;

export type ExportOutcome =
  | {
      readonly kind: 'proved';
      readonly written: WrittenFiles;
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
    const { format, network, probeInputs } = job;
    const odd = findOddWeights(network);
    if (odd.length > 0) {
      const reason = `Some weights are no numbers (NaN) or infinite: ${listTexts(odd)}. Nothing can be proved with them. Train again, with a smaller learning rate, or bring the model again.`;
      return { kind: 'failed', step, reason };
    }
    const live = await services.call('predict', { network, inputs: probeInputs, backend: 'best' });
    const written = await services.write({
      format,
      savedAt: job.savedAt,
      network,
      probes: toProbes(network, probeInputs, live.outputs),
      document: job.document,
      models: job.models,
      trained: job.trained,
    });
    report(step, formatBytes(written.file.byteLength));

    step = 'read';
    report(step, null);
    const back = await readBack(job, written, services);
    if (typeof back === 'string') return { kind: 'failed', step, reason: back };
    report(step, 'same structure, every weight equal to the bit');

    step = 'run';
    report(step, null);
    const { layersModel } = written;
    const again =
      layersModel === null
        ? await services.call('predict', { network: back, inputs: probeInputs, backend: 'best' })
        : await services.call('predictStock', { ...layersModel, inputs: probeInputs, backend: 'best' });
    const who = layersModel === null ? 'What was read back' : 'Stock TensorFlow.js';
    const difference = largestDifference(live.outputs, again.outputs);
    if (difference === null) return { kind: 'failed', step, reason: `${who} answered in another form.` };
    // NaN fails this too.
    if (!(difference <= MOST_DIFFERENCE)) {
      const reason = Number.isNaN(difference)
        ? 'The answers to the probes are not numbers, so nothing can be proved with them.'
        : `${who} answers the probes differently: by ${formatNumber(difference)} at most, where ${formatNumber(MOST_DIFFERENCE)} is allowed.`;
      return { kind: 'failed', step, reason };
    }
    report(step, describeDifference(difference, probeInputs));
    const proved = { kind: 'proved', difference, backend: again.backend } as const;
    if (job.pack === null) return { ...proved, written };

    step = 'pack';
    report(step, null);
    const { file, found } = await job.pack(written.file, { inputs: probeInputs, outputs: live.outputs });
    report(step, found);
    return { ...proved, written: { ...written, file, companions: [] } };
  } catch (error) {
    return { kind: 'failed', step, reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The download must come back as this project or network. What comes back is the network as others will find it, without what
 * Graft notes for itself; a text says what is wrong.
 */
async function readBack(
  job: ExportJob,
  written: WrittenFiles,
  services: ExportServices,
): Promise<Network | string> {
  const name = `model.${job.format === 'tfjs' ? 'zip' : job.format}`;
  const whole = await services.read([sourceFile(name, written.file)]);
  const [project] = whole;
  if (project?.kind === 'project' && !sameDocument(job.document, project.project.document))
    return 'The project came back changed.';
  const { layersModel } = written;
  const own =
    layersModel === null
      ? [sourceFile(name, written.file)]
      : [sourceFile('model.json', layersModel.modelJson), sourceFile('weights.bin', layersModel.weightData)];
  const alone = await services.read(own, { asStranger: layersModel === null });
  const wrong =
    findReadingMistake(job, whole, services) ??
    (layersModel === null
      ? findWeightMistake(job, alone, services)
      : findReadingMistake(job, alone, services));
  if (wrong !== null) return wrong;
  const [item] = alone;
  return (item && services.networkOf(item)) ?? 'What was read back is no whole network.';
}

function sourceFile(path: string, content: BlobPart): SourceFile {
  return { path, blob: new Blob([content]) };
}

/** What the download is called. */
export function downloadName({
  format,
  document,
  pack,
}: Pick<ExportJob, 'format' | 'document' | 'pack'>): string {
  const stem = fileStem(document.name);
  if (pack !== null) return `${stem}-training.zip`;
  return `${stem}.${format === 'tfjs' ? 'zip' : format}`;
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

/** Others need not call outputs as Graft does, nor list what leads to none: the layers and their values must be the same. */
function findWeightMistake(
  job: ExportJob,
  items: readonly ReadItem[],
  services: ExportServices,
): string | null {
  const [item] = items;
  const network = item === undefined ? null : services.networkOf(item);
  if (network === null || items.length > 1) return 'The file was not recognised when it was read back.';
  return findWeightDifference(withoutDeadEnds(job.network), network);
}

function describeDifference(difference: number, inputs: readonly ArrayData[]): string {
  const rows = inputs[0]?.shape[0] ?? 0;
  const on = `on ${rows} probe ${rows === 1 ? 'row' : 'rows'}`;
  return difference === 0 ? `no difference ${on}` : `largest difference ${formatNumber(difference)} ${on}`;
}

function listTexts(items: readonly string[]): string {
  const shown = items.slice(0, 3).join(', ');
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
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

export function toProbes(
  network: Network,
  inputs: readonly ArrayData[],
  outputs: readonly ArrayData[],
): Probes {
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
