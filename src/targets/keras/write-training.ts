/**
 * How a network is trained, as Keras 3 Python: one `compile` and `fit` for each phase. What Keras does otherwise than Graft stands
 * in comments. It sees settings, not documents: which layers a phase trains is said by whoever compiled it.
 */
import type { Head } from '../../compiler/result';
import type { EarlyStopping, Phase, Schedule, TrainingSettings } from '../../graph/training-settings';
import { inferShapes } from '../../layers/infer';
import type { LayerLookup } from '../../layers/layer-type';
import { type Network, tensorKey } from '../../network/network';
import { around, layOut, type Piece } from '../code/layout';
import { inComment } from '../code/text';
import { INDENT, toPython } from './python';
import { findFreezable, namesOfTrainable, writeFreezing } from './write-freezing';
import { describeTarget, writeCompile, writeMonitor } from './write-objectives';
import { countsSteps, writeOptimizer } from './write-optimizer';
import {
  type ClassWeightPlan,
  planClassWeights,
  TAKE,
  WEIGH_CLASSES,
  writeClassWeights,
  writeSampleWeights,
  writeSplit,
} from './write-rows';

export interface TrainingPlan {
  readonly settings: TrainingSettings;
  /** One for each output of the network, in its order. */
  readonly heads: readonly Head[];
  /** For each phase, the names of the layers that move in it. */
  readonly trainable: readonly ReadonlySet<string>[];
}

export interface PythonTraining extends TrainingPlan {
  /** For each head the names of its column's classes, by their numbers; null: it has numbers, or nobody knows. */
  readonly classes: readonly (readonly string[] | null)[];
}

/** A function `train(model, x, y)`, after those that it calls. */
export function writePythonTraining(network: Network, plan: PythonTraining, table: LayerLookup): string {
  const freezable = findFreezable(network, table);
  const { settings, heads } = plan;
  const { shapes } = inferShapes(network, table);
  const predicted = network.outputs.map(({ from }) => shapes.get(tensorKey(from)) ?? null);
  const sizes = predicted.map(shape => shape?.at(-1) ?? null);
  const weights = planClassWeights(heads, plan.classes, predicted);
  const several = settings.phases.length > 1;
  const rows = network.inputs.length > 1 ? 'len(x[0])' : 'len(x)';
  const needsSteps = settings.phases.some(({ schedule }) => countsSteps(schedule));
  const lines = [
    ...describeData(network, plan, weights),
    ...writeSampleWeights(weights, rows),
    ...writeSplit(settings, rows, weights.inFit === null),
    ...writeClassWeights(weights),
    ...(needsSteps ? [`steps = math.ceil(${rows} / ${settings.batchSize})  # in an epoch`] : []),
    ...(several
      ? ['', 'def compile_with(optimizer):', ...indent([writeCompile(heads, sizes, 'optimizer', 2)])]
      : []),
  ];
  let before = namesOfTrainable(network);
  for (const [index, phase] of settings.phases.entries()) {
    const trains = plan.trainable[index] ?? before;
    const optimizer = writeOptimizer(phase, settings);
    if (several) lines.push('', comment(`Phase ${index + 1}: ${phase.name}`));
    lines.push(...writeFreezing(freezable, before, trains, 1));
    lines.push(
      several
        ? layOut(around('compile_with(', optimizer, ')'), INDENT, 1)
        : writeCompile(heads, sizes, optimizer, 1),
      writeFit(phase, plan, weights),
    );
    before = trains;
  }
  const parameters = ['model', 'x', 'y', ...(weights.inFit === null ? ['sample_weight=None'] : [])];
  return [
    ...(settings.validationSplit > 0 ? [TAKE, '', ''] : []),
    ...(writeClassWeights(weights).length > 0 ? [WEIGH_CLASSES, '', ''] : []),
    `def train(${parameters.join(', ')}):`,
    ...indent(lines),
  ].join('\n');
}

/** Modules that the function needs. */
export function trainingImports({ settings }: TrainingPlan): string[] {
  return settings.phases.some(({ schedule }) => countsSteps(schedule)) ? ['math'] : [];
}

