/** Which layers of a network stand in a model.json as classes of Graft's own, because stock TensorFlow.js would predict otherwise. */
import { inferShapes } from '../../layers/infer';
import { isStockLayer } from '../../layers/stock';
import { lookUpLayer } from '../../layers/table';
import { type Layer, layersByName, type Network, tensorKey } from '../../network/network';

/** Their names. Placeholders are never among them. */
export function findOwnLayers(network: Network): ReadonlySet<string> {
  const known = network.layers.filter(layer => lookUpLayer(layer.type) !== undefined);
  const needed = findNeeded(network);
  const hasMask = network.layers.some(startsMask);
  // Masks pass from one of Graft's layers to the next, not through stock ones: it is all of them or none.
  if (hasMask && (needed.size > 0 || !isPlainMaskedChain(network)))
    return new Set(known.map(({ name }) => name));
  return needed;
}

function findNeeded(network: Network): ReadonlySet<string> {
  const { shapes } = inferShapes(network, lookUpLayer);
  const byName = layersByName(network);
  const needed = new Set<string>();
  for (const call of network.calls) {
    const layer = byName.get(call.layer);
    if (layer === undefined || lookUpLayer(layer.type) === undefined) continue;
    const inputs = call.inputs.map(ref => shapes.get(tensorKey(ref)) ?? []);
    if (!isStockLayer(layer, inputs, lookUpLayer)) needed.add(layer.name);
  }
  return needed;
}

function startsMask({ type, config }: Layer): boolean {
  return type === 'Masking' || (type === 'Embedding' && config.mask_zero === true);
}

const RECURRENT = new Set(['SimpleRNN', 'LSTM', 'GRU']);
/** What reads masks beside them: stock TensorFlow.js ignores the mask there, or reads it otherwise than Keras. */
const READS_MASK = new Set([
  'Bidirectional',
  'ConvLSTM2D',
  'GlobalAveragePooling1D',
  'Softmax',
  'TimeDistributed',
]);

/**
 * The one case in which the executor of TensorFlow.js (tfjs-layers 4.22) treats masks as Keras does: layers in a row, and one
 * recurrent layer that reads the mask. In others it hands a mask on to layers that it has nothing to do with, and forgets
 * all masks of a merge but the first.
 */
function isPlainMaskedChain({ inputs, layers, calls, outputs }: Network): boolean {
  const inARow = inputs.length === 1 && outputs.length === 1 && calls.every(call => call.inputs.length === 1);
  const recurrent = layers.filter(({ type }) => RECURRENT.has(type));
  return (
    inARow &&
    calls.length === layers.length &&
    recurrent.length <= 1 &&
    !layers.some(({ type }) => READS_MASK.has(type))
  );
}
