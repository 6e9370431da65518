/** Training of test networks in many forms, for the code view's tests here and in real Keras. Never shipped. */
import type { Head } from '../../../compiler/result';
import { type LossSettings, type MetricSettings, makeLoss, makeMetric } from '../../../graph/objectives';
import { makeSettings } from '../../../graph/options';
import {
  DEFAULT_EARLY_STOPPING,
  DEFAULT_PHASE,
  DEFAULT_TRAINING,
  makeSchedule,
  OPTIMIZERS,
  type OptimizerKind,
  type Phase,
  type Schedule,
  type TrainingSettings,
} from '../../../graph/training-settings';
import type { Network } from '../../../network/network';
import type { TrainingPlan } from '../../keras/write-training';

export function makeHead(
  output: string,
  loss: LossSettings,
  metrics: readonly MetricSettings[] = [],
  lossWeight = 1,
): Head {
  return { output, node: `node of ${output}`, column: null, loss, lossWeight, metrics, classWeights: null };
}

/** One phase and one epoch with this optimiser and schedule. */
export function makePhase(
  optimizer: OptimizerKind = 'adam',
  schedule: Schedule = makeSchedule('constant'),
): Phase {
  return { ...DEFAULT_PHASE, epochs: 1, optimizer: makeSettings(OPTIMIZERS, optimizer), schedule };
}

/** All steps have four rows: Keras compiles each size anew. Every layer that isn't frozen trains in every phase, unless `trainable` says otherwise. */
export function makePlan(
  network: Network,
  heads: readonly Head[],
  settings: Partial<TrainingSettings> = {},
  trainable?: TrainingPlan['trainable'],
): TrainingPlan {
  const all = {
    ...DEFAULT_TRAINING,
    phases: [makePhase()] as const,
    batchSize: 4,
    validationSplit: 0.5,
    ...settings,
  };
  const free = new Set(network.layers.filter(layer => layer.trainable).map(layer => layer.name));
  return { settings: all, heads, trainable: trainable ?? all.phases.map(() => free) };
}

/** For `threeHeads` of `networks.ts`. */
export function mixedPlans(network: Network): { readonly name: string; readonly plan: TrainingPlan }[] {
  const even = makeHead('even', makeLoss('binary_crossentropy', { labelSmoothing: 0.1 }), [
    makeMetric('auc'),
    makeMetric('precision'),
    makeMetric('recall', { threshold: 0.25 }),
    makeMetric('accuracy'),
  ]);
  const numbers = makeHead('features', makeLoss('huber', { delta: 0.5 }), [
    makeMetric('r2_score'),
    makeMetric('root_mean_squared_error'),
  ]);
  const index = makeHead(
    'digit',
    makeLoss('sparse_categorical_crossentropy'),
    [makeMetric('accuracy'), makeMetric('top_k_accuracy', { k: 3 })],
    0.5,
  );
  const oneHot = makeHead('digit', makeLoss('categorical_crossentropy', { labelSmoothing: 0.2 }), [
    makeMetric('f1_score'),
    makeMetric('top_k_accuracy'),
  ]);
  const turned = makeHead('digit', makeLoss('sparse_categorical_crossentropy'), [makeMetric('f1_score')]);
  const classesOnly = (loss: LossSettings) => [makeHead('digit', loss), even, numbers];
  const watched = {
    ...DEFAULT_EARLY_STOPPING,
    monitor: { rows: 'validation', output: even.node, value: 'recall threshold=0.25' },
  } as const;
  const head = new Set(['digit', 'even', 'features']);
  const cosine = { ...makeSchedule('cosine'), warmupTarget: 0.01, warmupEpochs: 0.5 } as Schedule;
  const piecewise = { ...makeSchedule('piecewise'), boundaries: [0.5], values: [0.01, 0.001] } as Schedule;
  const schedules = [
    makeSchedule('exponential'),
    makeSchedule('cosine'),
    cosine,
    piecewise,
    makeSchedule('plateau'),
  ];
  const kinds = Object.keys(OPTIMIZERS) as OptimizerKind[];
  return [
    { name: 'index', plan: makePlan(network, [index, even, numbers]) },
    { name: 'one-hot', plan: makePlan(network, [oneHot, even, numbers], { validationSplit: 0 }) },
    { name: 'index-as-one-hot', plan: makePlan(network, [turned, even, numbers]) },
    ...(['kl_divergence', 'categorical_hinge', 'poisson', 'cosine_similarity'] as const).map(kind => ({
      name: kind,
      plan: makePlan(network, classesOnly(makeLoss(kind))),
    })),
    ...kinds.map(kind => ({
      name: `optimizer-${kind}`,
      plan: makePlan(network, [index, even, numbers], { phases: [makePhase(kind)] }),
    })),
    ...schedules.map((schedule, at) => ({
      name: `schedule-${schedule.kind}-${at}`,
      plan: makePlan(network, [index, even, numbers], { phases: [makePhase('sgd', schedule)] }),
    })),
    ...(['value', 'norm', 'globalNorm'] as const).map(kind => ({
      name: `clipping-${kind}`,
      plan: makePlan(network, [index, even, numbers], { clipping: { kind, limit: 0.5 } }),
    })),
    {
      name: 'phases',
      plan: makePlan(
        network,
        [index, even, numbers],
        {
          phases: [
            { ...makePhase(), name: 'Heads first\nimport os' },
            { ...makePhase('adamw', cosine), name: 'All' },
          ],
          earlyStopping: watched,
        },
        [head, new Set(network.layers.map(({ name }) => name))],
      ),
    },
  ];
}
