/**
 * The values of a Network as the `model.weights.h5` of a `.keras` file: groups named by class and rank, as Keras' saving_lib walks
 * through a model. Where the weights of a layer are parts of layers inside it, so are the groups.
 */
import { must } from '../../base/assert';
import type { LayerLookup } from '../../layers/layer-type';
import type { KerasObject } from '../../layers/params';
import type { Hdf5Array, Hdf5ToWrite } from '../hdf5/tree';
import { createRanks, findPart, HAVE_CELLS } from '../keras-model/layer-parts';
import { Refusal } from '../refusal';
import { isOperation } from './keras3-config';
import { innerName } from './layer-config';
import type { NamedRole, PreparedNetwork } from './prepare-network';

export function writeKeras3Weights(prepared: PreparedNetwork, table: LayerLookup): Hdf5ToWrite {
  const { network, names, layers, weights } = prepared;
  const groupName = createRanks();
  const groups: Record<string, Hdf5ToWrite> = {};
  for (const name of names) {
    const layer = layers.get(name);
    if (layer === undefined) {
      groups[groupName('InputLayer')] = ownVariables(name, []);
      continue;
    }
    const type = table(layer.type);
    // Operations have no place among the layers of a model.
    if (type !== undefined && isOperation(type)) continue;
    const roles = weights.get(name) ?? [];
    const self = { class_name: layer.type, config: { ...layer.config, name } };
    groups[groupName(layer.type)] = type === undefined ? writeUnknown(name, roles) : writeObject(self, roles);
  }
  return { groups: { layers: { groups }, ...ownVariables(network.name, []).groups } };
}

function writeObject(self: KerasObject, roles: readonly NamedRole[]): Hdf5ToWrite {
  const name = innerName(self);
  if (HAVE_CELLS.has(self.class_name)) {
    const cell = { class_name: `${self.class_name}Cell`, config: {} };
    return { groups: { ...ownVariables(name, []).groups, cell: writeObject(cell, roles) } };
  }
  const own = roles.filter(({ role }) => !role.includes('/'));
  let tree = ownVariables(name, own);
  const places = new Set(
    roles.flatMap(({ role }) => (role.includes('/') ? [role.slice(0, role.indexOf('/'))] : [])),
  );
  for (const place of places) {
    const { path, part } = must(findPart(self, place), `the part ${place} of a ${self.class_name}`);
    const inside = roles
      .filter(({ role }) => role.startsWith(`${place}/`))
      .map(({ role, weight }) => ({ role: role.slice(place.length + 1), weight }));
    tree = withGroup(tree, path.split('/'), writeObject(part, inside));
  }
  return tree;
}

function withGroup(tree: Hdf5ToWrite, [first, ...rest]: readonly string[], group: Hdf5ToWrite): Hdf5ToWrite {
  if (first === undefined) return group;
  return { ...tree, groups: { ...tree.groups, [first]: withGroup(tree.groups?.[first] ?? {}, rest, group) } };
}

function ownVariables(name: string, roles: readonly NamedRole[]): Hdf5ToWrite {
  const datasets = Object.fromEntries(roles.map((named, i) => [String(i), toArray(named)]));
  return { groups: { vars: { attributes: { name }, datasets } } };
}

/** How many values Normalization has seen is a whole number in Keras. */
export function toArray({ role, weight }: NamedRole): Hdf5Array {
  const { shape, dtype, values } = weight;
  return role === 'count' && dtype === 'float32'
    ? { shape, dtype: 'int32', values: Int32Array.from(values) }
    : { shape, dtype, values };
}

/** What a file of Keras 3 held can be written where it stood. */
function writeUnknown(name: string, roles: readonly NamedRole[]): Hdf5ToWrite {
  let tree: Hdf5ToWrite = ownVariables(name, []);
  for (const { role, weight } of roles) {
    const path = role.split('/');
    const last = path.pop();
    if (last === undefined || path.at(-1) !== 'vars') {
      throw new Refusal(
        `Nothing says where Keras keeps the weight '${role}' of the layer '${name}', which Graft doesn’t know.`,
        'Take the layer out, or put layers of Keras in its place.',
      );
    }
    const parent = path.reduce<Hdf5ToWrite | undefined>((group, part) => group?.groups?.[part], tree);
    const datasets = { ...parent?.datasets, [last]: toArray({ role, weight }) };
    tree = withGroup(tree, path, { ...parent, datasets });
  }
  return tree;
}
