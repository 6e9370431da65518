/** Shapes of every tensor of a Network, from the layer table. Total: what can't be known is null, and the reasons are returned. */
import type { Call, Layer, Network } from '../network/network';
import { layersByName, tensorKey } from '../network/network';
import { formatShape, type Shape } from '../network/shape';
import { parseConfig } from './config';
import type { LayerLookup, LayerType, ShapeProblem } from './layer-type';

export type CallProblem =
  | { readonly kind: 'unknown-type'; readonly call: Call; readonly layer: Layer }
  | {
      readonly kind: 'unsupported-option';
      readonly call: Call;
      readonly layer: Layer;
      readonly message: string;
    }
  | { readonly kind: 'arity'; readonly call: Call; readonly layer: Layer; readonly message: string }
  | {
      readonly kind: 'rank';
      readonly call: Call;
      readonly layer: Layer;
      readonly input: number;
      readonly message: string;
    }
  | { readonly kind: 'shape'; readonly call: Call; readonly layer: Layer; readonly problem: ShapeProblem };

export interface InferredShapes {
  /** By `tensorKey`; a tensor whose shape couldn't be inferred is missing. */
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly problems: readonly CallProblem[];
}

export function inferShapes(network: Network, table: LayerLookup): InferredShapes {
  const shapes = new Map<string, Shape>();
  const problems: CallProblem[] = [];
  for (const input of network.inputs) shapes.set(tensorKey({ input: input.name }), input.shape);
  const layers = layersByName(network);
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    const inputs = call.inputs.map(ref => shapes.get(tensorKey(ref)));
    // What stands after a failed call stays silent: its reason has been given.
    if (layer === undefined || !inputs.every(shape => shape !== undefined)) continue;
    const result = inferCall(layer, inputs, table);
    if ('shapes' in result) {
      for (const [output, shape] of result.shapes.entries())
        shapes.set(tensorKey({ call: call.id, output }), shape);
    } else {
      problems.push({ ...result.problem, call, layer });
    }
  }
  return { shapes, problems };
}

type WithoutPlace<T> = T extends unknown ? Omit<T, 'call' | 'layer'> : never;
export type LayerProblem = WithoutPlace<CallProblem>;

/** What one layer returns for inputs of these shapes. */
export function inferCall(
  layer: Pick<Layer, 'type' | 'config'>,
  inputs: readonly Shape[],
  table: LayerLookup,
): { readonly shapes: readonly Shape[] } | { readonly problem: LayerProblem } {
  const type = table(layer.type);
  if (type === undefined) return { problem: { kind: 'unknown-type' } };
  const { config, problems } = parseConfig(type, layer.config, table);
  const [first] = problems;
  if (first !== undefined) return { problem: { kind: 'unsupported-option', message: first.message } };
  const rule = checkInputs(type, inputs);
  if (rule !== null) return { problem: rule };
  const result = type.outputShapes(config, inputs, table);
  return 'shapes' in result ? result : { problem: { kind: 'shape', problem: result.problem } };
}

function checkInputs(type: LayerType, inputs: readonly Shape[]): LayerProblem | null {
  const { min, max, minRank, laterRanks } = type.inputs;
  if (inputs.length < min || (max !== null && inputs.length > max)) {
    const wanted = max === null ? `at least ${min}` : min === max ? `${min}` : `${min} to ${max}`;
    const message = `${type.type} takes ${wanted} input${wanted === '1' ? '' : 's'} and has ${inputs.length}.`;
    return { kind: 'arity', message };
  }
  for (const [input, shape] of inputs.entries()) {
    const ranks = (input > 0 ? laterRanks : null) ?? type.inputs.ranks;
    if (ranks !== null ? !ranks.includes(shape.length) : shape.length < minRank) {
      const axes = ranks === null ? `at least ${minRank - 1}` : ranks.map(rank => rank - 1).join(' or ');
      const message = `${type.type} takes ${axes} ${axes === '1' ? 'axis' : 'axes'} beside the batch, and ${formatShape(shape)} has ${shape.length - 1}.`;
      return { kind: 'rank', input, message };
    }
  }
  return null;
}
