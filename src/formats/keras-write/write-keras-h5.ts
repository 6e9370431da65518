/**
 * A Network as a whole-model `.h5` file: in the dialect that Keras 2.15 and Keras 3 share if there is one for it, else as only
 * Keras 3 reads it. The Network without its values stands beside the model: see `skeleton.ts`.
 */
import type { JsonObject } from '../../base/json';
import type { LayerLookup } from '../../layers/layer-type';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import { lookUpLayer } from '../../layers/table';
import type { Network } from '../../network/network';
import type { Hdf5ToWrite, Hdf5Value } from '../hdf5/tree';
import { asciiJson, writeHdf5 } from '../hdf5/write-hdf5';
import { toSkeleton } from '../skeleton';
import { writeKeras2Config } from './keras2-config';
import { isOperation, writeFunctional } from './keras3-config';
import { toArray } from './keras3-weights';
import { innerName } from './layer-config';
import { type NamedRole, type PreparedNetwork, prepareNetwork } from './prepare-network';
import { snakeCase } from './snake-case';

export interface KerasH5 {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly opensIn: 'keras2 and keras3' | 'keras3';
  /** Why Keras 2 can't open it, one sentence for each layer. */
  readonly because: readonly string[];
}

/** `kerasVersion`: of Keras 3, said by a file that only that opens. Throws a `Refusal` where a layer can't be written. */
export async function writeKerasH5(network: Network, kerasVersion: string): Promise<KerasH5> {
  const { tree, because } = writeH5Tree(network, kerasVersion, lookUpLayer);
  const bytes = await writeHdf5(tree);
  return { bytes, opensIn: because.length === 0 ? 'keras2 and keras3' : 'keras3', because };
}

/** The last version of Keras 2. */
const KERAS2 = '2.15.0';

export function writeH5Tree(network: Network, kerasVersion: string, table: LayerLookup) {
  const prepared = prepareNetwork(network, table);
  const { config, because } = writeKeras2Config(prepared, table);
  const forBoth = because.length === 0;
  // Keras 3 reads the layers of a `.keras` file in an `.h5` file too.
  const model: JsonObject = {
    class_name: 'Functional',
    config: forBoth ? config : writeFunctional(prepared, table),
  };
  const version = { keras_version: forBoth ? KERAS2 : kerasVersion, backend: 'tensorflow' };
  const tree: Hdf5ToWrite = {
    attributes: {
      ...version,
      model_config: asciiJson(model),
      graft: asciiJson(toSkeleton({ ...prepared.network, name: network.name }, model)),
    },
    groups: { model_weights: writeWeights(prepared, version, table) },
  };
  return { tree, because };
}

function writeWeights(
  { names, layers, weights }: PreparedNetwork,
  version: Readonly<Record<string, Hdf5Value>>,
  table: LayerLookup,
): Hdf5ToWrite {
  // Operations are none of the layers of a model.
  const listed = names.filter(name => {
    const type = table(layers.get(name)?.type ?? '');
    return type === undefined || !isOperation(type);
  });
  return {
    attributes: { ...version, ...listAttribute('layer_names', listed) },
    groups: Object.fromEntries(
      listed.map(name => {
        const layer = layers.get(name);
        const self = { class_name: layer?.type ?? 'InputLayer', config: { ...layer?.config, name } };
        return [name, writeLayerGroup(self, weights.get(name) ?? [])];
      }),
    ),
  };
}

/** `dense/kernel:0`, as Keras 2 calls it, in groups of groups; both versions go by the order. */
function writeLayerGroup(self: KerasObject, roles: readonly NamedRole[]): Hdf5ToWrite {
  const named = roles.map(role => ({ role, path: [innerName(self), ...weightPath(self, role.role)] }));
  let tree: Hdf5ToWrite = {
    attributes: listAttribute(
      'weight_names',
      named.map(({ path }) => path.join('/')),
    ),
  };
  for (const { role, path } of named) tree = withDataset(tree, path, role);
  return tree;
}

function withDataset(
  tree: Hdf5ToWrite,
  [first = '', ...rest]: readonly string[],
  named: NamedRole,
): Hdf5ToWrite {
  if (rest.length === 0) return { ...tree, datasets: { ...tree.datasets, [first]: toArray(named) } };
  const group = withDataset(tree.groups?.[first] ?? {}, rest, named);
  return { ...tree, groups: { ...tree.groups, [first]: group } };
}

const CELL_OF: Readonly<Record<string, string>> = {
  SimpleRNN: 'simple_rnn_cell',
  GRU: 'gru_cell',
  LSTM: 'lstm_cell',
  ConvLSTM1D: 'cell',
  ConvLSTM2D: 'cell',
  ConvLSTM3D: 'cell',
};

/** `forward_lstm/lstm_cell/kernel:0` */
function weightPath({ class_name, config }: KerasObject, role: string): readonly string[] {
  const [place = '', ...rest] = role.split('/');
  if (rest.length === 0) {
    const cell = CELL_OF[class_name];
    return [...(cell === undefined ? [] : [cell]), `${role}:0`];
  }
  const { layer, backward_layer } = config;
  const inner = place === 'backward' && isKerasLayer(backward_layer) ? backward_layer : layer;
  if (!isKerasLayer(inner))
    return [...(place === '' ? [] : [place]), ...rest.slice(0, -1), `${rest.at(-1)}:0`];
  const path = weightPath(inner, rest.join('/'));
  return place === 'layer' ? path : [`${place}_${snakeCase(inner.class_name)}`, ...path];
}

/** What HDF5 lets an attribute hold in its header; Keras splits longer lists, and puts them together again. */
const MAX_ATTRIBUTE_BYTES = 64_512;

function listAttribute(name: string, items: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const longest = Math.max(1, ...items.map(item => item.length));
  const perChunk = Math.max(1, Math.floor(MAX_ATTRIBUTE_BYTES / longest));
  if (items.length <= perChunk) return { [name]: items };
  const chunks = Array.from({ length: Math.ceil(items.length / perChunk) }, (_, i) =>
    items.slice(i * perChunk, (i + 1) * perChunk),
  );
  return Object.fromEntries(chunks.map((chunk, i) => [`${name}${i}`, chunk]));
}
