/**
 * The way out for those who outgrow one machine: a project that goes on training in Keras 3, as the files of a zip. The model's
 * bytes, the data and the losses are given; what is decided here is what `train.py`, which is the same for all projects, reads.
 */
import { must } from '../../base/assert';
import type { JsonObject } from '../../base/json';
import { prepareNetwork } from '../../formats/keras-write/prepare-network';
import type { ZipContent } from '../../formats/zip';
import { inferShapes } from '../../layers/infer';
import { lookUpLayer } from '../../layers/table';
import type { ArrayData } from '../../network/arrays';
import { withoutDeadEnds } from '../../network/dead-ends';
import { type Network, tensorKey } from '../../network/network';
import type { TrainingPlan } from '../keras/write-training';
import { describeHead, describePhase, describeStopping } from './describe-training';
import { type RecordedData, writeData } from './recorded-data';
import { REQUIREMENTS } from './requirements';
import trainPy from './train.py?raw';
import { writeNpy } from './write-npy';
import { writeReadme } from './write-readme';

export interface TrainingProject {
  readonly name: string;
  /** What `writeKerasFile` makes of `network`. */
  readonly model: Uint8Array;
  /** Every layer has its weights. */
  readonly network: Network;
  /** Its `trainable`: for each phase the layers that move in it, as the trainer moves them (`layersThatMove`). */
  readonly training: TrainingPlan;
  readonly data: RecordedData;
  readonly reported: Reported;
  /** Rows for the inputs, and what the network answered. */
  readonly probes: { readonly inputs: readonly ArrayData[]; readonly outputs: readonly ArrayData[] };
}

/** What Graft measured of these very weights; null: nothing. */
export interface Reported {
  readonly validation: ReportedLosses | null;
  readonly test: ReportedLosses | null;
}

export interface ReportedLosses {
  /** All that is minimised. */
  readonly loss: number;
  /** For each output its own, not weighted. */
  readonly heads: readonly { readonly loss: number }[];
  /** The phase, from 0, whose moving layers' regularisation stands in `loss`; null: none does. */
  readonly phase: number | null;
}

/** Rows that Graft's trainer measures in one go: penalties of activity depend on it. */
const EVALUATION_BATCH = 256;

/** The files of the zip, to be given to `writeZip`. Throws where a layer has no weights or an output no shape: those are bugs. */
export async function writeTrainingProject(project: TrainingProject): Promise<readonly ZipContent[]> {
  const data = writeData(project.data);
  const probes = writeProbes(project);
  const settings = describeProject(project, data.places, probes.places);
  return [
    { path: 'README.md', bytes: encode(writeReadme(project.name, project.data.credit)), store: false },
    { path: 'requirements.txt', bytes: encode(REQUIREMENTS), store: false },
    { path: 'train.py', bytes: encode(trainPy), store: false },
    { path: 'graft.json', bytes: encode(`${JSON.stringify(settings, null, 1)}\n`), store: false },
    { path: 'model.keras', bytes: project.model, store: true },
    ...[...data.files, ...probes.files].map(file => ({ ...file, store: false })),
  ];
}

type ProbePlaces = Readonly<Record<'inputs' | 'outputs', readonly string[]>>;

function describeProject(
  { name, network, training, data, reported }: TrainingProject,
  places: ReturnType<typeof writeData>['places'],
  probes: ProbePlaces,
): JsonObject {
  const { settings, heads, trainable } = training;
  const { shapes } = inferShapes(network, lookUpLayer);
  const nameInFile = namesInFile(network);
  const measured = (losses: ReportedLosses | null) =>
    losses === null
      ? null
      : { loss: losses.loss, losses: losses.heads.map(({ loss }) => loss), phase: losses.phase };
  return {
    format: 'graft-training-project',
    version: 1,
    name,
    seed: settings.seed,
    batch_size: settings.batchSize,
    evaluation_batch_size: EVALUATION_BATCH,
    inputs: network.inputs.map((input, index) => ({
      name: input.name,
      file: must(places.inputs[index], `the data of ${input.name}`),
    })),
    outputs: network.outputs.map((output, index) => {
      const head = must(heads[index], `how ${output.name} is trained`);
      const shape = must(shapes.get(tensorKey(output.from)), `the shape of ${output.name}`);
      const target = must(data.targets[index], `the target of ${output.name}`);
      return {
        file: must(places.targets[index], `the target of ${output.name}`),
        ...describeHead(head, shape, target.classes),
      };
    }),
    sample_weights: places.sampleWeights,
    rows: places.rows,
    phases: settings.phases.map((phase, index) => {
      const trains = [...must(trainable[index], `the layers of phase ${index + 1}`)];
      return describePhase(
        phase,
        trains.flatMap(layer => nameInFile.get(layer) ?? []),
        settings,
        heads,
      );
    }),
    early_stopping: settings.earlyStopping === null ? null : describeStopping(settings.earlyStopping, heads),
    reported: { validation: measured(reported.validation), test: measured(reported.test) },
    probes,
  };
}

/** Keras doesn't take every name, so some are others in the file; what leads to no output isn't in it. */
function namesInFile(network: Network): ReadonlyMap<string, string> {
  const written = prepareNetwork(network, lookUpLayer).network.layers;
  const named = withoutDeadEnds(network).layers.map(({ name }, index) => {
    return [name, must(written[index], `the layer ${name} in the file`).name] as const;
  });
  return new Map(named);
}

function writeProbes({ probes }: TrainingProject) {
  const files: { path: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
  const write = (kind: string) => (array: ArrayData, index: number) => {
    const path = `data/probe-${kind}-${index + 1}.npy`;
    files.push({ path, bytes: writeNpy(array.shape, array.values) });
    return path;
  };
  const places: ProbePlaces = {
    inputs: probes.inputs.map(write('input')),
    outputs: probes.outputs.map(write('output')),
  };
  return { files, places };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
