/** Formats that are recognised and not read: what they are, why not, and how their owner gets there nonetheless. */
import type { FileKind } from './sniff';

export interface ForeignFormat {
  readonly format: string;
  readonly reason: string;
  readonly wayOut: string;
}

export type ForeignKind =
  | Exclude<FileKind, 'json' | 'zip' | 'picture' | 'text' | 'binary' | 'empty'>
  | 'tfjs-graph';

const FROM_KERAS =
  'If you have the Keras model that it was made from, save that with model.save("model.keras") and drop it here.';

export const FOREIGN: Readonly<Record<ForeignKind, ForeignFormat>> = {
  hdf5: {
    format: 'HDF5 file without a Keras model',
    reason: 'It holds neither the structure of a Keras model nor weights of one.',
    wayOut: 'In Keras, save the whole model with model.save("model.keras"), and drop that.',
  },
  'tfjs-graph': {
    format: 'TensorFlow.js graph model',
    reason:
      'It is a graph model: a frozen list of operations without layers, so nothing in it can be cut, joined or trained.',
    wayOut: 'Take the Keras file that it was made from (.keras or .h5): it can be dropped here as it is.',
  },
  'saved-model': {
    format: 'TensorFlow SavedModel',
    reason: 'A SavedModel holds operations rather than layers, and isn’t read.',
    wayOut:
      'If it came from Keras, load it there with tf.keras.models.load_model, save it with model.save("model.h5"), and drop that.',
  },
  'frozen-graph': {
    format: 'TensorFlow frozen graph',
    reason: 'A frozen graph holds operations without layers, so nothing in it can be cut, joined or trained.',
    wayOut: FROM_KERAS,
  },
  onnx: {
    format: 'ONNX model',
    reason: 'ONNX describes single operations, not the layers that are joined here, and isn’t read.',
    wayOut: FROM_KERAS,
  },
  tflite: {
    format: 'TensorFlow Lite model',
    reason: 'A TFLite file is made for prediction only: its layers and exact weights are gone.',
    wayOut: `Go back to the model that it was made from. ${FROM_KERAS}`,
  },
  pytorch: {
    format: 'PyTorch model or Python pickle',
    reason:
      'PyTorch files hold weights and Python code but no structure that could be read without running that code.',
    wayOut:
      'Rebuild the same layers in Keras, copy the weights, save that with model.save("model.keras"), and drop it here.',
  },
  safetensors: {
    format: 'Safetensors file',
    reason: 'It holds weights without the structure that they belong to.',
    wayOut: FROM_KERAS,
  },
  gguf: {
    format: 'GGUF model',
    reason: 'It is a language model for llama.cpp, not a network of layers that are joined here.',
    wayOut: FROM_KERAS,
  },
  'core-ml': {
    format: 'Core ML model',
    reason: 'Core ML files are made for prediction on Apple devices and aren’t read.',
    wayOut: `Go back to the model that it was made from. ${FROM_KERAS}`,
  },
  'lfs-pointer': {
    format: 'Git LFS pointer',
    reason: 'It is a Git LFS pointer: a note of where the file is, without the file.',
    wayOut: 'Run “git lfs pull” in the repository, or download the file itself from its web page.',
  },
};
