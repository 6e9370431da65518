/** What tests need of stock TensorFlow.js: files saved by it, files loaded by it, numbers compared. Never shipped. */
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../base/random';
import type { Network } from '../../network/network';
import type { Shape } from '../../network/shape';
import type { SourceFile } from '../protocol';
import { type EmittedModel, emitLayersModel } from '../tfjs-layers/emit';

/** The emitted model as JSON text would carry it, opened by `tf.loadLayersModel`. */
export async function loadEmitted(emitted: EmittedModel): Promise<tf.LayersModel> {
  const { weightData, ...rest } = emitted;
  const json = JSON.parse(JSON.stringify(rest));
  return tf.loadLayersModel(tf.io.fromMemory({ ...json, weightData }));
}

export async function loadStock(network: Network): Promise<tf.LayersModel> {
  return loadEmitted(emitLayersModel(network));
}

export interface SavedFiles {
  readonly json: Record<string, unknown>;
  readonly weightData: ArrayBuffer;
}

/** What `model.save` hands to its handler, as a model.json. */
export async function saveModel(model: tf.LayersModel): Promise<SavedFiles> {
  let saved: SavedFiles | null = null;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      const {
        modelTopology,
        weightSpecs,
        weightData,
        format,
        generatedBy,
        convertedBy,
        userDefinedMetadata,
      } = artifacts;
      const joined = tf.io.CompositeArrayBuffer.join(weightData);
      const json = {
        modelTopology,
        format,
        generatedBy,
        convertedBy,
        ...(userDefinedMetadata === undefined ? {} : { userDefinedMetadata }),
        weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
      };
      saved = { json: JSON.parse(JSON.stringify(json)), weightData: joined };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } };
    }),
  );
  if (saved === null) throw new Error('The model was not saved.');
  return saved;
}

export function toFiles(saved: SavedFiles, folder = 'saved'): SourceFile[] {
  return [
    { path: `${folder}/model.json`, blob: new Blob([jsonBytes(saved.json)]) },
    { path: `${folder}/weights.bin`, blob: new Blob([new Uint8Array(saved.weightData)]) },
  ];
}

export function jsonBytes(json: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(json));
}

/** Rows for each input: whole numbers below `bound` for int32, else uniform in [-1, 1). */
export function randomInputs(
  inputs: readonly { readonly shape: Shape; readonly dtype?: string | null }[],
  rows = 2,
  bound = 5,
): tf.Tensor[] {
  const random = createRandom(7);
  return inputs.map(({ shape, dtype }) => {
    const sizes = [rows, ...shape.slice(1).map(dim => dim ?? 4)];
    const count = sizes.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: count }, () =>
      dtype === 'int32' ? random.below(bound) : random.uniform() * 2 - 1,
    );
    return tf.tensor(values, sizes, dtype === 'int32' ? 'int32' : 'float32');
  });
}

export function predictAll(model: tf.LayersModel, inputs: tf.Tensor[]): tf.Tensor[] {
  const result = model.predict(inputs.length === 1 && inputs[0] !== undefined ? inputs[0] : inputs);
  return Array.isArray(result) ? result : [result];
}

/** The largest difference between the answers; throws where shapes or NaNs differ. */
export function compareAnswers(a: readonly tf.Tensor[], b: readonly tf.Tensor[]): number {
  if (a.length !== b.length) throw new Error(`${a.length} outputs and ${b.length}`);
  let worst = 0;
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined || left.shape.join() !== right.shape.join()) {
      throw new Error(`Output ${i} is ${left.shape} and ${right?.shape}`);
    }
    const values = right.dataSync();
    for (const [k, x] of left.dataSync().entries()) {
      const y = values[k] ?? Number.NaN;
      if (Number.isNaN(x) !== Number.isNaN(y)) throw new Error(`NaN in one of them at ${k}`);
      if (!Number.isNaN(x)) worst = Math.max(worst, Math.abs(x - y));
    }
  }
  return worst;
}
