/** The cases that `exports.py` opens: Networks, the files that Graft makes of them, and what Graft computes. Run by `exports.mjs`. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toArray } from '../../src/formats/keras-write/keras3-weights';
import { prepareNetwork } from '../../src/formats/keras-write/prepare-network';
import { writeKerasFile } from '../../src/formats/keras-write/write-keras-file';
import { writeKerasH5 } from '../../src/formats/keras-write/write-keras-h5';
import { readFiles } from '../../src/formats/read-files';
import { parseConfig } from '../../src/layers/config';
import { inferShapes } from '../../src/layers/infer';
import { isKerasLayer } from '../../src/layers/params';
import { LAYER_TYPES, lookUpLayer } from '../../src/layers/table';
import { mixedNetworks, type NamedNetwork, tableNetworks } from '../../src/layers/testing/networks';
import type { ArrayData } from '../../src/network/arrays';
import type { Network } from '../../src/network/network';
import { randomProbes } from '../../src/store/export-flow';
import { predict } from '../../src/trainer/predict';
import { exampleCases } from './code-cases';

const CORPUS = path.join('..', 'shared', 'corpus');
/** More than one, so that rows which mix show. */
const ROWS = 2;
/** Any date: it isn't looked at. */
const STAMP = { kerasVersion: '3.15.1', savedAt: '2026-01-01@00:00:00' };

/** What Keras is to be asked for `export-facts.json`. */
export function factQuestions() {
  return LAYER_TYPES.map(type => ({
    type: type.type,
    example: Object.fromEntries(
      Object.entries(parseConfig(type, type.example.config, lookUpLayer).config).filter(
        ([name]) => type.params[name]?.inCall !== true,
      ),
    ),
  }));
}

/** Writes one folder for each case into `folder`; answers with what couldn't be written and what opens in Keras 3 only. */
export async function writeExportCases(folder: string) {
  const cases = [...tableNetworks(), ...mixedNetworks(), ...(await exampleCases()), ...(await corpusCases())];
  const refused: string[] = [];
  let forBoth = 0;
  for (const [index, one] of cases.entries()) {
    const stem = `${String(index).padStart(3, '0')}-${one.name.replace(/[^\w.-]+/g, '_')}`;
    try {
      const { opensIn } = await writeCase(path.join(folder, stem), one.network);
      if (opensIn === 'keras2 and keras3') forBoth++;
    } catch (error) {
      refused.push(`${one.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { count: cases.length, forBoth, refused };
}

async function writeCase(folder: string, network: Network) {
  const file = await writeKerasFile(network, STAMP);
  const { bytes, opensIn, because } = await writeKerasH5(network, STAMP.kerasVersion);
  const inputs = randomProbes(network.inputs, ROWS, 1);
  const { outputs } = await predict({ network, inputs, backend: 'cpu' });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'model.keras'), file);
  await writeFile(path.join(folder, 'model.h5'), bytes);
  const layers = describeLayers(network);
  await writeFile(path.join(folder, 'weights.bin'), Buffer.concat(layers.flatMap(({ values }) => values)));
  const expected = {
    inputs: inputs.map(toJson),
    outputs: outputs.map(toJson),
    layers: layers.map(({ values: _, ...layer }) => layer),
    opensIn,
    because,
  };
  await writeFile(path.join(folder, 'case.json'), JSON.stringify(expected));
  return { opensIn };
}

/** In the order in which Keras lists them. */
function describeLayers(network: Network) {
  const { names, layers, weights } = prepareNetwork(network, lookUpLayer);
  return names.flatMap(name => {
    const layer = layers.get(name);
    if (layer?.type.startsWith('ops.')) return [];
    const own = (weights.get(name) ?? []).map(toArray);
    const type = lookUpLayer(layer?.type ?? '');
    const config =
      layer === undefined || type === undefined ? {} : parseConfig(type, layer.config, lookUpLayer).config;
    return [
      {
        name,
        trainable: layer?.trainable ?? null,
        // Initializers, regularizers and constraints.
        objects: Object.fromEntries(
          Object.entries(config).filter(
            ([param, value]) => isKerasLayer(value) && type?.params[param]?.form.kind === 'object',
          ),
        ),
        shapes: own.map(({ shape }) => shape),
        values: own.map(({ values }) => Buffer.from(Float32Array.from(values).buffer)),
      },
    ];
  });
}

function toJson({ shape, dtype, values }: ArrayData) {
  return { shape, dtype, values: [...values] };
}

/** What of the corpus can be read and holds nothing that Graft doesn't know. */
async function corpusCases(): Promise<NamedNetwork[]> {
  if (!existsSync(CORPUS)) return [];
  const cases: NamedNetwork[] = [];
  for (const kind of ['keras', 'h5', 'tfjs-layers']) {
    for (const entry of await readdir(path.join(CORPUS, kind))) {
      const items = await readFiles(await filesOf(path.join(CORPUS, kind, entry)));
      for (const item of items) {
        if (item.kind !== 'model') continue;
        const network = withSizes(item.model.network);
        // What Graft can't compute has no answers to compare.
        if (inferShapes(network, lookUpLayer).problems.length === 0)
          cases.push({ name: `${kind}-${entry}`, network });
      }
    }
  }
  return cases;
}

/** Where a picture may have any size, one that leaves something behind all convolutions. */
function withSizes(network: Network): Network {
  const inputs = network.inputs.map(input => ({
    ...input,
    shape: input.shape.map((size, axis) => size ?? (axis === 0 ? null : 12)),
  }));
  return { ...network, inputs };
}

async function filesOf(place: string) {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => null);
  const paths =
    entries === null
      ? [place]
      : entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async file => ({
      path: path.relative(path.dirname(place), file),
      blob: new Blob([new Uint8Array(await readFile(file))]),
    })),
  );
}
