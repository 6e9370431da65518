/** The implementations of all layer types, and how one is called. */
import * as tf from '@tensorflow/tfjs';
import { parseConfig } from '../../../layers/config';
import { lookUpLayer } from '../../../layers/table';
import type { Config } from '../../../network/network';
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

/**
 * Applies a layer of any type. `config` needn't be canonical.
 * @throws Error for a type without an implementation.
 */
export function applyLayer(
  layer: { readonly type: string; readonly config: Config },
  call: Omit<LayerCall, 'config' | 'x'>,
): LayerResult {
  const implementation = byType.get(layer.type);
  const [x] = call.inputs;
  if (implementation === undefined) throw new Error(`${layer.type} can’t be run.`);
  if (x === undefined) throw new Error(`${layer.type} was called without an input.`);
  const full: LayerCall = { ...call, config: canonicalConfig(implementation, layer.config), x };
  const result = implementation.forward(full);
  const outputs = result instanceof tf.Tensor ? [result] : result;
  return { outputs, masks: masksOf(implementation, full, outputs.length) };
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

function masksOf({ type, mask }: Implementation, call: LayerCall, count: number): readonly Mask[] {
  const none = Array.from({ length: count }, () => null);
  switch (type.masking) {
    case 'own':
      return mask === null ? none : mask(call);
    case 'passes':
      return [call.masks.find(given => given !== null) ?? null, ...none.slice(1)];
    case 'ends':
      return none;
  }
}
