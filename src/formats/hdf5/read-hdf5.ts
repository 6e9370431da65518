/**
 * HDF5 files that strangers made, as groups, attributes and arrays. All links are looked at first, so that no file leads elsewhere
 * or round in circles; values are read when they are asked for. What the groups mean is others' business.
 */
import { shorten } from '../notes';
import { Refusal } from '../refusal';
import { withLibrary } from './library';
import { type OpenFile, openFile } from './open-file';
import { readAttributes } from './read-attributes';
import { readDataset } from './read-dataset';
import type { Hdf5Dataset, Hdf5Group } from './tree';

/** How much of a file is read, and how much at once. Tests set less. */
export interface Hdf5Limits {
  /** Of groups in groups. Nested models and optimizers reach some twelve. */
  readonly depth: number;
  /** The largest models of keras.applications have some five thousand, with the state of their optimizers. */
  readonly objects: number;
  /** As much of an array as is in the library's memory at once. */
  readonly slabBytes: number;
  /** Groups below so many others are left empty. */
  readonly levels?: number;
}

const LIMITS: Hdf5Limits = { depth: 64, objects: 20_000, slabBytes: 16 * 2 ** 20 };

/**
 * What `use` makes of the file. Its groups and datasets may not be used after that. Throws a `Refusal` that names the file as
 * `file` if it isn't HDF5, is damaged, or holds what can't be read. A user block before the file's signature is fine.
 */
export async function withHdf5<T>(
  source: Blob,
  file: string,
  use: (root: Hdf5Group) => T | Promise<T>,
  limits: Hdf5Limits = LIMITS,
): Promise<T> {
  return withLibrary(async library => {
    const open = await openFile(library, source, file);
    try {
      return await use(readGroup(open, '', limits, { objects: 0 }));
    } finally {
      open.close();
    }
  });
}

/** The same with the groups in the root left empty, which is quick: for a look at what the file is. */
export async function withHdf5Root<T>(source: Blob, file: string, use: (root: Hdf5Group) => T): Promise<T> {
  return withHdf5(source, file, use, { ...LIMITS, levels: 1 });
}

/** `path` is empty for the root, else it starts with a slash. */
function readGroup(
  file: OpenFile,
  path: string,
  limits: Hdf5Limits,
  seen: { objects: number },
  depth = 0,
): Hdf5Group {
  if (depth > limits.depth) {
    throw new Refusal(
      `${file.name} has groups more than ${limits.depth} deep, or one that holds itself.`,
      'Check where it comes from, or save the model again.',
    );
  }
  const here = path || '/';
  if (depth === limits.levels) return emptyGroup(file, path);
  const groups = new Map<string, Hdf5Group>();
  const datasets = new Map<string, Hdf5Dataset>();
  const names = file.ask(`the group ‘${shorten(here)}’`, (module, id) => module.get_names(id, here, false));
  for (const name of names) {
    seen.objects += 1;
    if (seen.objects > limits.objects) {
      throw new Refusal(
        `${file.name} holds more than ${limits.objects.toLocaleString('en')} groups and arrays.`,
        'Check where it comes from, or save the model without the state of its optimizer.',
      );
    }
    const child = `${path}/${name}`;
    const kind = kindOfChild(file, child, name);
    if (kind === 'group') groups.set(name, readGroup(file, child, limits, seen, depth + 1));
    if (kind === 'dataset') datasets.set(name, readDataset(file, child, limits.slabBytes));
  }
  return { path: path.slice(1), groups, datasets, attribute: readAttributes(file, here) };
}

function emptyGroup(file: OpenFile, path: string): Hdf5Group {
  return {
    path: path.slice(1),
    groups: new Map(),
    datasets: new Map(),
    attribute: readAttributes(file, path),
  };
}

function kindOfChild(file: OpenFile, path: string, name: string): 'group' | 'dataset' | 'other' {
  const what = `‘${shorten(path)}’`;
  // Such names can't be asked for: they would be taken for paths.
  if (name === '' || name === '.' || name.includes('/')) {
    throw new Refusal(
      `${file.name} is damaged: something in it is named ‘${shorten(name)}’.`,
      'Download it again, or save the model again.',
    );
  }
  return file.ask(what, (module, id) => {
    const soft = module.get_symbolic_link(id, path);
    // Of what a soft link leads to; of an external link its own, which saves asking all others whether they are one.
    const type = soft === null ? module.get_type(id, path) : null;
    if (type === module.H5G_GROUP) return 'group';
    if (type === module.H5G_DATASET) return 'dataset';
    const link = soft ?? module.get_external_link(id, path).filename ?? null;
    if (link !== null) {
      throw new Refusal(
        `${file.name} has a link to ‘${shorten(link)}’ at ${what}; links aren’t followed.`,
        'Save the model again with Keras, which writes the values themselves.',
      );
    }
    // A type that stands by itself says nothing: the arrays that have it are read like others.
    return 'other';
  });
}
