/** The whole TensorFlow.js module: the network, and the weights that Graft exported. */
import type { LayerLookup } from '../../layers/layer-type';
import type { Network } from '../../network/network';
import { toJavaScript } from './javascript';
import { inComment } from './text';
import { GRAFT_HELPER } from './write-layer';
import { writeJavaScriptNetwork } from './write-network';

export interface JavaScriptSource {
  readonly network: Network;
  /** The folder in which the exported zip is unpacked. */
  readonly folder: string;
}

/** By layer: each has its weights in one order, and its name only once. */
const LOAD_WEIGHTS = `/** Fills the model with the weights that Graft exported; the zip is unpacked in the folder. */
async function loadWeights(model, folder) {
  const exported = await tf.loadLayersModel(\`\${folder}/model.json\`);
  for (const layer of exported.layers) model.getLayer(layer.name).setWeights(layer.getWeights());
  exported.dispose();
}`;

export function writeJavaScriptModule({ network, folder }: JavaScriptSource, table: LayerLookup): string {
  const { lines, needsGraftLayers, hasModel } = writeJavaScriptNetwork(network, table, ['loadWeights']);
  const isWhole = hasModel && !lines.some(line => line.startsWith('// MISSING'));
  return `${[
    '// A neural network made with Graft, for TensorFlow.js 4 (https://www.tensorflow.org/js).',
    "import * as tf from '@tensorflow/tfjs';",
    ...(needsGraftLayers ? [`import ${toJavaScript(`./${folder}/graft-layers.js`)};`, '', GRAFT_HELPER] : []),
    '',
    `// ${inComment(network.name)}`,
    ...lines,
    ...(isWhole ? ['', LOAD_WEIGHTS, '', `await loadWeights(model, ${toJavaScript(folder)});`] : []),
    '',
    '// Training: see the Python. The fit of TensorFlow.js knows no loss weights and no phases, and it moves the',
    '// statistics of a frozen BatchNormalization.',
  ].join('\n')}\n`;
}
