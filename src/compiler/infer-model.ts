/** Pass 3 for model nodes: whether what flows in fits the part of the model that is used, and what comes out of it. */
import * as edits from '../graph/edits';
import { parseConfig } from '../layers/config';
import { type CallProblem, inferShapes } from '../layers/infer';
import type { LayerLookup } from '../layers/layer-type';
import { type Call, type Layer, layersByName, type Network, tensorKey } from '../network/network';
import { formatShape, type Shape, shapeFits } from '../network/shape';
import type { ResolvedModel } from './1-resolve';
import { findAdapters } from './adapters';
import * as d from './diagnostics';
import {
  checkValues,
  type Incoming,
  keepsTokens,
  reportStrayWires,
  type Scope,
  takeIn,
  type ValueKind,
} from './infer-scope';
import { reportProbabilities } from './probability-checks';
import type { Diagnostic, Fix, NodeFacts, PortFacts } from './result';

export function inferModel(resolved: ResolvedModel, scope: Scope): NodeFacts {
  const { node, slice } = resolved;
  const tokens = tokenInputs(slice.network, scope.table);
  const inputs = slice.network.inputs.map((input, index) => {
    const wanted = slice.inputShapes[index] ?? null;
    const incoming = takeIn({ node: node.id, port: `in${index}` }, scope);
    return { input, wanted, incoming, values: tokens.get(input.name) ?? ('floats' satisfies ValueKind) };
  });
  const inputFacts = inputs.map(({ input, wanted, values }, index): PortFacts => {
    const dtype = values === 'tokens' ? 'int32' : 'float32';
    return { port: `in${index}`, label: input.name, shape: wanted, dtype, optional: false };
  });
  reportStrayWires(node.id, inputFacts, scope);

  let sound = true;
  for (const [index, { input, wanted, incoming, values }] of inputs.entries()) {
    if (incoming === undefined) {
      if (scope.order.used.has(node.id)) {
        scope.report(d.inputMissing(node, input.name, 'error', addInput(resolved, index, wanted, values)));
      }
      sound = false;
      continue;
    }
    sound = checkValues(incoming.wire, incoming.source, incoming.flow, values, node.name, scope) && sound;
    sound = checkModelInput(resolved, incoming, wanted, scope) && sound;
  }
  // Shapes are inferred from what the model expects where what flows in is unknown or wrong: its outputs don't depend on it.
  const given = inputs.map(({ input, wanted, incoming }) => {
    const shape = incoming?.flow.shape ?? null;
    const known = shape !== null && (wanted === null || shapeFits(shape, wanted)) ? shape : wanted;
    return known === null ? null : { ...input, shape: known };
  });
  const known = given.filter(input => input !== null);
  const inferred = inferShapes({ ...slice.network, inputs: known }, scope.table);
  for (const problem of known.length === given.length ? inferred.problems : []) {
    scope.report(modelProblem(resolved, problem));
    break; // Later problems of the same model would mostly follow from the first.
  }
  const outputs = slice.network.outputs.map((output, index): PortFacts => {
    const tap = slice.taps[index] ?? null;
    const shape = inferred.shapes.get(tensorKey(output.from)) ?? null;
    return {
      port: tap === null ? `out${index}` : `tap:${tap}`,
      label: tap ?? output.name,
      shape,
      dtype: 'float32',
      optional: false,
    };
  });
  return { inputs: inputFacts, outputs, ...countModelParameters(resolved, scope.table) };
}

function checkModelInput(
  { node }: ResolvedModel,
  incoming: Incoming,
  wanted: Shape | null,
  scope: Scope,
): boolean {
  const { flow, source, wire } = incoming;
  if (flow.shape === null || wanted === null) return true;
  if (!shapeFits(flow.shape, wanted)) {
    scope.wires.set(wire.id, { shape: flow.shape, wanted });
    const adapters = findAdapters(flow.shape, { shape: wanted }, scope.table);
    const advice =
      adapters.length > 0 ? 'Put an adapter between them.' : 'Wire something of that shape to it.';
    const message = `${source.name} gives ${formatShape(flow.shape)}, and ${node.name} takes ${formatShape(wanted)}. ${advice}`;
    scope.report(d.wireDoesNotFit(wire, message, adapters));
    return false;
  }
  reportProbabilities(incoming, scope);
  return true;
}

