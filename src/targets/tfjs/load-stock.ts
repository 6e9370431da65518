/** Loading exported files with TensorFlow.js, as their receiver will. Nothing that trains here comes from that. */
import * as tf from '@tensorflow/tfjs';
import type { EmittedModel } from '../../formats/tfjs-layers/emit';
import { registerGraftLayers } from './graft-layer';

/** What the receiver does by importing `graft-layers.js`. */
registerGraftLayers();

export function loadStock(
  emitted: Pick<EmittedModel, 'modelTopology' | 'weightSpecs' | 'weightData'>,
): Promise<tf.LayersModel> {
  const { modelTopology, weightSpecs, weightData } = emitted;
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightSpecs.map(spec => ({ ...spec, shape: [...spec.shape] })),
      weightData,
    }),
  );
}
