/**
 * The download: a zip that is a TensorFlow.js model for everyone and a project for Graft. What is in it is decided here;
 * how a Network becomes a model.json is in `tfjs-layers/emit.ts`.
 */
import type { Network } from '../network/network';
import { checkInJavaScript } from './checks';
import type { LayersModelFiles, WriteParams, WrittenFiles } from './protocol';
import { PROJECT_FORMAT } from './read-project';
import { type EmittedModel, emitLayersModel } from './tfjs-layers/emit';
import { writeZip, type ZipContent } from './zip';

/** The file, the model's own files in it. */
export async function writeProject(params: WriteParams): Promise<WrittenFiles> {
  const { network, probes, document, models, trained } = params;
  const { needsGraftLayers, ...main } = modelFiles(network);
  const sources = models.map((model, i) => ({
    model,
    folder: `models/${i + 1}`,
    files: modelFiles(model.network),
  }));
  const project = {
    format: PROJECT_FORMAT,
    version: 1,
    document,
    models: sources.map(({ model: { id, name, labels, architecture, report }, folder }) => ({
      folder,
      id,
      name,
      labels,
      architecture,
      report: {
        file: report.file,
        format: report.format,
        writtenBy: report.writtenBy,
        found: report.found,
        warnings: report.warnings,
        repairs: report.repairs,
        leftOut: report.leftOut,
      },
    })),
    // They are the main model's weights, layer by layer.
    trained: trained !== null,
  };
  const files: ZipContent[] = [
    text('model.json', main.modelJson),
    weights('weights.bin', main.weightData),
    text('probes.json', JSON.stringify(probes)),
    text('check.mjs', checkInJavaScript(needsGraftLayers)),
    text('README.txt', readme(network, needsGraftLayers)),
    text('graft/project.json', JSON.stringify(project)),
  ];
  if (needsGraftLayers) files.push(text('graft-layers.js', (await import('virtual:graft-layers')).source));
  for (const { folder, files: own } of sources) {
    files.push(text(`graft/${folder}/model.json`, own.modelJson));
    files.push(weights(`graft/${folder}/weights.bin`, own.weightData));
  }
  return { file: await writeZip(files), companions: [], remarks: [], layersModel: main };
}

function text(path: string, content: string): ZipContent {
  return { path, bytes: new TextEncoder().encode(content), store: false };
}

function weights(path: string, data: ArrayBuffer): ZipContent {
  return { path, bytes: new Uint8Array(data), store: true };
}

/** A model.json and its only shard. */
export function modelFiles(network: Network): LayersModelFiles & Pick<EmittedModel, 'needsGraftLayers'> {
  const emitted = emitLayersModel(network);
  const { modelTopology, weightSpecs, weightData, userDefinedMetadata, needsGraftLayers } = emitted;
  const json = {
    format: 'layers-model',
    generatedBy: 'Graft',
    convertedBy: null,
    modelTopology,
    userDefinedMetadata,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  return { modelJson: JSON.stringify(json), weightData, needsGraftLayers };
}

function readme(network: Network, needsGraftLayers: boolean): string {
  const inputs = network.inputs.map(
    ({ name, shape, dtype }) => `  ${name}: [${shape.map(n => n ?? 'batch').join(', ')}], ${dtype}`,
  );
  const outputs = network.outputs.map(({ name }) => `  ${name}`);
  const example = network.inputs.map(
    ({ shape, dtype }) => `tf.zeros([${shape.map(size => size ?? 1).join(', ')}], '${dtype}')`,
  );
  const files = [
    'model.json, weights.bin   the model',
    'probes.json               inputs, and what the model answered to them',
    'check.mjs                 asks your copy the same and compares: npm install @tensorflow/tfjs, then node check.mjs',
    'graft/                    the project: drop the whole zip on Graft to go on with it',
  ];
  const code = [
    "import * as tf from '@tensorflow/tfjs';",
    "const model = await tf.loadLayersModel('path/to/model.json');",
    `const answer = model.predict(${example.length === 1 ? example[0] : `[${example.join(', ')}]`});`,
  ];
  if (needsGraftLayers) {
    files.splice(1, 0, 'graft-layers.js           the layers that TensorFlow.js lacks');
    code.splice(1, 0, "import './graft-layers.js';");
  }
  return `${network.name}

A neural network made with Graft, in the Layers format of TensorFlow.js.

${files.join('\n')}

Inputs, in this order:
${inputs.join('\n')}

Outputs, in this order:
${outputs.join('\n')}

To use it in JavaScript (npm install @tensorflow/tfjs):

  ${code.join('\n  ')}
`;
}
