/** A download as its receiver uses it: stock TensorFlow.js in Node, nothing of Graft. */
import * as tf from '@tensorflow/tfjs';
import { strFromU8, unzipSync } from 'fflate';

interface ProbeTensor {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: number[];
}

/** The largest difference between what stock TensorFlow.js answers to the probes and what the browser answered. */
export async function compareWithProbes(zip: Uint8Array): Promise<{ largest: number; outputs: number }> {
  const files = unzipSync(zip);
  const file = (name: string) => {
    const bytes = files[name];
    if (bytes === undefined) throw new Error(`${name} is missing among ${Object.keys(files).join(', ')}`);
    return bytes;
  };
  const { modelTopology, weightsManifest } = JSON.parse(strFromU8(file('model.json')));
  const weightSpecs = weightsManifest.flatMap((group: { weights: object[] }) => group.weights);
  const paths: string[] = weightsManifest.flatMap((group: { paths: string[] }) => group.paths);
  const shards = paths.map(path => file(path).slice().buffer);
  const weightData = tf.io.CompositeArrayBuffer.join(shards);
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const probes: { inputs: ProbeTensor[]; outputs: ProbeTensor[] } = JSON.parse(
    strFromU8(file('probes.json')),
  );
  const answer = model.predict(
    probes.inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype)),
  );
  const answers = Array.isArray(answer) ? answer : [answer];
  let largest = 0;
  for (const [index, expected] of probes.outputs.entries()) {
    const values = (await answers[index]?.data()) ?? new Float32Array();
    for (const [i, value] of expected.values.entries()) {
      largest = Math.max(largest, Math.abs(value - (values[i] ?? Number.POSITIVE_INFINITY)));
    }
  }
  return { largest, outputs: answers.length };
}
