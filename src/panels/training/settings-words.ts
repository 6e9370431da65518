/** Names of optimisers, schedules and clippings, as people know them. */
import type { CLIPPINGS, OptimizerKind, ScheduleKind } from '../../graph/training-settings';

export const OPTIMIZER_WORDS: Readonly<Record<OptimizerKind, string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  nadam: 'Nadam',
  sgd: 'SGD',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
  adamax: 'Adamax',
  lion: 'Lion',
};

export const SCHEDULE_WORDS: Readonly<Record<ScheduleKind, string>> = {
  constant: 'Constant',
  exponential: 'Exponential',
  cosine: 'Cosine, warm-up',
  piecewise: 'Piecewise',
  plateau: 'On plateau',
};

export const CLIPPING_WORDS: Readonly<Record<keyof typeof CLIPPINGS, string>> = {
  value: 'Each value',
  norm: 'Each norm',
  globalNorm: 'Global norm',
};
