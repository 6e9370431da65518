/**
 * The zip in which training goes on elsewhere: the proved model, the rows as they are split here, and the losses that these very
 * weights have, so that whoever receives it sees that it goes on from there. It loads with the export that asks for it.
 */
import { must } from '../base/assert';
import type { ZipContent } from '../formats/zip';
import type { Network } from '../network/network';
import { writeTrainingProject } from '../targets/keras-project/write-training-project';
import type { Scores } from '../trainer/protocol';
import { layersThatMove } from '../trainer/trained-layers';
import type { Answered } from './export-flow';
import type { Services } from './services';
import { type Job, trainParams } from './training-job';

/** `network` is what was exported, every layer with its weights. */
export async function packTrainingProject(
  job: Job,
  network: Network,
  model: Uint8Array,
  probes: Answered,
  trainer: Services['trainer'],
): Promise<{ readonly files: readonly ZipContent[]; readonly found: string }> {
  const { document, dataset } = job;
  const params = trainParams(job, network);
  const { heads, inputs, targets, rowWeights, trainRows, validationRows } = params;
  const measure = async (rows: Uint32Array): Promise<Scores | null> => {
    if (rows.length === 0) return null;
    const asked = { network, heads, inputs, targets, rowWeights: rowWeights.validation, rows };
    return (await trainer.call('evaluate', { ...asked, backend: 'best' })).scores;
  };
  const validation = await measure(validationRows);
  const test = await measure(dataset.testRows);
  const files = await writeTrainingProject({
    name: document.name,
    model,
    network,
    training: {
      settings: document.training,
      heads,
      trainable: params.phases.map(({ trainable }) => layersThatMove(network, heads, trainable)),
    },
    data: {
      credit: dataset.credit,
      inputs,
      targets: targets.map((array, index) => {
        const column = must(
          dataset.columns.find(({ name }) => name === heads[index]?.column),
          'the column of an output',
        );
        return { array, classes: column.kind === 'classes' ? column.classes : null };
      }),
      sampleWeights: sampleWeightsOf(job),
      rows: { train: trainRows, validation: validationRows, test: dataset.testRows },
    },
    reported: {
      validation: validation && { ...validation, phase: null },
      test: test && { ...test, phase: null },
    },
    probes,
  });
  const loss = validation === null ? 'no validation rows' : `loss ${validation.loss.toPrecision(4)}`;
  return { files, found: `${loss}, to go on from` };
}

/** Of all rows, from the column that the project names. */
function sampleWeightsOf({ document, dataset }: Job): Float32Array | null {
  const column = dataset.columns.find(({ name }) => name === document.data.sampleWeight);
  return column?.kind === 'numbers' ? column.values : null;
}
