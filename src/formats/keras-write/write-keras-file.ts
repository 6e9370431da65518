/**
 * A Network as a `.keras` file, which Keras 3 opens. Beside what Keras reads, the whole Network without its values stands in it, as
 * names of outputs and the like have no place in Keras: see `skeleton.ts`.
 */
import type { JsonObject } from '../../base/json';
import { lookUpLayer } from '../../layers/table';
import type { Network } from '../../network/network';
import { asciiJson, writeHdf5 } from '../hdf5/write-hdf5';
import { toSkeleton } from '../skeleton';
import { writeZip } from '../zip';
import { writeKeras3Config } from './keras3-config';
import { writeKeras3Weights } from './keras3-weights';
import { prepareNetwork } from './prepare-network';

export interface KerasStamp {
  /** Of Keras 3: `3.15.1`. */
  readonly kerasVersion: string;
  /** As Keras writes it: `2026-11-22@18:30:00`. */
  readonly savedAt: string;
}

/** The same bytes for the same arguments. Throws a `Refusal` where a layer can't be written. */
export async function writeKerasFile(
  network: Network,
  { kerasVersion, savedAt }: KerasStamp,
): Promise<Uint8Array<ArrayBuffer>> {
  const prepared = prepareNetwork(network, lookUpLayer);
  const config = writeKeras3Config(prepared, lookUpLayer);
  const metadata = {
    keras_version: kerasVersion,
    date_saved: savedAt,
    graft: toSkeleton({ ...prepared.network, name: network.name }, config),
  };
  const json = (value: JsonObject) => new TextEncoder().encode(asciiJson(value));
  return writeZip([
    { path: 'metadata.json', bytes: json(metadata), store: true },
    { path: 'config.json', bytes: json(config), store: true },
    {
      path: 'model.weights.h5',
      bytes: await writeHdf5(writeKeras3Weights(prepared, lookUpLayer)),
      store: true,
    },
  ]);
}
