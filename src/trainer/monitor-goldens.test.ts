/** The callbacks of real Keras on values that a model might have had; `scripts/keras/training.py` wrote what they did. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_EARLY_STOPPING, VALIDATION_LOSS } from '../graph/training-settings';
import golden from './goldens/callbacks.json';
import { worstDifference } from './goldens/golden-cases';
import { judgePlateau, judgeStopping, NEW_WATCH, type Plateau, type PlateauWatch } from './monitor';

interface PlateauCase {
  readonly watched: string;
  readonly plateau: {
    readonly patience: number;
    readonly factor: number;
    readonly min_delta: number;
    readonly cooldown: number;
    readonly min_lr: number;
  };
  /** After each epoch. */
  readonly rates: readonly number[];
}

interface StoppingCase {
  readonly watched: string;
  readonly monitor: 'val_loss' | 'val_accuracy';
  readonly stopping: { readonly patience: number; readonly min_delta: number };
  /** null: it doesn't. */
  readonly stopsAfter: number | null;
  /** The epoch whose weights it gives back, from 1. */
  readonly best: number;
}

const { learningRate } = golden.cases;
const cases = golden.cases.cases as unknown as readonly (PlateauCase | StoppingCase)[];
const watched: Readonly<Record<string, readonly number[]>> = golden.cases.watched;
const plateaus = cases.filter(item => 'plateau' in item);
const stoppings = cases.filter(item => 'stopping' in item);

describe('ReduceLROnPlateau', () => {
  it.each(plateaus.map(item => [`${item.watched} ${JSON.stringify(item.plateau)}`, item] as const))(
    '%s',
    (_, item) => {
      const schedule: Plateau = {
        kind: 'plateau',
        factor: item.plateau.factor,
        patience: item.plateau.patience,
        minDelta: item.plateau.min_delta,
        cooldown: item.plateau.cooldown,
        minLearningRate: item.plateau.min_lr,
        monitor: VALIDATION_LOSS,
      };
      let watch: PlateauWatch = { ...NEW_WATCH, cooldown: 0, rate: learningRate };
      const rates = (watched[item.watched] ?? []).map(value => {
        watch = judgePlateau(schedule, watch, value, -1);
        return watch.rate;
      });
      // Keras keeps the rate in 32 bits.
      expect(worstDifference(rates, item.rates, 1e-9)).toBeLessThan(1e-5);
    },
  );
});

describe('EarlyStopping', () => {
  it.each(
    stoppings.map(
      item => [`${item.monitor} ${item.watched} ${JSON.stringify(item.stopping)}`, item] as const,
    ),
  )('%s', (_, item) => {
    const { patience, min_delta: minDelta } = item.stopping;
    const settings = { ...DEFAULT_EARLY_STOPPING, patience, minDelta };
    let watch = NEW_WATCH;
    let best = 0;
    let stopsAfter: number | null = null;
    for (const [index, value] of (watched[item.watched] ?? []).entries()) {
      const verdict = judgeStopping(settings, watch, value, item.monitor === 'val_loss' ? -1 : 1, index + 1);
      watch = verdict.watch;
      if (verdict.isBest) best = index + 1;
      if (verdict.stops) {
        stopsAfter = index + 1;
        break;
      }
    }
    expect({ stopsAfter, best }).toEqual({ stopsAfter: item.stopsAfter, best: item.best });
  });
});