function addInput(
  { node }: ResolvedModel,
  index: number,
  wanted: Shape | null,
  values: ValueKind,
): readonly Fix[] {
  if (wanted === null) return [];
  const edit: edits.Edit = document => {
    const id = edits.freshNodeId(document, 'input');
    const position = { x: node.position.x - 280, y: node.position.y + index * 120 };
    const dtype = values === 'tokens' ? 'int32' : 'float32';
    const input = {
      kind: 'input',
      id,
      name: 'Input',
      position,
      rowShape: wanted.slice(1),
      dtype,
      column: null,
    } as const;
    const wire = edits.connect({ node: id, port: 'out0' }, { node: node.id, port: `in${index}` });
    return edits.inOrder(edits.addNode(input), wire)(document);
  };
  return [{ label: `Add Input ${formatShape(wanted)}`, edit }];
}

/** What kind of values each input wants: that of the first layer that it reaches which isn't indifferent. */
function tokenInputs(network: Network, table: LayerLookup): ReadonlyMap<string, ValueKind> {
  const layers = layersByName(network);
  const wants = new Map<string, ValueKind>();
  const reach = new Map(network.inputs.map(input => [tensorKey({ input: input.name }), input.name]));
  for (const call of network.calls) {
    const type = table(layers.get(call.layer)?.type ?? '');
    for (const ref of call.inputs) {
      const input = reach.get(tensorKey(ref));
      if (input === undefined || wants.has(input)) continue;
      if (type === undefined) wants.set(input, 'any');
      else if (keepsTokens(type)) reach.set(tensorKey({ call: call.id, output: 0 }), input);
      else wants.set(input, type.inputs.values);
    }
  }
  return wants;
}

function modelProblem({ node, slice }: ResolvedModel, problem: CallProblem): Diagnostic {
  const before = callBefore(slice.network, problem.call);
  switch (problem.kind) {
    case 'unknown-type':
      return d.modelLayerUnknown(node, problem.layer.name, problem.layer.type, before);
    case 'unsupported-option':
      return d.modelOptionUnsupported(node, problem.layer.name, problem.message, before);
    case 'arity':
    case 'rank':
      return d.modelLayerImpossible(node, problem.layer.name, problem.message);
    case 'shape':
      return d.modelLayerImpossible(node, problem.layer.name, problem.problem.message);
  }
}

function callBefore(network: Network, call: Call): string | null {
  const from = call.inputs[0];
  return from !== undefined && 'call' in from && network.calls.some(({ id }) => id === from.call)
    ? from.call
    : null;
}

export interface ParameterCounts {
  readonly parameters: number;
  readonly trainableParameters: number;
}

function countModelParameters(resolved: ResolvedModel, table: LayerLookup): ParameterCounts {
  return resolved.slice.network.layers
    .map(layer => countLayerParameters(resolved, layer, table))
    .reduce(
      (sum, own) => ({
        parameters: sum.parameters + own.parameters,
        trainableParameters: sum.trainableParameters + own.trainableParameters,
      }),
      { parameters: 0, trainableParameters: 0 },
    );
}

/** Of one layer of the model. */
export function countLayerParameters(
  { network, shapes, frozen }: ResolvedModel,
  layer: Layer,
  table: LayerLookup,
): ParameterCounts {
  const first = network.calls.find(call => call.layer === layer.name);
  const moving = movingRoles(
    layer,
    (first?.inputs ?? []).map(ref => shapes.get(tensorKey(ref))),
    table,
  );
  let parameters = 0;
  let trainableParameters = 0;
  for (const [role, weight] of Object.entries(layer.weights)) {
    parameters += weight.values.length;
    if (!moving.has(role) && !frozen.has(layer.name)) trainableParameters += weight.values.length;
  }
  return { parameters, trainableParameters };
}

/** Roles that training moves without a gradient (moving statistics). Of a layer that can't be computed none are known. */
function movingRoles(
  layer: Layer,
  inputs: readonly (Shape | undefined)[],
  table: LayerLookup,
): ReadonlySet<string> {
  const type = table(layer.type);
  if (type === undefined || !inputs.every(shape => shape !== undefined)) return new Set();
  const { config, problems } = parseConfig(type, layer.config, table);
  if (problems.length > 0) return new Set();
  const specs = type.weights(config, inputs, table);
  return new Set(specs.filter(spec => !spec.trainable).map(spec => spec.role));
}
