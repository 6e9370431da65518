/** The cases that `code.py` runs: what Graft writes as Python, exports and computes. Run by `code.mjs`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile } from '../../src/compiler/compile';
import { readFiles } from '../../src/formats/read-files';
import { modelFiles } from '../../src/formats/write-project';
import { parseConfig } from '../../src/layers/config';
import { inferShapes } from '../../src/layers/infer';
import { initialize } from '../../src/layers/initializers';
import { lookUpLayer } from '../../src/layers/table';
import type { ArrayData } from '../../src/network/arrays';
import { countParameters, type Network, tensorKey } from '../../src/network/network';
import { EXAMPLES, loadExample } from '../../src/storage/examples';
import { randomProbes } from '../../src/store/export-flow';
import { mixedNetworks, type NamedNetwork, tableNetworks } from '../../src/targets/code/testing/networks';
import { writePythonScript } from '../../src/targets/keras/write-script';
import { predict } from '../../src/trainer/predict';

const ROWS = 3;

/** Writes one folder for each case into `folder`; answers with their number. */
export async function writeCodeCases(folder: string): Promise<number> {
  const cases = [...tableNetworks(), ...mixedNetworks(), ...(await exampleNetworks())];
  for (const [index, one] of cases.entries()) {
    const stem = `${String(index).padStart(3, '0')}-${one.name.replace(/[^\w.-]+/g, '_')}`;
    try {
      await writeCase(path.join(folder, stem), one);
    } catch (error) {
      // One that Graft itself can't run fails like the others, and the others are run all the same.
      await writeFile(path.join(folder, stem, 'case.json'), JSON.stringify({ error: String(error) }));
    }
  }
  return cases.length;
}

async function writeCase(folder: string, { network }: NamedNetwork): Promise<void> {
  await mkdir(path.join(folder, 'model'), { recursive: true });
  const inputs = randomProbes(network.inputs, ROWS, 1);
  const { outputs } = await predict({ network, inputs, backend: 'cpu' });
  const { modelJson, weightData } = modelFiles(network);
  await writeFile(path.join(folder, 'model/model.json'), modelJson);
  await writeFile(path.join(folder, 'model/weights.bin'), new Uint8Array(weightData));
  await writeFile(
    path.join(folder, 'network.py'),
    writePythonScript({ network, folder: 'model' }, lookUpLayer),
  );
  const expected = {
    inputs: inputs.map(toJson),
    outputs: outputs.map(toJson),
    parameters: countParameters(network),
    trainable: countTrainable(network),
    fit: null,
  };
  await writeFile(path.join(folder, 'case.json'), JSON.stringify(expected));
}

function toJson({ shape, dtype, values }: ArrayData) {
  return { shape, dtype, values: [...values] };
}

/** Values that training moves, as the table says of each weight. */
function countTrainable(network: Network): number {
  const { shapes } = inferShapes(network, lookUpLayer);
  let count = 0;
  for (const layer of network.layers) {
    const type = lookUpLayer(layer.type);
    const call = network.calls.find(each => each.layer === layer.name);
    if (!layer.trainable || type === undefined || call === undefined) continue;
    const inputs = call.inputs.map(ref => shapes.get(tensorKey(ref)) ?? []);
    const specs = type.weights(parseConfig(type, layer.config, lookUpLayer).config, inputs, lookUpLayer);
    for (const { role, trainable } of specs) {
      if (trainable) count += layer.weights[role]?.values.length ?? 0;
    }
  }
  return count;
}

async function exampleNetworks(): Promise<NamedNetwork[]> {
  const read = (files: Parameters<typeof readFiles>[0]) => Promise.resolve(readFiles(files));
  const fetchBytes = async (file: string) => new Uint8Array(await readFile(path.join('public', file)));
  return Promise.all(
    EXAMPLES.map(async ({ id }) => {
      const { document, models } = await loadExample(id, { read, fetchBytes });
      const networks = new Map(models.map(model => [model.id, model.network]));
      const { network } = compile(document, networks, lookUpLayer);
      if (network === null) throw new Error(`The example ${id} doesn't compile.`);
      return { name: id, network: initialize(network, lookUpLayer, 1) };
    }),
  );
}
