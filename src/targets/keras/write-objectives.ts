/** What the outputs are trained for and watched by, as Keras 3 Python: losses, metrics and their names in Keras' logs. */
import type { Head } from '../../compiler/result';
import { isMoreBetter, type MetricSettings, nameMetric, TARGET_FORMS } from '../../graph/objectives';
import type { Monitor, TrainingSettings } from '../../graph/training-settings';
import { around, layOut, type Piece } from '../code/layout';
import { logName, lossCall, metricCall, needsOneHot } from './keras-calls';
import { writeConstructor } from './keras-classes';
import { INDENT, toPython } from './python';

/** `sizes`: for each head that of its last axis; null: not known. `depth`: on how many steps it stands. */
export function writeCompile(
  heads: readonly Head[],
  sizes: readonly (number | null)[],
  optimizer: Piece,
  depth: number,
): string {
  const weights = heads.map(({ lossWeight }) => lossWeight);
  const list = (items: readonly Piece[]): Piece => ({ open: '[', items, close: ']' });
  const losses = heads.map(writeLoss);
  const metrics = heads.map((head, index) =>
    list(head.metrics.map(metric => writeMetric(metric, head, sizes[index] ?? null))),
  );
  const [onlyLoss = ''] = losses;
  const [onlyMetrics = ''] = metrics;
  const compile: Piece = {
    open: 'model.compile(',
    items: [
      around('optimizer=', optimizer, ''),
      around('loss=', heads.length > 1 ? list(losses) : onlyLoss, ''),
      ...(weights.some(weight => weight !== 1) ? [`loss_weights=[${weights.join(', ')}]`] : []),
      ...(heads.some(head => head.metrics.length > 0)
        ? [around('metrics=', heads.length > 1 ? list(metrics) : onlyMetrics, '')]
        : []),
    ],
    close: ')',
  };
  return layOut(compile, INDENT, depth);
}

/** What the rows of `y` are for it. */
export function describeTarget(head: Head): string {
  if (needsOneHot(head)) return 'one-hot rows';
  const { classes, numbers } = TARGET_FORMS[head.loss.kind];
  const words = { 'one-hot': 'one-hot rows', index: 'the number of the class', 'zero-or-one': '0 or 1' };
  return classes === null ? 'numbers' : numbers ? `${words[classes]}, or numbers` : words[classes];
}

function writeLoss(head: Head): Piece {
  const call = lossCall(head);
  return call === null ? toPython(head.loss.kind) : writeConstructor(call.known, call.given);
}

function writeMetric(metric: MetricSettings, head: Head, size: number | null): Piece {
  // Keras finds the right one from the shapes, as Graft does.
  const call = metric.kind === 'accuracy' ? null : metricCall(metric, head, size);
  return call === null ? toPython(metric.kind) : writeConstructor(call.known, call.given);
}

/** What Keras' logs call it: with several outputs their names stand before what is theirs. */
export function writeMonitor(
  { rows, output, value }: Monitor,
  { validationSplit }: TrainingSettings,
  heads: readonly Head[],
): string[] {
  const prefix = rows === 'validation' && validationSplit > 0 ? 'val_' : '';
  const index = heads.findIndex(({ node }) => node === output);
  const head = heads[index];
  const metric = head?.metrics.find(each => nameMetric(each) === value);
  const name = `${metric === undefined ? 'loss' : logName(value)}`;
  const monitor =
    head === undefined || heads.length === 1
      ? toPython(`${prefix}${name}`)
      : `f"${prefix}{model.output_names[${index}]}_${name}"`;
  const mode = metric !== undefined && isMoreBetter(metric.kind) ? 'max' : 'min';
  return [`monitor=${monitor}`, ...(metric === undefined ? [] : [`mode="${mode}"`])];
}
