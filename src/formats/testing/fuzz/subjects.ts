/** One kind of model file after the other, real and small, to be damaged: most by Keras, the zips by Graft. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { zipSync } from 'fflate';
import { EMPTY_DOCUMENT, type ProjectDocument } from '../../../graph/document';
import type { SourceModel } from '../../protocol';
import { readFiles } from '../../read-files';
import { writeExport } from '../../write-export';
import type { PlainFile } from './mutate';
import { toSources } from './sources';

export interface Subject {
  readonly kind: string;
  /** Any of these; each is all the files of one model. */
  readonly models: readonly (readonly PlainFile[])[];
  /** The files are weights for this model; null: they are a model. */
  readonly onto: SourceModel | null;
}

const KERAS = new URL('../keras-files/', import.meta.url);
const DIGITS = new URL('../../../../public/examples/digits/models/', import.meta.url);

const fromKeras = (...paths: readonly string[]) => paths.map(path => load(KERAS, path));
const fromDigits = (...paths: readonly string[]) => paths.map(path => load(DIGITS, path));

function load(folder: URL, path: string): PlainFile {
  return { path: basename(path), bytes: new Uint8Array(readFileSync(new URL(path, folder))) };
}

export async function loadSubjects(): Promise<readonly Subject[]> {
  const weights = '3.15.1-mlp-json-weights';
  const mlp = fromKeras(`${weights}/model.json`, `${weights}/model.weights.h5`);
  const tfjs = fromDigits('profile_mlp/model.json', 'profile_mlp/weights.bin');
  const plain = (kind: string, ...models: (readonly PlainFile[])[]): Subject => ({
    kind,
    models,
    onto: null,
  });
  return [
    plain(
      '.keras',
      fromKeras('3.3.3-nested-outputs-keras/model.keras'),
      fromKeras('2.15.0-mlp-keras/model.keras'),
      fromKeras('3.6.0-operations-keras/model.keras'),
    ),
    plain(
      'whole .h5',
      fromKeras('3.15.1-cnn-h5/model.h5'),
      fromKeras('2.1.6-mlp-h5/model.h5'),
      fromKeras('2.15.0-nested-deep-h5/model.h5'),
    ),
    plain('JSON and .weights.h5', mlp),
    { kind: '.weights.h5 onto a model', models: [mlp.slice(1)], onto: await readOne(mlp) },
    plain(
      'JSON and Keras 2 weights .h5',
      fromKeras('2.15.0-functional-json-h5/model.json', '2.15.0-functional-json-h5/weights.h5'),
    ),
    plain('TensorFlow.js model.json', tfjs),
    plain('TensorFlow.js zip', [zipped('profile.zip', tfjs)]),
    plain('Graft project zip', [await projectZip(tfjs)]),
    plain('Teachable Machine zip', fromKeras('2.15.0-teachable-machine-teachable/converted_keras.zip')),
  ];
}

async function readOne(files: readonly PlainFile[]): Promise<SourceModel> {
  const [item] = await readFiles(toSources(files));
  if (item?.kind !== 'model') throw new Error(`${files[0]?.path} is no model: ${JSON.stringify(item)}`);
  return item.model;
}

function zipped(path: string, files: readonly PlainFile[]): PlainFile {
  const entries = Object.fromEntries(files.map(file => [file.path, file.bytes]));
  return { path, bytes: zipSync(entries, { level: 0 }) as Uint8Array<ArrayBuffer> };
}

async function projectZip(files: readonly PlainFile[]): Promise<PlainFile> {
  const model = await readOne(files);
  const { network } = model;
  const document: ProjectDocument = {
    ...EMPTY_DOCUMENT,
    nodes: {
      'profile-1': {
        kind: 'model',
        id: 'profile-1',
        name: 'profile',
        position: { x: 0, y: 0 },
        model: model.id,
        start: null,
        end: null,
        taps: [],
        linearEnd: false,
        freeze: { kind: 'all' },
        sharesWith: null,
      },
    },
  };
  const written = await writeExport({
    format: 'tfjs',
    savedAt: '2026-11-22T18:30:00.000Z',
    network,
    probes: { inputs: [], outputs: [] },
    document,
    models: [model],
    trained: Object.fromEntries(network.layers.map(({ name, weights }) => [name, weights])),
  });
  return { path: 'project.zip', bytes: written.file };
}
