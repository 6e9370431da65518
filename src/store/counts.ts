/** How many values the joined network has and how many of them training moves; shared layers count once. */
import { inferShapes } from '../layers/infer';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import { countParameters, type Network, tensorKey } from '../network/network';
import { memoize, selectCompiled } from './selectors';
import type { GraftState } from './store';

export interface Counts {
  readonly parameters: number;
  readonly trainable: number;
}

function countMoving(network: Network): Counts {
  const filled = initialize(network, lookUpLayer, 0);
  const { shapes } = inferShapes(filled, lookUpLayer);
  let trainable = 0;
  for (const layer of filled.layers) {
    if (!layer.trainable) continue;
    const call = filled.calls.find(each => each.layer === layer.name);
    const inputs = (call?.inputs ?? [])
      .map(ref => shapes.get(tensorKey(ref)))
      .filter(shape => shape !== undefined);
    const specs = lookUpLayer(layer.type)?.weights(layer.config, inputs, lookUpLayer) ?? [];
    for (const { role, trainable: moves } of specs) {
      if (moves) trainable += layer.weights[role]?.values.length ?? 0;
    }
  }
  return { parameters: countParameters(filled), trainable };
}

const countOnce = memoize((network: Network | null) => (network === null ? null : countMoving(network)));

/** null while an error stands. */
export function selectCounts(state: GraftState): Counts | null {
  return countOnce(selectCompiled(state).network);
}
