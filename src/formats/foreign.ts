/** Formats that are recognised and not read: what they are, why not, and how their owner gets there nonetheless. */
import type { FileKind } from './sniff';

export interface ForeignFormat {
  readonly format: string;
  readonly reason: string;
  readonly wayOut: string;
}

export type ForeignKind =
  | Exclude<FileKind, 'json' | 'zip' | 'picture' | 'text' | 'binary' | 'empty'>
  | 'keras'
  | 'hdf5-weights'
  | 'tfjs-graph';

const FROM_KERAS =
  'If you have the Keras model, convert it (pip install tensorflowjs; tensorflowjs_converter --input_format=keras model.h5 folder) and drop the folder here.';

export const FOREIGN: Readonly<Record<ForeignKind, ForeignFormat>> = {
  keras: {
    format: 'Keras model (.keras)',
    reason: 'Keras .keras files aren’t read in this version yet.',
    wayOut:
      'Convert it in Python: load it with keras.models.load_model, then tensorflowjs.converters.save_keras_model(model, "folder") (pip install tensorflowjs), and drop the folder here.',
  },
  hdf5: {
    format: 'Keras model (.h5)',
    reason: 'Keras .h5 files aren’t read in this version yet.',
    wayOut:
      'Convert it with tensorflowjs_converter --input_format=keras model.h5 folder (pip install tensorflowjs), and drop the folder here.',
  },
  'hdf5-weights': {
    format: 'HDF5 file without a Keras model',
    reason: 'It holds no structure of a model: weights only, or something else.',
    wayOut:
      'In Keras, build the model, load these weights, save the whole model with model.save("model.h5"), and convert that with tensorflowjs_converter.',
  },
  'tfjs-graph': {
    format: 'TensorFlow.js graph model',
    reason:
      'It is a graph model: a frozen list of operations without layers, so nothing in it can be cut, joined or trained.',
    wayOut:
      'Take the same model as a Layers model: convert the Keras file with tensorflowjs_converter --input_format=keras --output_format=tfjs_layers_model.',
  },
  'saved-model': {
    format: 'TensorFlow SavedModel',
    reason: 'A SavedModel holds operations rather than layers, and isn’t read.',
    wayOut:
      'If it came from Keras, load it there with tf.keras.models.load_model, save it as .h5, and convert that with tensorflowjs_converter --input_format=keras.',
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
      'Rebuild the same layers in Keras, copy the weights, and convert that with tensorflowjs_converter.',
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
