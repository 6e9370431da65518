/**
 * How a network is trained, as the data that `train.py` reads: objectives and phases in Keras' words, what is counted in epochs left
 * in epochs. It sees settings, not documents.
 */
import { must } from '../../base/assert';
import type { Json, JsonObject } from '../../base/json';
import type { Head } from '../../compiler/result';
import { isMoreBetter, type MetricSettings, nameMetric } from '../../graph/objectives';
import type {
  EarlyStopping,
  Monitor,
  Phase,
  Schedule,
  TrainingSettings,
} from '../../graph/training-settings';
import { cleanName } from '../../network/names';
import type { Shape } from '../../network/shape';
import {
  type KerasCall,
  logName,
  lossCall,
  metricCall,
  needsOneHot,
  optimizerCall,
} from '../keras/keras-calls';
import { argumentsOf } from '../keras/keras-classes';
import { weighClassesByNumber } from '../keras/write-rows';

/** `shape`: what the network predicts, the batch first. `classes`: of its column; null: numbers. */
export function describeHead(head: Head, shape: Shape, classes: readonly string[] | null): JsonObject {
  const size = must(shape.at(-1), `the number of values that ${head.output} predicts`);
  return {
    name: cleanName(head.output),
    output: head.output,
    rank: shape.length,
    classes,
    class_weights: weighClassesByNumber(head, classes),
    one_hot: needsOneHot(head) ? size : null,
    loss: toJson(must(lossCall(head), `Keras’ class for ${head.loss.kind}`)),
    loss_weight: head.lossWeight,
    activation: probabilitiesOf(head),
    metrics: head.metrics.map(metric => describeMetric(metric, head, size)),
  };
}

/** What makes probabilities of what the network answers, which metrics read. */
function probabilitiesOf({ loss }: Head): 'linear' | 'sigmoid' | 'softmax' {
  if (!('fromLogits' in loss) || !loss.fromLogits) return 'linear';
  return loss.kind === 'binary_crossentropy' ? 'sigmoid' : 'softmax';
}

function describeMetric(metric: MetricSettings, head: Head, size: number): JsonObject {
  if (metric.kind === 'accuracy') {
    // What Keras makes of the word follows from shapes; here it is said.
    const sparse = head.loss.kind === 'sparse_categorical_crossentropy' && !needsOneHot(head);
    const kind = size === 1 ? 'Binary' : sparse ? 'SparseCategorical' : 'Categorical';
    return { class_name: `${kind}Accuracy`, config: { name: logName(nameMetric(metric)) } };
  }
  return toJson(must(metricCall(metric, head, size), `Keras’ class for ${metric.kind}`));
}

/** `trains`: the names, in the file, of the layers that move in it. */
export function describePhase(
  phase: Phase,
  trains: readonly string[],
  { clipping }: TrainingSettings,
  heads: readonly Head[],
): JsonObject {
  const { name, epochs, optimizer, schedule } = phase;
  return {
    name,
    epochs,
    trains,
    learning_rate: optimizer.learningRate,
    optimizer: toJson(must(optimizerCall(optimizer, clipping), `Keras’ class for ${optimizer.kind}`)),
    schedule: describeSchedule(schedule, heads),
  };
}

function describeSchedule(schedule: Schedule, heads: readonly Head[]): JsonObject {
  const { kind } = schedule;
  if (schedule.kind !== 'plateau') return { kind, ...argumentsOf(schedule) };
  const { monitor, ...options } = schedule;
  return { kind, ...argumentsOf(options), monitor: describeMonitor(monitor, heads) };
}

export function describeStopping(stopping: EarlyStopping, heads: readonly Head[]): JsonObject {
  const { monitor, minDelta, patience, restoreBest } = stopping;
  return {
    monitor: describeMonitor(monitor, heads),
    min_delta: minDelta,
    patience,
    restore_best: restoreBest,
  };
}

/** `output`: its place among the outputs; null: all of them together. */
function describeMonitor({ rows, output, value }: Monitor, heads: readonly Head[]): JsonObject {
  const index = heads.findIndex(({ node }) => node === output);
  const metric = heads[index]?.metrics.find(each => nameMetric(each) === value);
  return {
    rows,
    output: index < 0 ? null : index,
    value: metric === undefined ? 'loss' : logName(value),
    mode: metric !== undefined && isMoreBetter(metric.kind) ? 'max' : 'min',
  };
}

function toJson({ known, given }: KerasCall): {
  readonly class_name: string;
  readonly config: Readonly<Record<string, Json>>;
} {
  return { class_name: known.name, config: given };
}
