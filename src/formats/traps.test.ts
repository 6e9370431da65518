/** A file that stock TensorFlow.js never comes back from, and what Graft says of it. */
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { readFiles } from './read-files';

/** The second layer wants a tensor that no layer gives. */
const TOPOLOGY = {
  class_name: 'Model',
  config: {
    name: 'broken',
    layers: [
      {
        class_name: 'InputLayer',
        name: 'x',
        config: { name: 'x', batch_input_shape: [null, 2], dtype: 'float32' },
        inbound_nodes: [],
      },
      {
        class_name: 'Dense',
        name: 'd',
        config: { name: 'd', units: 1 },
        inbound_nodes: [[['nowhere', 0, 0, {}]]],
      },
    ],
    input_layers: [['x', 0, 0]],
    output_layers: [['d', 0, 0]],
  },
};

it('hangs the stock loader: it begins and never ends', async () => {
  const script = `
    const tf = require('@tensorflow/tfjs');
    process.stdout.write('begun', () => {
      // Layers of the node list that name no known layer are waited for, for ever.
      tf.models.modelFromJSON(${JSON.stringify({ modelTopology: TOPOLOGY })}).then(
        () => process.stdout.write(' ended'),
        () => process.stdout.write(' failed'),
      );
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  const begun = new Promise<void>(resolve => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      resolve();
    });
  });
  await begun;
  // Long after Graft has answered to the same file it is still at it.
  await new Promise(resolve => setTimeout(resolve, 1500));
  expect(said).toBe('begun');
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
});

it('is refused with the layer at fault', async () => {
  const json = { modelTopology: TOPOLOGY, weightsManifest: [] };
  const [item] = await readFiles([
    { path: 'model.json', blob: new Blob([new TextEncoder().encode(JSON.stringify(json))]) },
  ]);
  if (item?.kind !== 'refused') throw new Error('It was not refused');
  expect(item.report.refusal?.reason).toContain('nowhere');
  expect(item.report.refusal?.wayOut).not.toBe('');
});
