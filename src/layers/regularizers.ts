/** What the regularizers mean that the table knows (https://keras.io/api/layers/regularizers/): l1 · sum |x| + l2 · sum x². */
import { isJsonObject, type Json } from '../base/json';

/** With Keras' own defaults where a file says nothing: 0.01 for L1 and L2, 0 for L1L2. Anything else has no factors. */
export function regularizerFactors(regularizer: Json): { readonly l1: number; readonly l2: number } {
  if (!isJsonObject(regularizer) || !isJsonObject(regularizer.config)) return { l1: 0, l2: 0 };
  const { l1, l2 } = regularizer.config;
  const byDefault = (name: string) => (regularizer.class_name === name ? 0.01 : 0);
  return {
    l1: typeof l1 === 'number' ? l1 : byDefault('L1'),
    l2: typeof l2 === 'number' ? l2 : byDefault('L2'),
  };
}
