/**
 * A Network as Keras 3 Python: the functional API, one statement per call, what is shared defined once. It sees only the
 * Network and the layer table, so that the code is what runs.
 */
import { cellStates, cellsIn } from '../../layers/cell-rules';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import { cleanName } from '../../network/names';
import type { Config, Layer, Network, NetworkInput } from '../../network/network';
import { around, layOut, type Piece } from '../code/layout';
import { type PlanStep, planNetwork } from '../code/plan';
import { inComment } from '../code/text';
import facts from './keras-facts.json';
import { createPythonVariables, INDENT, toPython } from './python';
import { actsInTraining, OWN_FUNCTIONS, ownFunctionsOf, writeCallArguments, writeLayer } from './write-layer';
import { writeOperation } from './write-operation';

const SEPARATE_INPUTS: ReadonlySet<string> = new Set(facts.separateInputs);
const CELLS: ReadonlySet<string> = new Set(facts.cells);
const INITIAL_STATE: ReadonlySet<string> = new Set(facts.initialState);

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
  const results = writeResults(type, step.layer, step.results);
  if (type.type.startsWith('ops.')) {
    return layOut(around(results, writeOperation(step, type, table), ''), INDENT);
  }
  const layer = step.shared ?? writeLayer(step.layer, type, step.hasWeights, table);
  return layOut(around(results, layer, `(${writeInputs(step, type, table)})`), INDENT);
}

/** What a layer is called on, with what Keras takes there, and how a frozen one stays as it is in training. */
function writeInputs(
  { layer, inputs }: { readonly layer: Layer; readonly inputs: readonly string[] },
  type: LayerType,
  table: LayerLookup,
): string {
  const frozen = !layer.trainable && actsInTraining(type, layer.config, table);
  return [
    ...arrangeInputs(type, layer, inputs),
    ...writeCallArguments(type, layer.config, table),
    ...(frozen ? ['training=False'] : []),
  ].join(', ');
}

/** `x`, `[a, b]`, `query, value, key`, `x, initial_state=[h, c]`, or of a recurrent cell `x, [h, c]`. */
function arrangeInputs({ type, inputs: rule }: LayerType, { config }: Layer, inputs: readonly string[]) {
  const [first = '', ...states] = inputs;
  if (CELLS.has(type)) return [first, nestStates(type, config, states)];
  if (SEPARATE_INPUTS.has(type) || (states.length === 0 && rule.min < 2)) return inputs;
  return INITIAL_STATE.has(type)
    ? [first, `initial_state=[${states.join(', ')}]`]
    : [`[${inputs.join(', ')}]`];
}

/** `a, b = `; a cell returns its states in a list of their own, RNN those of each stacked cell. */
function writeResults({ type }: LayerType, { config }: Layer, results: readonly string[]): string {
  const [first = '', ...states] = results;
  if (CELLS.has(type)) return `${first}, ${nestStates(type, config, states)} = `;
  const { cell } = config;
  const own = isKerasLayer(cell) ? groupStates(cell, states) : states;
  return `${[first, ...own].join(', ')} = `;
}

/** `[h, c]`, or `[[h, c], s]` of stacked cells. */
function nestStates(type: string, config: Config, states: readonly string[]): string {
  return `[${groupStates({ class_name: type, config }, states).join(', ')}]`;
}

/** Stacked cells have an entry for each cell, a list where that carries several states. */
function groupStates(cell: KerasObject, states: readonly string[]): string[] {
  const waiting = [...states];
  const cells = cellsIn(cell);
  if (cells.length < 2) return waiting;
  const groups = cells.map(({ cell: inner }) => waiting.splice(0, cellStates(inner, null)?.length ?? 1));
  return groups
    .filter(own => own.length > 0)
    .map(own => (own.length > 1 ? `[${own.join(', ')}]` : own.join()));
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
