/**
 * CuDNNLSTM and CuDNNGRU, with which Keras 2 computed on graphics cards: LSTM and GRU whose weights stand in the order of Nvidia's library.
 * Weights are told apart as Keras does, by the size of the bias, so those of one kind also fit a model that was made with the other.
 * It knows no names of files.
 * https://github.com/keras-team/tf-keras/blob/v2.15.0/tf_keras/saving/legacy/hdf5_format.py (`_convert_rnn_weights`)
 */
import type { JsonObject } from '../../base/json';
import type { KerasObject } from '../../layers/params';
import type { Weight } from '../../network/network';
import { shapesEqual } from '../../network/shape';
import { listNames, type Notes } from '../notes';
import { findPart } from './layer-parts';
import type { Slots, Taker, TakerSpec } from './slots';

/** What these classes always compute and so don't say. */
const SETTINGS: ReadonlyMap<string, JsonObject> = new Map([
  ['CuDNNLSTM', { activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true }],
  ['CuDNNGRU', { activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true, reset_after: true }],
]);

const GATES: ReadonlyMap<string, number> = new Map([
  ['LSTM', 4],
  ['GRU', 3],
]);

/** The config of a class as the file names it, with what `CuDNNLSTM` and `CuDNNGRU` leave out; of other classes as it is. */
export function completeCudnnConfig(className: string, config: JsonObject): JsonObject {
  const plain = className.slice(className.lastIndexOf('>') + 1);
  return { ...config, ...SETTINGS.get(plain) };
}

/** `[8 units]` may stand for LSTM's bias, `[6 units]` for that of a GRU with `reset_after`. */
export function allowCudnnShapes(taker: Taker): Taker {
  const { layer, specs } = taker;
  if (specs === null) return taker;
  const self = { class_name: layer.type, config: layer.config };
  return {
    layer,
    specs: specs.map((spec): TakerSpec => {
      const owner = ownerOfBias(self, spec.role);
      if (owner === null || spec.shape === null) return spec;
      const size = spec.shape.reduce((product, length) => product * length, 1);
      return { ...spec, cudnnShape: [owner.class_name === 'LSTM' ? 2 * size : size] };
    }),
  };
}

/** The LSTM, or GRU with `reset_after`, whose bias the role is; null: it is something else. */
function ownerOfBias(self: KerasObject, role: string): KerasObject | null {
  const slash = role.indexOf('/');
  if (slash >= 0) {
    const inner = findPart(self, role.slice(0, slash));
    return inner === null ? null : ownerOfBias(inner.part, role.slice(slash + 1));
  }
  if (role !== 'bias' || !GATES.has(self.class_name)) return null;
  return self.class_name === 'GRU' && self.config.reset_after !== true ? null : self;
}

/** Once all weights have been found and their shapes checked. */
export function convertCudnnWeights(slots: readonly Slots[], notes: Notes): void {
  for (const { taker, found } of slots) {
    const self = { class_name: taker.layer.type, config: taker.layer.config };
    for (const { role } of taker.specs ?? []) {
      const owner = ownerOfBias(self, role);
      const gates = GATES.get(owner?.class_name ?? '');
      if (owner === null || gates === undefined) continue;
      const part = role.slice(0, -'bias'.length);
      const kernel = found.get(`${part}kernel`);
      const recurrent = found.get(`${part}recurrent_kernel`);
      const bias = found.get(role);
      if (kernel === undefined || recurrent === undefined || bias === undefined) continue;
      const [units = 0] = recurrent.shape;
      const [features = 0] = kernel.shape;
      if (!shapesEqual(bias.shape, [2 * gates * units])) continue;
      // Where the table couldn't say the shapes, anything may stand here.
      if (!shapesEqual(recurrent.shape, [units, gates * units])) continue;
      if (!shapesEqual(kernel.shape, [features, gates * units])) continue;
      found.set(`${part}kernel`, turnKernel(kernel, gates));
      found.set(`${part}recurrent_kernel`, turnKernel(recurrent, gates));
      found.set(role, owner.class_name === 'LSTM' ? sumHalves(bias) : { ...bias, shape: [2, gates * units] });
      notes.add('repair', `cudnn ${owner.class_name}`, taker.layer.fileName, layers => {
        return `The weights of ${listNames(layers)} were those of CuDNN${owner.class_name}: their kernels were rearranged for ${owner.class_name}.`;
      });
    }
  }
}

/** `[rows, gates * columns]`: what cuDNN has row by row within each gate, Keras has column by column. */
function turnKernel(kernel: Weight, gates: number): Weight {
  const [rows = 0, width = 0] = kernel.shape;
  const columns = width / gates;
  const values = kernel.values.slice();
  for (let gate = 0; gate < gates; gate++) {
    for (let place = 0; place < rows * columns; place++) {
      const from = Math.floor(place / columns) * width + gate * columns + (place % columns);
      const to = (place % rows) * width + gate * columns + Math.floor(place / rows);
      values[to] = kernel.values[from] ?? 0;
    }
  }
  return { ...kernel, values };
}

/** cuDNN adds one bias to the inputs' share and one to that of what is remembered. */
function sumHalves(bias: Weight): Weight {
  const size = bias.values.length / 2;
  const values = bias.values.slice(0, size);
  for (let i = 0; i < size; i++) values[i] = (bias.values[i] ?? 0) + (bias.values[size + i] ?? 0);
  return { ...bias, shape: [size], values };
}
