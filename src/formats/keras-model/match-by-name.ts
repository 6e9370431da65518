/**
 * Weights to layers by their names, in all the forms in which Keras and TensorFlow.js wrote them: the layer's name with those of the
 * models around it, then what the weight is within the layer.
 */
import type { Notes } from '../notes';
import type { NamedWeight } from './named-weight';
import { fits, type Slots, type TakerSpec } from './slots';

interface Candidate {
  readonly slots: Slots;
  /** The segments before the layer's name. */
  readonly before: readonly string[];
  /** What stands behind the layer's name: `forward_lstm/lstm_cell/kernel`. */
  readonly rest: string;
  readonly score: number;
}

/** What found no place is returned. */
export function placeByName(
  slots: readonly Slots[],
  weights: readonly NamedWeight[],
  notes: Notes,
): NamedWeight[] {
  const byFileName = new Map<string, Slots[]>();
  for (const slot of slots) {
    const { fileName } = slot.taker.layer;
    const list = byFileName.get(fileName);
    if (list === undefined) byFileName.set(fileName, [slot]);
    else list.push(slot);
  }
  // TensorFlow.js lists trainable weights first: of equal names, the first belong to layers that train.
  for (const list of byFileName.values()) {
    list.sort((a, b) => Number(b.taker.layer.trainable) - Number(a.taker.layer.trainable));
  }
  return weights.filter(named => {
    const name = named.name.replace(/:\d+$/, '');
    const candidates = findCandidates(name, byFileName);
    const best = Math.max(...candidates.map(({ score }) => score));
    const taker = candidates
      .filter(({ score }) => score === best)
      .find(candidate => fillByRole(candidate, named));
    if (taker === undefined) return true;
    if (taker.before.length > 0 && taker.before[0] === taker.slots.taker.layer.path[0]) {
      notes.add('form', 'prefixes', 'x', () => {
        return 'Names of weights start with the model’s name, as Keras 3 writes them; they were matched without it.';
      });
    }
    return false;
  });
}

/** All layers whose name occurs in the weight's name, with how well the names before it fit the models around the layer. */
function findCandidates(name: string, byFileName: ReadonlyMap<string, readonly Slots[]>): Candidate[] {
  const segments = name.split('/');
  const candidates: Candidate[] = [];
  // Real names have up to seven segments; a hostile one may have thousands.
  const last = Math.min(segments.length - 1, 12);
  for (let start = 0; start < last; start++) {
    for (let end = start + 1; end <= last; end++) {
      for (const slots of byFileName.get(segments.slice(start, end).join('/')) ?? []) {
        const before = segments.slice(0, start);
        const { path } = slots.taker.layer;
        let common = 0;
        while (
          common < Math.min(before.length, path.length) &&
          before.at(-1 - common) === path.at(-1 - common)
        )
          common++;
        const fits = common === Math.min(before.length, path.length);
        candidates.push({
          slots,
          before,
          rest: segments.slice(end).join('/'),
          score: common * 2 + (fits ? 1 : 0),
        });
      }
    }
  }
  return candidates;
}

function fillByRole({ slots, rest }: Candidate, { weight }: NamedWeight): boolean {
  const { found, taker } = slots;
  if (taker.specs === null) {
    if (found.has(rest)) return false;
    found.set(rest, weight);
    return true;
  }
  const wanted = plainRole(rest);
  const free = taker.specs.filter(({ role }) => found.get(role) === undefined);
  const exact = free.find(({ role }) => role === wanted || role.replace(/^layer\//, '') === wanted);
  const ending = wanted.split('/').at(-1);
  // A wrapper's weight may carry the inner layer's name: `time_distributed/dense/kernel`.
  const spec =
    exact ??
    free.find(one => one.role.split('/').at(-1) === ending && fits(one, weight.shape)) ??
    free.find(({ role }) => role === onlyRoleEndingIn(ending, taker.specs ?? []));
  if (spec === undefined || !fits(spec, weight.shape)) return false;
  found.set(spec.role, weight);
  return true;
}

/** Keras 3 calls the `depthwise_kernel` of DepthwiseConv2D just `kernel`. */
function onlyRoleEndingIn(ending: string | undefined, specs: readonly TakerSpec[]): string | null {
  const [first, ...others] = specs.filter(({ role }) => `_${role.split('/').at(-1)}`.endsWith(`_${ending}`));
  return others.length === 0 && first !== undefined ? first.role : null;
}

/** `forward_lstm_1/lstm_cell_2/kernel` is `forward/kernel` in the table. */
function plainRole(rest: string): string {
  return rest
    .split('/')
    .filter((segment, i, all) => i === all.length - 1 || !/(^|_)cell(_\d+)?$/.test(segment))
    .map((segment, i, all) =>
      i === all.length - 1 ? segment : segment.replace(/^(forward|backward)_.*$/, '$1'),
    )
    .join('/');
}
