/** How many values the joined network has and how many of them each phase moves; shared layers count once. */
import { compile } from '../compiler/compile';
import type { CompileResult } from '../compiler/result';
import type { ModelId, ProjectDocument } from '../graph/document';
import { documentInPhase } from '../graph/phases';
import { inferShapes } from '../layers/infer';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import { countParameters, type Network, tensorKey } from '../network/network';
import { memoize, networksOf, selectCompiled } from './selectors';
import type { GraftState } from './store';

export interface Counts {
  readonly parameters: number;
  /** For each phase of training. */
  readonly phases: readonly PhaseCounts[];
}

export interface PhaseCounts {
  /** The names of the layers that aren't frozen in it. */
  readonly layers: readonly string[];
  /** The values in them that training moves. */
  readonly trainable: number;
  /** Why nothing would be learned in it, in one or two sentences; null: something is. */
  readonly problem: string | null;
}

interface LayerCounts {
  readonly parameters: number;
  /** Layer name to the values that training would move, were it not frozen. */
  readonly movable: ReadonlyMap<string, number>;
}

function countLayers(network: Network): LayerCounts {
  const filled = initialize(network, lookUpLayer, 0);
  const { shapes } = inferShapes(filled, lookUpLayer);
  const movable = new Map<string, number>();
  for (const layer of filled.layers) {
    const call = filled.calls.find(each => each.layer === layer.name);
    const inputs = (call?.inputs ?? [])
      .map(ref => shapes.get(tensorKey(ref)))
      .filter(shape => shape !== undefined);
    const specs = lookUpLayer(layer.type)?.weights(layer.config, inputs, lookUpLayer) ?? [];
    const moves = specs.filter(({ trainable }) => trainable).map(({ role }) => layer.weights[role]);
    movable.set(
      layer.name,
      moves.reduce((sum, weight) => sum + (weight?.values.length ?? 0), 0),
    );
  }
  return { parameters: countParameters(filled), movable };
}

const countOnce = memoize(countLayers);

/** Freezing changes no name, so each phase is compiled for the layers that it leaves free. */
function countPhases(
  document: ProjectDocument,
  compiled: CompileResult,
  networks: ReadonlyMap<ModelId, Network>,
): Counts | null {
  if (compiled.network === null) return null;
  const { parameters, movable } = countOnce(compiled.network);
  const phases = document.training.phases.map((phase): PhaseCounts => {
    const { network, diagnostics } = compile(documentInPhase(document, phase), networks, lookUpLayer);
    const layers = (network?.layers ?? []).filter(layer => layer.trainable).map(({ name }) => name);
    const trainable = layers.reduce((sum, name) => sum + (movable.get(name) ?? 0), 0);
    const problem = diagnostics.find(({ code }) => code === 'training/nothing-trainable')?.message ?? null;
    return { layers, trainable, problem };
  });
  return { parameters, phases };
}

const phasesOnce = memoize(countPhases);

/** null while an error stands. */
export function selectCounts(state: GraftState): Counts | null {
  return phasesOnce(state.document, selectCompiled(state), networksOf(state.models));
}
