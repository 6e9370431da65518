/** What the bench of imports calls in the page: one file read by Graft, and the same weights by stock TensorFlow.js, in milliseconds. */
import * as tf from '@tensorflow/tfjs';
import { createFormatsClient } from '../../src/formats/client';

const formats = createFormatsClient();

/** As files on the disk, whatever they were fetched from. */
async function fetchFiles(names: readonly string[]): Promise<readonly File[]> {
  return Promise.all(
    names.map(async name => new File([await (await fetch(`files/${name}`)).arrayBuffer()], name)),
  );
}

/** From the files to the Network on the page. */
async function graft(names: readonly string[]): Promise<number> {
  const files = (await fetchFiles(names)).map(file => ({ path: file.name, blob: file }));
  const start = performance.now();
  const [item] = await formats.read(files);
  const took = performance.now() - start;
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item));
  return took;
}

/** From the files to the model. The backend has its tensors in memory: nothing goes to a GPU. */
async function stock(json: string, weights: string): Promise<number> {
  await tf.setBackend('cpu');
  const files = await fetchFiles([json, weights]);
  const start = performance.now();
  const model = await tf.loadLayersModel(tf.io.browserFiles([...files]));
  const took = performance.now() - start;
  model.dispose();
  return took;
}

const bench = { graft, stock };
declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
