/** File -> Network -> file -> Network for every real file that can be read: nothing may be lost on the way, in any format. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { hashBytes } from '../../base/hash';
import { hashNetwork } from '../../formats/network-id';
import type { ExportFormat, SourceFile, SourceModel, WriteParams } from '../../formats/protocol';
import { readFiles } from '../../formats/read-files';
import { Refusal } from '../../formats/refusal';
import { randomInputs } from '../../formats/testing/stock';
import { writeExport } from '../../formats/write-export';
import { EMPTY_DOCUMENT } from '../../graph/document';
import { withoutDeadEnds } from '../../network/dead-ends';
import type { Network } from '../../network/network';
import { buildLiveModel } from './live-model';

const CORPUS = join(process.cwd(), '..', 'shared', 'corpus');
const counts = { same: 0, refused: 0, strangers: 0 };
afterAll(() => {
  console.info(
    `round trips: ${counts.same} identical, ${counts.strangers} of the Keras files answer equal to the bit when read without Graft’s notes, ${counts.refused} refused with a reason`,
  );
});

function filesIn(kind: string): (readonly [string, () => SourceFile[]])[] {
  const folder = join(CORPUS, kind);
  const load = (path: string) => new Blob([new Uint8Array(readFileSync(path))]);
  return readdirSync(folder, { withFileTypes: true }).map(entry => [
    `${kind}/${entry.name}`,
    () =>
      entry.isDirectory()
        ? readdirSync(join(folder, entry.name), { recursive: true, withFileTypes: true })
            .filter(file => file.isFile())
            .map(file => ({ path: `m/${file.name}`, blob: load(join(file.parentPath, file.name)) }))
        : [{ path: entry.name, blob: load(join(folder, entry.name)) }],
  ]);
}

const FORMATS: readonly ExportFormat[] = ['tfjs', 'keras', 'h5'];

function paramsFor(format: ExportFormat, network: Network): WriteParams {
  return {
    format,
    savedAt: '2026-11-22T18:30:00.000Z',
    network,
    probes: { inputs: [], outputs: [] },
    document: EMPTY_DOCUMENT,
    models: [],
    trained: null,
  };
}

async function readBack(file: Blob, name: string, asStranger: boolean): Promise<Network> {
  const [item] = await readFiles([{ path: name, blob: file }], { asStranger });
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item));
  return item.model.network;
}

async function firstModel(files: SourceFile[]): Promise<SourceModel | null> {
  const [item] = await readFiles(files);
  return item?.kind === 'model' ? item.model : null;
}

/** Equal to the bit, or not. */
function hashAnswer(values: Float32Array): string {
  return String(hashBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
}

function withoutValues(network: Network) {
  const layers = network.layers.map(layer => ({
    ...layer,
    weights: Object.entries(layer.weights).map(([role, { shape, dtype }]) => [role, dtype, ...shape]),
  }));
  return { ...network, name: '', layers };
}

function answersOf(network: Network): Float32Array[] {
  const inputs = network.inputs.map(input => ({
    ...input,
    shape: input.shape.map((size, i) => size ?? (i === 0 ? null : 12)),
  }));
  const live = buildLiveModel(network);
  const answers = live
    .run(randomInputs(inputs), { training: false })
    .map(answer => answer.dataSync() as Float32Array);
  live.dispose();
  return answers;
}

/** What Graft can't compute has no answers to compare: see `keras.test-corpus.ts`. */
const NOT_COMPUTED = /model_lambda|cnn2d_32|tfop_0|keras-attention/;

describe.each(['h5', 'keras', 'h5-io', 'tfjs-layers'])('%s', kind => {
  const names = filesIn(kind).filter(([name]) => !name.includes('inputs_and_outputs'));

  it.each(names)('%s', async (name, files) => {
    const model = await firstModel(files());
    // What is refused is held to its reason elsewhere.
    if (model === null) return;
    const network = withoutDeadEnds(model.network);
    for (const format of FORMATS) {
      let written: Awaited<ReturnType<typeof writeExport>>;
      try {
        written = await writeExport(paramsFor(format, network));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        expect(name).toMatch(NOT_COMPUTED);
        counts.refused++;
        continue;
      }
      const { layersModel, file } = written;
      const back =
        layersModel === null
          ? await readBack(new Blob([file]), `x.${format}`, false)
          : await firstModel([
              { path: 'm/model.json', blob: new Blob([layersModel.modelJson]) },
              { path: 'm/weights.bin', blob: new Blob([layersModel.weightData]) },
            ]).then(found => found?.network);
      // The hash holds structure and every value; comparing millions of them one by one would take minutes.
      expect(withoutValues(must(back, name))).toEqual(withoutValues(network));
      expect(hashNetwork(must(back, name))).toBe(hashNetwork(network));
      counts.same++;
      if (layersModel !== null || NOT_COMPUTED.test(name)) continue;
      const stranger = await readBack(new Blob([file]), `x.${format}`, true);
      expect(answersOf(stranger).map(hashAnswer)).toEqual(answersOf(network).map(hashAnswer));
      counts.strangers++;
    }
  });
});
