/**
 * What no name told apart. In HDF5 files Keras itself goes by the order, and so it is taken there. Lists of other files may stand in
 * any order (the TensorFlow.js converter sorts by names), so there only shapes and endings of names decide, and never by a guess.
 */
import { listNames, type Notes } from '../notes';
import { Refusal } from '../refusal';
import type { NamedWeight } from './named-weight';
import { fits, type Slots, type TakerSpec } from './slots';

interface Gap {
  readonly slot: Slots;
  readonly spec: TakerSpec;
}

/** The order of Keras' `trainable_weights + non_trainable_weights`. */
export function trainableFirst(gaps: readonly Gap[]): readonly Gap[] {
  const trains = ({ slot, spec }: Gap) => slot.taker.layer.trainable && spec.trainable;
  return [...gaps.filter(trains), ...gaps.filter(gap => !trains(gap))];
}

/** Taken only if all fit without a gap. What found no place is returned. */
export function placeByOrder(
  slots: readonly Slots[],
  left: readonly NamedWeight[],
  orders: readonly ((gaps: readonly Gap[]) => readonly Gap[])[],
  notes: Notes,
): readonly NamedWeight[] {
  const gaps = findGaps(slots);
  if (gaps.length === 0) return left;
  for (const order of orders.map(arrange => arrange(gaps))) {
    const isMatch =
      order.length === left.length && order.every(({ spec }, i) => fits(spec, left[i]?.weight.shape));
    if (!isMatch) continue;
    for (const [i, { slot, spec }] of order.entries()) slot.found.set(spec.role, left[i]?.weight);
    notes.add('repair', 'by order', 'x', () => {
      return `${left.length} weight${left.length > 1 ? 's were' : ' was'} matched by order, since the names don’t match: ${listNames(left.map(({ name }) => name))}.`;
    });
    return [];
  }
  return left;
}

function findGaps(slots: readonly Slots[]): readonly Gap[] {
  return slots.flatMap(slot =>
    (slot.taker.specs ?? [])
      .filter(({ role, shape }) => shape !== null && slot.found.get(role) === undefined)
      .map((spec): Gap => ({ slot, spec })),
  );
}

/** Each where nothing else fits. What found no place is returned. Throws a `Refusal` where only the order could decide. */
export function placeByShape(
  slots: readonly Slots[],
  left: readonly NamedWeight[],
  notes: Notes,
): readonly NamedWeight[] {
  const gaps = findGaps(slots);
  if (gaps.length === 0 || left.length !== gaps.length) return left;
  const endings = new Set(gaps.map(({ spec }) => endingOf(spec.role)));
  const choices = left.map(({ name, weight }) => {
    const ending = endingOf(name.replace(/:\d+$/, ''));
    // Not in cuDNN's shapes too: a bias that is twice as long would often fit two layers.
    return gaps.filter(
      ({ spec }) =>
        fits({ shape: spec.shape }, weight.shape) && (!endings.has(ending) || ending === endingOf(spec.role)),
    );
  });
  if (choices.some(fitting => fitting.length === 0)) return left;
  const names = listNames(left.map(({ name }) => name));
  if (choices.some(fitting => fitting.length > 1) || new Set(choices.flat()).size < gaps.length) {
    const layers = listNames([...new Set(gaps.map(({ slot }) => slot.taker.layer.fileName))]);
    throw new Refusal(
      `Nothing tells which of the weights ${names} belong to which of the layers ${layers}: their names don’t match, and several have the same shape.`,
      'Open the file that the model was converted from (.keras or .h5), or convert it again.',
    );
  }
  for (const [i, fitting] of choices.entries()) {
    for (const { slot, spec } of fitting) slot.found.set(spec.role, left[i]?.weight);
  }
  notes.add('repair', 'by shape', 'x', () => {
    return `${left.length} weight${left.length > 1 ? 's were' : ' was'} matched by shape, since the names don’t match: ${names}.`;
  });
  return [];
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