function describeData(
  network: Network,
  { heads }: PythonTraining,
  { inFit, unknown }: ClassWeightPlan,
): string[] {
  const rowOf = (shape: readonly (number | null)[]) =>
    `(rows${shape
      .slice(1)
      .map(size => `, ${size ?? '?'}`)
      .join('')}${shape.length === 1 ? ',' : ''})`;
  const inputs = network.inputs.map(({ name, shape }) => `${name} ${rowOf(shape)}`);
  const outputs = heads.map(head => `${head.output} (${describeTarget(head)})`);
  const idle = heads.filter(({ lossWeight }) => lossWeight === 0);
  return [
    comment(`x: ${inputs.length > 1 ? `a list of ${inputs.join(', ')}` : (inputs[0] ?? '')}`),
    comment(`y: ${outputs.length > 1 ? `a list of ${outputs.join(', ')}` : (outputs[0] ?? '')}`),
    ...unknown.map(({ output, classWeights }) =>
      comment(
        `Graft weighs the classes of ${output}: ${JSON.stringify(classWeights)}. Their numbers are in the data set, which isn't there.`,
      ),
    ),
    ...(inFit === null
      ? []
      : [
          comment(
            'Keras takes no sample_weight beside class_weight: where rows have weights, multiply them.',
          ),
        ]),
    ...idle.map(({ output }) => comment(`The loss of ${output} counts 0: what only it needs is frozen.`)),
  ];
}

function writeFit(phase: Phase, { settings, heads }: TrainingPlan, { inFit }: ClassWeightPlan): string {
  const callbacks = [
    ...(settings.earlyStopping === null ? [] : [writeStopping(settings.earlyStopping, settings, heads)]),
    ...(phase.schedule.kind === 'plateau' ? [writePlateau(phase.schedule, settings, heads)] : []),
  ];
  const fit: Piece = {
    open: 'model.fit(',
    items: [
      'x',
      'y',
      `batch_size=${settings.batchSize}`,
      `epochs=${phase.epochs}`,
      ...(settings.validationSplit > 0 ? ['validation_data=held_back'] : []),
      inFit === null ? 'sample_weight=sample_weight' : around('class_weight=', inFit, ''),
      ...(callbacks.length > 0 ? [{ open: 'callbacks=[', items: callbacks, close: ']' }] : []),
    ],
    close: ')',
  };
  return layOut(fit, INDENT, 1);
}

function writeStopping(stopping: EarlyStopping, settings: TrainingSettings, heads: readonly Head[]): Piece {
  const { monitor, minDelta, patience, restoreBest } = stopping;
  return {
    open: 'keras.callbacks.EarlyStopping(',
    items: [
      ...writeMonitor(monitor, settings, heads),
      ...(minDelta === 0 ? [] : [`min_delta=${toPython(minDelta)}`]),
      `patience=${patience}`,
      ...(restoreBest ? ['restore_best_weights=True'] : []),
    ],
    close: ')',
  };
}

function writePlateau(
  plateau: Extract<Schedule, { kind: 'plateau' }>,
  settings: TrainingSettings,
  heads: readonly Head[],
): Piece {
  const { monitor, factor, patience, minDelta, cooldown, minLearningRate } = plateau;
  return {
    open: 'keras.callbacks.ReduceLROnPlateau(',
    items: [
      ...writeMonitor(monitor, settings, heads),
      `factor=${toPython(factor)}`,
      `patience=${patience}`,
      `min_delta=${toPython(minDelta)}`,
      ...(cooldown === 0 ? [] : [`cooldown=${cooldown}`]),
      ...(minLearningRate === 0 ? [] : [`min_lr=${toPython(minLearningRate)}`]),
    ],
    close: ')',
  };
}

function indent(lines: readonly string[]): string[] {
  const margin = ' '.repeat(INDENT);
  return lines.map(line => (line === '' ? '' : `${margin}${line}`));
}

function comment(text: string): string {
  return `# ${inComment(text)}`;
}
