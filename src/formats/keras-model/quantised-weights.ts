/**
 * Weights that `model.quantize()` of Keras 3.3 and later made small: whole numbers with a scale beside them. Where each output, or
 * each word, has one scale (`int8`), the floats come back; what is packed or scaled in another way is refused.
 * https://github.com/keras-team/keras/blob/v3.15.1/keras/src/layers/core/dense.py (`_int8_build`)
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import type { Weight } from '../../network/network';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';
import type { NamedWeight, WeightSource } from './named-weight';
import type { Slots } from './slots';

/** Which weight is stored as whole numbers, and along which of its axes each place has a scale. */
const SCALED: Readonly<Record<string, { readonly role: string; readonly axis: 0 | 1 }>> = {
  Dense: { role: 'kernel', axis: 1 },
  Embedding: { role: 'embeddings', axis: 0 },
};

/** `left`: what found no place. What of it is used up here is taken out. Throws a `Refusal`. */
export function restoreQuantised(
  slots: readonly Slots[],
  source: WeightSource,
  left: readonly NamedWeight[],
  notes: Notes,
): readonly NamedWeight[] {
  const all = source.kind === 'list' ? source.weights : source.groups.flatMap(({ weights }) => weights);
  const named = new Map(all.map(item => [item.weight, item]));
  const used = new Set<NamedWeight>();
  for (const slot of slots) {
    const { layer } = slot.taker;
    const mode = quantisationOf(layer.origin?.rawConfig ?? {}) ?? storedMode(slot, named);
    if (mode === null) continue;
    if (mode === 'float8') {
      // The weights are floats, and the rest is of use only where products are made in float8.
      for (const item of left) if (isOf(item, slot, named)) used.add(item);
      noteMode(mode, layer.fileName, notes);
      continue;
    }
    const scaled = SCALED[layer.type];
    const kernel = scaled === undefined ? undefined : named.get(slot.found.get(scaled.role) as Weight);
    if (mode !== 'int8' || scaled === undefined || kernel?.stored !== 'int8') throw refuse(mode, slot);
    const size = kernel.weight.shape[scaled.axis];
    const [scale, ...others] = left.filter(
      ({ name, weight }) =>
        parentOf(name) === parentOf(kernel.name) && weight.shape.length === 1 && weight.shape[0] === size,
    );
    if (scale === undefined || others.length > 0) throw refuse(mode, slot);
    slot.found.set(scaled.role, divide(kernel.weight, scale.weight, scaled.axis));
    used.add(scale);
    noteMode(mode, layer.fileName, notes);
  }
  return left.filter(item => !used.has(item));
}

function noteMode(mode: string, layer: string, notes: Notes): void {
  notes.add('repair', `quantised ${mode}`, layer, layers => {
    return `The weights of ${listNames(layers)} were quantised (${mode}); they are float32 again, and Keras’ answers differ by what it rounds.`;
  });
}

function refuse(mode: string, { taker }: Slots): Refusal {
  return new Refusal(
    `The weights of the layer '${shorten(taker.layer.fileName)}' (${taker.layer.type}) are quantised (${shorten(mode)}), in a form that isn’t read.`,
    'Save the model again as it was before model.quantize, which can’t be undone.',
  );
}

/** What the layer’s data type says: `int8`, `int4/128`, `float8`; null: it isn’t quantised. */
function quantisationOf({ dtype }: JsonObject): string | null {
  // Keras 3.3 wrote the policy's name, later versions the policy.
  const name = isJsonObject(dtype) ? modeOf(dtype.config) : dtype;
  if (typeof name !== 'string') return null;
  return /^((?:int|float)\d+|gptq|awq)(\/.*)?(_from_\w+)?$/.test(name) &&
    !/^(int|float)(16|32|64)$/.test(name)
    ? name.replace(/_from_\w+$/, '')
    : null;
}

function modeOf(config: Json | undefined): Json | undefined {
  return isJsonObject(config) ? config.mode : undefined;
}

/** Of layers inside layers only the values tell. */
function storedMode({ found }: Slots, named: ReadonlyMap<Weight, NamedWeight>): string | null {
  for (const weight of found.values()) {
    const stored = weight === undefined ? undefined : named.get(weight)?.stored;
    if (stored === 'int8' || stored === 'uint8') return stored;
  }
  return null;
}

function isOf(item: NamedWeight, { found }: Slots, named: ReadonlyMap<Weight, NamedWeight>): boolean {
  return [...found.values()].some(weight => {
    const own = weight === undefined ? undefined : named.get(weight);
    return own !== undefined && parentOf(own.name) === parentOf(item.name);
  });
}

function parentOf(name: string): string {
  return name.replace(/[/\\][^/\\]*$/, '');
}

/** Of a matrix: each row (`axis` 0) or column (1) by its own scale. */
function divide({ shape, values }: Weight, scale: Weight, axis: 0 | 1): Weight {
  const columns = shape[1] ?? 1;
  const floats = new Float32Array(values.length);
  for (let i = 0; i < floats.length; i++) {
    const place = axis === 0 ? Math.floor(i / columns) : i % columns;
    floats[i] = (values[i] ?? 0) / (scale.values[place] ?? 1);
  }
  return { shape, dtype: 'float32', values: floats };
}
