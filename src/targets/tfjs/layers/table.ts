/** The implementations of all layer types, and how one is called. */
import * as tf from '@tensorflow/tfjs';
import { parseConfig } from '../../../layers/config';
import { lookUpLayer } from '../../../layers/table';
import type { Config } from '../../../network/network';
import { penalizeActivity } from './activity';
import type { Implementation, LayerCall, Mask } from './implementation';

const files = import.meta.glob<Record<string, unknown>>(['./*.ts', '!./*.test.ts', '!./table.ts'], {
  eager: true,
});

const byType = new Map(
  Object.values(files)
    .flatMap(file => Object.values(file))
    .filter(isImplementation)
    .map(entry => [entry.type.type, entry]),
);

function isImplementation(value: unknown): value is Implementation {
  return typeof value === 'object' && value !== null && 'forward' in value && 'type' in value;
}

export const lookUpImplementation = (type: string): Implementation | undefined => byType.get(type);

export interface LayerResult {
  readonly outputs: readonly tf.Tensor[];
  readonly masks: readonly Mask[];
}

interface LayerObject {
  readonly type: string;
  /** Needn't be canonical. */
  readonly config: Config;
}
type GivenCall = Omit<LayerCall, 'config' | 'x'>;

/**
 * Applies a layer of any type.
 * @throws Error for a type without an implementation.
 */
export function applyLayer(layer: LayerObject, given: GivenCall): LayerResult {
  const { implementation, call } = prepare(layer, given);
  const result = implementation.forward(call);
  const outputs = result instanceof tf.Tensor ? [result] : result;
  penalizeActivity(call, outputs);
  const masks = masksOf(implementation, call);
  return { outputs, masks: outputs.map((_, i) => masks[i] ?? null) };
}

/** The masks alone, as far as there are any. */
export function computeMasks(layer: LayerObject, given: GivenCall): readonly Mask[] {
  const { implementation, call } = prepare(layer, given);
  return masksOf(implementation, call);
}

function prepare(layer: LayerObject, given: GivenCall): { implementation: Implementation; call: LayerCall } {
  const implementation = byType.get(layer.type);
  const [x] = given.inputs;
  if (implementation === undefined) throw new Error(`${layer.type} can’t be run.`);
  if (x === undefined) throw new Error(`${layer.type} was called without an input.`);
  return { implementation, call: { ...given, config: canonicalConfig(implementation, layer.config), x } };
}

/** A layer is called thousands of times with the same config object. */
const canonical = new WeakMap<Config, Config>();

function canonicalConfig({ type }: Implementation, given: Config): Config {
  const known = canonical.get(given);
  if (known !== undefined) return known;
  const { config } = parseConfig(type, given, lookUpLayer);
  canonical.set(given, config);
  return config;
}

function masksOf({ type, mask }: Implementation, call: LayerCall): readonly Mask[] {
  switch (type.masking) {
    case 'own':
      return mask === null ? [] : mask(call);
    case 'passes':
      return [call.masks.find(given => given !== null) ?? null];
    case 'ends':
      return [];
  }
}
