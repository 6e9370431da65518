/** Weights from a file of their own into a model that is there already: its structure stays, every value changes. */
import { withHdf5 } from './hdf5/read-hdf5';
import { readWeightSource } from './keras-h5/read';
import { buildNetwork } from './keras-model/build-network';
import { hashNetwork } from './network-id';
import { createNotes } from './notes';
import type { ReadItem, ReadProgress, SourceFile, SourceModel } from './protocol';
import { Refusal } from './refusal';
import { attempt } from './reports';
import { fillFrom } from './skeleton';
import { describeNetwork } from './source-model';

export async function applyWeights(
  model: SourceModel,
  file: SourceFile,
  tell: (progress: ReadProgress) => void = () => {},
): Promise<ReadItem> {
  return attempt(file.path, 'Keras weights (.h5)', async () => {
    const { architecture } = model;
    if (architecture === null) {
      throw new Refusal(
        `The file that '${model.name}' came from isn’t known any more, and with it the order of its weights.`,
        'Drop the model’s own file again, then these weights.',
      );
    }
    const notes = createNotes();
    const read = await withHdf5(file.blob, file.path, root =>
      buildNetwork(architecture, readWeightSource(root, tell, notes), notes),
    );
    const network = fillFrom(model.network, read);
    if (network === null) {
      throw new Refusal(
        `The weights don’t fit '${model.name}'.`,
        'Check that they are weights of the same structure, saved by save_weights.',
      );
    }
    return {
      kind: 'model',
      model: {
        ...model,
        id: hashNetwork(network),
        network,
        report: {
          ...model.report,
          file: file.path,
          format: 'Keras weights (.h5)',
          found: [`New weights for '${model.name}'. ${describeNetwork(network)}`],
          warnings: notes.sentences('warning'),
          repairs: notes.sentences('repair'),
          leftOut: notes.sentences('left-out'),
        },
      },
    };
  });
}
