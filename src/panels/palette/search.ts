import type { LayerType } from '../../layers/layer-type';

/** Layers whose name has the text, then those whose help or category has it; all of them for no text. */
export function findLayers(types: readonly LayerType[], query: string): readonly LayerType[] {
  const text = query.trim().toLowerCase();
  if (text === '') return types;
  const byName = types.filter(type => type.type.toLowerCase().includes(text));
  const byWords = types.filter(
    type => !byName.includes(type) && `${type.category} ${type.help}`.toLowerCase().includes(text),
  );
  return [...byName, ...byWords];
}

const MERGES = ['Concatenate', 'Add', 'Average', 'Multiply', 'Maximum', 'Minimum', 'Subtract', 'Dot'];

/** The most used first; those that nobody thought of here come last. */
export function sortMerges(types: readonly LayerType[]): readonly LayerType[] {
  const rank = ({ type }: LayerType) => (MERGES.includes(type) ? MERGES.indexOf(type) : MERGES.length);
  return [...types].sort((a, b) => rank(a) - rank(b));
}
