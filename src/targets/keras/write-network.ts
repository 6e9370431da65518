/**
 * A Network as Keras 3 Python: the functional API, one statement per call, what is shared defined once. It sees only the
 * Network and the layer table, so that the code is what runs.
 */
import { arrangeInputs, arrangeResults } from '../../formats/keras-write/call-arguments';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { cleanName } from '../../network/names';
import type { Layer, Network, NetworkInput } from '../../network/network';
import { around, layOut, type Piece } from '../code/layout';
import { type PlanStep, planNetwork } from '../code/plan';
import { inComment } from '../code/text';
import { createPythonVariables, INDENT, nest, toPython } from './python';
import { findFreezable, namesOfTrainable, writeFreezing } from './write-freezing';
import { OWN_FUNCTIONS, ownFunctionsOf, writeCallArguments, writeLayer } from './write-layer';
import { writeOperation } from './write-operation';

export interface PythonNetwork {
  /** Functions that stand above the network: what Keras lacks. */
  readonly functions: readonly string[];
  /** Inputs, calls and the model, one statement or comment each. */
  readonly lines: readonly string[];
  /** Whether there is a model at the end: not if each output needs a layer that nobody knows. */
  readonly hasModel: boolean;
  /** Whether no layer is missing. */
  readonly isWhole: boolean;
}

/** `taken`: names that the rest of the script uses. */
export function writePythonNetwork(
  network: Network,
  table: LayerLookup,
  taken: readonly string[],
): PythonNetwork {
  const variable = createPythonVariables([
    'keras',
    'layers',
    'model',
    ...Object.keys(OWN_FUNCTIONS),
    ...taken,
  ]);
  const plan = planNetwork(network, table, variable);
  const lines = plan.inputs.map(({ input, variable: name }) => `${name} = ${writeInput(input)}`);
  lines.push('', ...plan.steps.map(step => writeStep(step, table)), '');
  for (const { name } of plan.lost) lines.push(comment(`The output ${name} needs what is missing above.`));
  if (plan.outputs.length > 0) {
    const list = (items: readonly string[]): Piece => ({ open: '[', items, close: ']' });
    const ins = plan.inputs.map(each => each.variable);
    const outs = plan.outputs.map(each => each.variable);
    const [only = ''] = outs;
    const model: Piece = {
      open: 'model = keras.Model(',
      items: [
        around('inputs=', ins.length === 1 ? (ins[0] ?? '') : list(ins), ''),
        around('outputs=', outs.length === 1 ? only : list(outs), ''),
        `name=${toPython(cleanName(network.name))}`,
      ],
      close: ')',
    };
    lines.push(layOut(model, INDENT));
    // Their constructors have frozen the others.
    const kept = { ...network, outputs: plan.outputs.map(({ output }) => output) };
    const { acting } = findFreezable(kept, table);
    lines.push(...writeFreezing({ plain: [], acting }, new Set(acting), namesOfTrainable(network), 0));
  }
  const functions = new Set(network.layers.flatMap(layer => ownFunctionsOf(layer.config)));
  return {
    functions: [...functions].flatMap(name => ['', '', ...(OWN_FUNCTIONS[name] ?? []), '', '']).slice(1),
    lines,
    hasModel: plan.outputs.length > 0,
    isWhole: plan.steps.every(({ kind }) => kind !== 'unknown'),
  };
}

function writeInput({ name, shape, dtype }: NetworkInput): string {
  const [batch = null, ...row] = shape;
  const size = batch === null ? `shape=${toPython(row)}` : `batch_shape=${toPython([batch, ...row])}`;
  const type = dtype === 'float32' ? '' : `, dtype=${toPython(dtype)}`;
  return `keras.Input(${size}${type}, name=${toPython(name)})`;
}

function writeStep(step: PlanStep, table: LayerLookup): string {
  const type = table(step.layer.type);
  if (step.kind === 'unknown' || type === undefined) return writeUnknown(step);
  if (step.kind === 'define') {
    return layOut(
      around(`${step.variable} = `, writeLayer(step.layer, type, step.hasWeights, table), ''),
      INDENT,
    );
  }
  const results = `${arrangeResults(type.type, step.layer.config, step.results).map(nest).join(', ')} = `;
  if (type.type.startsWith('ops.')) {
    return layOut(around(results, writeOperation(step, type, table), ''), INDENT);
  }
  const layer = step.shared ?? writeLayer(step.layer, type, step.hasWeights, table);
  return layOut(around(results, layer, `(${writeInputs(step, type, table)})`), INDENT);
}

/** What a layer is called on, with what Keras takes there. */
function writeInputs(
  { layer, inputs }: { readonly layer: Layer; readonly inputs: readonly string[] },
  type: LayerType,
  table: LayerLookup,
): string {
  const { args, initialState } = arrangeInputs(type, layer.config, inputs);
  return [
    ...args.map(nest),
    ...(initialState === null ? [] : [`initial_state=${nest(initialState)}`]),
    ...writeCallArguments(type, layer.config, table),
  ].join(', ');
}

function writeUnknown(step: PlanStep): string {
  const { layer } = step;
  if (step.kind !== 'unknown') return '';
  const call = `${step.variable} = ${layer.name}(${step.inputs.join(', ')})`;
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
  return `# ${inComment(text)}`;
}
