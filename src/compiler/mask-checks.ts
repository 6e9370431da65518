/**
 * What TensorFlow.js 4.22 does with masks otherwise than Keras (https://keras.io/guides/understanding_masking_and_padding/). Masks
 * flow beside tensors, so only the whole Network shows where one arrives.
 */
import type { LayerLookup } from '../layers/layer-type';
import { type Call, type Layer, layersByName, type Network } from '../network/network';
import * as d from './diagnostics';
import type { Diagnostic, Origin } from './result';

/** Layers that end a mask on its way: what comes out has other steps, or none. */
const ENDS_MASK = new Set([
  'Conv1D',
  'MaxPooling1D',
  'AveragePooling1D',
  'Flatten',
  'Reshape',
  'Permute',
  'RepeatVector',
  'GlobalAveragePooling1D',
  'GlobalMaxPooling1D',
]);
const RECURRENT = new Set(['SimpleRNN', 'LSTM', 'GRU', 'Bidirectional']);

export function checkMasks(
  network: Network,
  origins: ReadonlyMap<string, Origin>,
  table: LayerLookup,
): readonly Diagnostic[] {
  const layers = layersByName(network);
  const masked = new Set<string>();
  const trained = new Set<string>();
  const found: Diagnostic[] = [];
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    const origin = origins.get(call.layer);
    if (layer === undefined || origin === undefined) continue;
    const arrives = comesFrom(call, masked);
    const moves = comesFrom(call, trained);
    if (layer.type === 'GlobalAveragePooling1D' && arrives) {
      found.push(d.maskIgnored(origin.node, layer.name));
    }
    if (RECURRENT.has(layer.type) && !arrives && network.calls.some(other => starts(other, layers))) {
      found.push(d.maskStrays(origin.node, layer.name));
    }
    if (layer.type === 'Masking' && moves) found.push(d.maskingNotTrainable(origin.node, layer.name));
    if (startsMask(layer) || (arrives && passesMask(layer))) masked.add(call.id);
    if (moves || (layer.trainable && hasWeights(layer, table))) trained.add(call.id);
  }
  return found;
}

function comesFrom(call: Call, calls: ReadonlySet<string>): boolean {
  return call.inputs.some(ref => 'call' in ref && calls.has(ref.call));
}

function starts(call: Call, layers: ReadonlyMap<string, Layer>): boolean {
  const layer = layers.get(call.layer);
  return layer !== undefined && startsMask(layer);
}

function startsMask({ type, config }: Layer): boolean {
  return type === 'Masking' || (type === 'Embedding' && config.mask_zero === true);
}

function passesMask({ type, config }: Layer): boolean {
  if (!RECURRENT.has(type)) return !ENDS_MASK.has(type);
  const inner = type === 'Bidirectional' ? config.layer : null;
  const own = inner !== null && typeof inner === 'object' && 'config' in inner ? inner.config : config;
  return (
    typeof own === 'object' && own !== null && 'return_sequences' in own && own.return_sequences === true
  );
}

/** New layers have no weights yet, but their type says how those would start. */
function hasWeights({ type, weights }: Layer, table: LayerLookup): boolean {
  const params = Object.keys(table(type)?.params ?? {});
  return Object.keys(weights).length > 0 || params.some(name => name.endsWith('_initializer'));
}
