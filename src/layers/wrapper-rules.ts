/** What the wrappers share. Their config holds the inner layer as `{class_name, config}`, its config in canonical form. */
import type { Shape } from '../network/shape';
import { parseConfig } from './config';
import { inferCall } from './infer';
import type { LayerLookup, ShapeProblem, WeightSpec } from './layer-type';
import type { KerasObject } from './params';

/** What the inner layer returns, its mistakes told in the wrapper's name. */
export function innerShapes(
  wrapper: string,
  layer: KerasObject,
  inputs: readonly Shape[],
  table: LayerLookup,
): { readonly shapes: readonly Shape[] } | { readonly problem: ShapeProblem } {
  const result = inferCall({ type: layer.class_name, config: layer.config }, inputs, table);
  if ('shapes' in result) return result;
  const { problem } = result;
  switch (problem.kind) {
    case 'unknown-type':
      return other(`${wrapper} wraps a ${layer.class_name}, which Graft doesn't know.`);
    case 'shape':
      return other(`Inside ${wrapper}: ${problem.problem.message}`);
    default:
      return other(`Inside ${wrapper}: ${problem.message}`);
  }
}

function other(message: string): { readonly problem: ShapeProblem } {
  return { problem: { kind: 'other', message } };
}

/** The inner layer's weights, their roles after `place`: `forward/kernel`. */
export function innerWeights(
  place: string,
  layer: KerasObject,
  inputs: readonly Shape[],
  table: LayerLookup,
): readonly WeightSpec[] {
  const type = table(layer.class_name);
  if (type === undefined) return [];
  const { config } = parseConfig(type, layer.config, table);
  return type.weights(config, inputs, table).map(spec => ({ ...spec, role: `${place}/${spec.role}` }));
}
