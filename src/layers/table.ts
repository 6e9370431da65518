/**
 * The layer table: every layer type that Graft knows. To add one, write its file in `defs/`, exporting what `defineLayer`
 * returns; nothing else needs to be touched.
 */
import type { LayerLookup, LayerType } from './layer-type';

const files = import.meta.glob<Record<string, LayerType>>('./defs/*.ts', { eager: true });

export const LAYER_TYPES: readonly LayerType[] = Object.values(files)
  .flatMap(file => Object.values(file))
  .sort((a, b) => (a.type < b.type ? -1 : 1));

const byType = new Map(LAYER_TYPES.map(entry => [entry.type, entry]));

/** The entry for a Keras class name, or undefined for a layer that Graft doesn't know. */
export const lookUpLayer: LayerLookup = type => byType.get(type);
