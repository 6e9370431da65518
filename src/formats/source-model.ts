/** A model that was read, with all that is said about it. */
import { countParameters, type Network } from '../network/network';
import type { Architecture } from './keras-model/build-network';
import { hashNetwork } from './network-id';
import type { Notes } from './notes';
import type { ReadItem } from './protocol';
import { modelName, placeOf, readCompanions, type Scope } from './scope';
import { folderOf } from './shards';

export interface ReadNetwork {
  readonly network: Network;
  readonly architecture: Architecture | null;
  readonly format: string;
  readonly writtenBy: string | null;
  /** Whether a converter made it out of a Keras file: then it had to change the forms of Keras 3, and hasn't. */
  readonly isConverted: boolean;
}

/** `path`: the file or folder of the model within its scope. */
export async function modelItem(
  scope: Scope,
  path: string,
  { network, architecture, format, writtenBy, isConverted }: ReadNetwork,
  notes: Notes,
): Promise<ReadItem> {
  const companions = await readCompanions(scope, folderOf(path));
  const name = modelName(scope, path, companions.name, network.name);
  return {
    kind: 'model',
    model: {
      id: hashNetwork(network),
      name,
      network: { ...network, name },
      labels: companions.labels,
      architecture,
      report: {
        file: placeOf(scope, path),
        format: companions.isTeachableMachine ? 'Teachable Machine model' : format,
        writtenBy,
        found: [describeNetwork(network), ...companions.found],
        warnings: notes.sentences('warning'),
        repairs: isConverted ? notes.sentences('form', 'repair') : notes.sentences('repair'),
        leftOut: notes.sentences('left-out'),
        refusal: null,
      },
    },
  };
}

export function describeNetwork(network: Network): string {
  const count = (number: number, noun: string) =>
    `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
  const layers = count(network.layers.length, 'layer');
  const frozen = network.layers.filter(
    ({ trainable, weights }) => !trainable && Object.keys(weights).length > 0,
  );
  const parameters = count(countParameters(network), 'parameter');
  const ends = `${count(network.inputs.length, 'input')}, ${count(network.outputs.length, 'output')}`;
  return frozen.length === 0
    ? `${layers}, ${parameters}, ${ends}.`
    : `${layers} (${frozen.length.toLocaleString('en')} frozen), ${parameters}, ${ends}.`;
}
