/** The cases that `code.py` runs: what Graft writes as Python, exports and computes. Run by `code.mjs`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile } from '../../src/compiler/compile';
import { readFiles } from '../../src/formats/read-files';
import { modelFiles } from '../../src/formats/write-project';
import { documentInPhase } from '../../src/graph/phases';
import { parseConfig } from '../../src/layers/config';
import { inferShapes } from '../../src/layers/infer';
import { initialize } from '../../src/layers/initializers';
import { lookUpLayer } from '../../src/layers/table';
import {
  mixedNetworks,
  type NamedNetwork,
  tableNetworks,
  threeHeads,
} from '../../src/layers/testing/networks';
import type { ArrayData } from '../../src/network/arrays';
import { countParameters, type Network, tensorKey } from '../../src/network/network';
import { EXAMPLES, loadExample } from '../../src/storage/examples';
import { randomProbes } from '../../src/store/export-flow';
import { mixedPlans } from '../../src/targets/code/testing/plans';
import { writePythonScript } from '../../src/targets/keras/write-script';
import type { PythonTraining } from '../../src/targets/keras/write-training';
import { predict } from '../../src/trainer/predict';
import { layersThatMove } from '../../src/trainer/trained-layers';
import { describeFit, heldCases } from './code-training';

/** Few, but more than a batch and with some for validation. */
const ROWS = 8;

interface CodeCase extends NamedNetwork {
  readonly training: PythonTraining | null;
}

/** Writes one folder for each case whose name contains `part` into `folder`; answers with their number. */
export async function writeCodeCases(folder: string, part: string): Promise<number> {
  const untrained = [...tableNetworks(), ...mixedNetworks()].map(one => ({ ...one, training: null }));
  const all: CodeCase[] = [...untrained, ...trainedCases(), ...heldCases(), ...(await exampleCases())];
  const cases = all.filter(({ name }) => name.includes(part));
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

async function writeCase(folder: string, { network, training }: CodeCase): Promise<void> {
  await mkdir(path.join(folder, 'model'), { recursive: true });
  const inputs = randomProbes(network.inputs, ROWS, 1);
  const { outputs } = await predict({ network, inputs, backend: 'cpu' });
  const { modelJson, weightData } = modelFiles(network);
  await writeFile(path.join(folder, 'model/model.json'), modelJson);
  await writeFile(path.join(folder, 'model/weights.bin'), new Uint8Array(weightData));
  const source = writePythonScript({ network, folder: 'model', training }, lookUpLayer);
  await writeFile(path.join(folder, 'network.py'), source);
  const trainable = countTrainable(network);
  const expected = {
    inputs: inputs.map(toJson),
    outputs: outputs.map(toJson),
    parameters: countParameters(network),
    trainable: [...trainable.values()].reduce((sum, count) => sum + count, 0),
    fit: training === null ? null : await describeFit(network, training, inputs, outputs, trainable),
  };
  await writeFile(path.join(folder, 'case.json'), JSON.stringify(expected));
}

function trainedCases(): CodeCase[] {
  const network = threeHeads();
  return mixedPlans(network).map(({ name, plan }) => ({
    name: `train-${name}`,
    network,
    training: { ...plan, classes: plan.heads.map(() => null) },
  }));
}

function toJson({ shape, dtype, values }: ArrayData) {
  return { shape, dtype, values: [...values] };
}

/** By layer, the values that training moves, as the table says of each weight. */
function countTrainable(network: Network): ReadonlyMap<string, number> {
  const { shapes } = inferShapes(network, lookUpLayer);
  const counts = new Map<string, number>();
  for (const layer of network.layers) {
    const type = lookUpLayer(layer.type);
    const call = network.calls.find(each => each.layer === layer.name);
    if (!layer.trainable || type === undefined || call === undefined) continue;
    const inputs = call.inputs.map(ref => shapes.get(tensorKey(ref)) ?? []);
    const specs = type.weights(parseConfig(type, layer.config, lookUpLayer).config, inputs, lookUpLayer);
    const moved = specs.filter(({ trainable }) => trainable).map(({ role }) => layer.weights[role]);
    counts.set(
      layer.name,
      moved.reduce((sum, weight) => sum + (weight?.values.length ?? 0), 0),
    );
  }
  return counts;
}

/** The bundled examples as they are trained, but for one epoch. */
export async function exampleCases(): Promise<CodeCase[]> {
  const read = (files: Parameters<typeof readFiles>[0]) => Promise.resolve(readFiles(files));
  const fetchBytes = async (file: string) => new Uint8Array(await readFile(path.join('public', file)));
  return Promise.all(
    EXAMPLES.map(async ({ id }) => {
      const { document, models, dataset } = await loadExample(id, { read, fetchBytes });
      const networks = new Map(models.map(model => [model.id, model.network]));
      const { network, heads } = compile(document, networks, lookUpLayer);
      if (network === null) throw new Error(`The example ${id} doesn't compile.`);
      const [first, ...rest] = document.training.phases;
      const phases = [{ ...first, epochs: 1 }, ...rest.map(phase => ({ ...phase, epochs: 1 }))] as const;
      const trainable = phases.map(phase => {
        const inPhase = compile(documentInPhase(document, phase), networks, lookUpLayer);
        const free = (inPhase.network?.layers ?? []).filter(layer => layer.trainable);
        return layersThatMove(
          network,
          heads,
          free.map(({ name }) => name),
        );
      });
      const classes = heads.map(head => {
        const column = dataset.columns.find(({ name }) => name === head.column);
        return column?.kind === 'classes' ? column.classes : null;
      });
      const training = { settings: { ...document.training, phases }, heads, trainable, classes };
      return { name: `train-${id}`, network: initialize(network, lookUpLayer, 1), training };
    }),
  );
}
