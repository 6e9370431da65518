/** Which layers do in training what they don't do otherwise: Dropout, noise, and layers with dropout in them. */
import type { Config } from '../network/network';
import type { LayerLookup, LayerType } from './layer-type';
import { isKerasLayer } from './params';

/** Whether the layer would act otherwise in training although it is frozen: Keras' `trainable` leaves dropout on. */
export function actsInTraining(type: LayerType, config: Config, table: LayerLookup): boolean {
  if (type.stochastic) return true;
  return Object.entries(config).some(([name, value]) => {
    if (name.endsWith('dropout') && typeof value === 'number') return value > 0;
    if (!isKerasLayer(value)) return false;
    const inner = table(value.class_name);
    return inner !== undefined && actsInTraining(inner, value.config, table);
  });
}
