/**
 * Which layers train, as Python that freezes and frees them by name. Keras' `trainable` leaves dropout and noise on, and Functional
 * overrides a `training=False` of the call while it fits, so layers that act in training are frozen by a function of the script's.
 */
import { actsInTraining } from '../../layers/acts-in-training';
import type { LayerLookup } from '../../layers/layer-type';
import { withoutDeadEnds } from '../../network/dead-ends';
import type { Network } from '../../network/network';
import { layOut } from '../code/layout';
import { findLayersWithWeights } from '../code/plan';
import { INDENT, toPython } from './python';

/** Stands above the network wherever it is called. */
export const FREEZE = `def freeze(layer, frozen=True):
    """A frozen layer runs in inference mode, also while others train: Keras would leave its dropout on."""
    layer.trainable = not frozen
    vars(layer).pop("call", None)
    if frozen:
        call = layer.call

        def call_frozen(*args, **options):
            return call(*args, **{**options, "training": False})

        object.__setattr__(layer, "call", call_frozen)  # past Keras, which looks for layers in what is set`;

/** What of the model, and so no dead end, freezing changes: names of layers. */
export interface Freezable {
  /** Those with weights that need no more than `trainable`. */
  readonly plain: readonly string[];
  /** Those that would act in training although they are frozen. */
  readonly acting: readonly string[];
}

export function findFreezable(network: Network, table: LayerLookup): Freezable {
  const weighted = findLayersWithWeights(network, table);
  const { layers } = withoutDeadEnds(network);
  const isActing = new Set(
    layers.filter(({ type, config }) => {
      const known = table(type);
      return known !== undefined && actsInTraining(known, config, table);
    }),
  );
  return {
    plain: layers.filter(layer => weighted.has(layer.name) && !isActing.has(layer)).map(({ name }) => name),
    acting: layers.filter(layer => isActing.has(layer)).map(({ name }) => name),
  };
}

/** Whether the script calls `freeze`. `phases`: what each of them trains. */
export function needsFreeze(
  network: Network,
  phases: readonly ReadonlySet<string>[],
  table: LayerLookup,
): boolean {
  const { acting } = findFreezable(network, table);
  return acting.some(name => !namesOfTrainable(network).has(name) || phases.some(phase => !phase.has(name)));
}

/** As the constructors leave them. */
export function namesOfTrainable({ layers }: Network): ReadonlySet<string> {
  return new Set(layers.filter(({ trainable }) => trainable).map(({ name }) => name));
}

/** Only what changes from the one set of layers that train to the other. `depth`: on how many steps it stands. */
export function writeFreezing(
  { plain, acting }: Freezable,
  before: ReadonlySet<string>,
  trains: ReadonlySet<string>,
  depth: number,
): string[] {
  const isFrozen = (name: string) => before.has(name) && !trains.has(name);
  const isFreed = (name: string) => trains.has(name) && !before.has(name);
  return [
    ...writeLoop(plain.filter(isFrozen), 'model.get_layer(name).trainable = False', depth),
    ...writeLoop(acting.filter(isFrozen), 'freeze(model.get_layer(name))', depth),
    ...writeLoop(plain.filter(isFreed), 'model.get_layer(name).trainable = True', depth),
    ...writeLoop(acting.filter(isFreed), 'freeze(model.get_layer(name), False)', depth),
  ];
}

function writeLoop(names: readonly string[], statement: string, depth: number): string[] {
  if (names.length === 0) return [];
  const loop = { open: 'for name in [', items: names.map(toPython), close: ']:' };
  return [layOut(loop, INDENT, depth), `${' '.repeat(INDENT)}${statement}`];
}
