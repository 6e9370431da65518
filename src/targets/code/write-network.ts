/**
 * A Network as TensorFlow.js code: what `model.json` says, one statement per call, what is shared defined once. It sees only the
 * Network, the exporter and the layer table, so that the code is what is exported.
 */
import { emitLayersModel } from '../../formats/tfjs-layers/emit';
import type { LayerLookup } from '../../layers/layer-type';
import type { Layer, Network, NetworkInput } from '../../network/network';
import { createJavaScriptVariables, INDENT, toJavaScript } from './javascript';
import { around, layOut, type Piece } from './layout';
import { findLayersWithWeights, type PlanStep, planNetwork } from './plan';
import { readTopology } from './read-topology';
import { inComment } from './text';
import { writeGraftLayer, writeStockLayer } from './write-layer';

export interface JavaScriptNetwork {
  /** Inputs, calls and the model, one statement or comment each. */
  readonly lines: readonly string[];
  readonly needsGraftLayers: boolean;
  /** Whether there is a model at the end: not if each output needs a layer that nobody knows. */
  readonly hasModel: boolean;
}

/** `taken`: names that the rest of the script uses. */
export function writeJavaScriptNetwork(
  network: Network,
  table: LayerLookup,
  taken: readonly string[],
): JavaScriptNetwork {
  const { modelTopology, needsGraftLayers } = emitLayersModel(withoutValues(network));
  const stock = readTopology(
    modelTopology,
    network.outputs.map(({ name }) => name),
  );
  const weighted = findLayersWithWeights(network, table);
  const write = (layer: Layer): Piece | null => {
    const hasWeights = weighted.has(layer.name);
    return stock.own.has(layer.name)
      ? writeGraftLayer(layer, hasWeights, table)
      : writeStockLayer(layer, hasWeights, table);
  };
  const variable = createJavaScriptVariables(['tf', 'model', 'graft', ...taken]);
  const plan = planNetwork(stock.network, table, variable, layer => write(layer) !== null);
  const lines = plan.inputs.map(({ input, variable: name }) => `const ${name} = ${writeInput(input)};`);
  lines.push('', ...plan.steps.map(step => writeStep(step, write)), '');
  for (const { name } of plan.lost) lines.push(comment(`The output ${name} needs what is missing above.`));
  if (plan.outputs.length > 0) {
    const list = (names: readonly string[]): Piece =>
      names.length === 1 ? (names[0] ?? '') : { open: '[', items: names, close: ']' };
    const model: Piece = {
      open: 'const model = tf.model({',
      items: [
        around('inputs: ', list(plan.inputs.map(each => each.variable)), ''),
        around('outputs: ', list(plan.outputs.map(each => each.variable)), ''),
        `name: ${toJavaScript(network.name)}`,
      ],
      close: '});',
    };
    lines.push(layOut(model, INDENT));
  }
  return { lines, needsGraftLayers, hasModel: plan.outputs.length > 0 };
}

/** Code shows none, and copying them for each change of the graph would cost. */
function withoutValues(network: Network): Network {
  return { ...network, layers: network.layers.map(layer => ({ ...layer, weights: {} })) };
}

function writeInput({ name, shape, dtype }: NetworkInput): string {
  const [batch = null, ...row] = shape;
  const size =
    batch === null ? `shape: ${toJavaScript(row)}` : `batchShape: ${toJavaScript([batch, ...row])}`;
  const type = dtype === 'float32' ? '' : `, dtype: ${toJavaScript(dtype)}`;
  return `tf.input({${size}${type}, name: ${toJavaScript(name)}})`;
}

function writeStep(step: PlanStep, write: (layer: Layer) => Piece | null): string {
  if (step.kind === 'unknown') return writeUnknown(step);
  const layer = write(step.layer) ?? '';
  if (step.kind === 'define') return layOut(around(`const ${step.variable} = `, layer, ';'), INDENT);
  const [first = ''] = step.results;
  const results = step.results.length === 1 ? first : `[${step.results.join(', ')}]`;
  const inputs = step.inputs.length === 1 ? (step.inputs[0] ?? '') : `[${step.inputs.join(', ')}]`;
  return layOut(around(`const ${results} = `, step.shared ?? layer, `.apply(${inputs});`), INDENT);
}

function writeUnknown(step: Extract<PlanStep, { kind: 'unknown' }>): string {
  const { layer, inputs, variable } = step;
  const call = `const ${variable} = ${layer.name}.apply(${inputs.length === 1 ? inputs[0] : `[${inputs.join(', ')}]`});`;
  if (!step.needs.includes(layer.name)) {
    return comment(`${call} (a ${layer.type}; needs ${step.needs.join(', ')})`);
  }
  return [
    comment(`MISSING: ${layer.name} is a ${layer.type}, which Graft doesn't know, so its code isn't here.`),
    comment('What needs its result is left out too. Add it where it says:'),
    comment(call),
  ].join('\n');
}

function comment(text: string): string {
  return `// ${inComment(text)}`;
}
