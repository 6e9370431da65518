/**
 * How a network is trained, as Keras 3 Python: one `compile` and `fit` for each phase. What Keras does otherwise than Graft stands
 * in comments. It sees settings, not documents: which layers a phase trains is said by whoever compiled it.
 */
import type { Head } from '../../compiler/result';
import type { EarlyStopping, Phase, Schedule, TrainingSettings } from '../../graph/training-settings';
import type { LayerLookup } from '../../layers/layer-type';
import type { Network } from '../../network/network';
import { around, layOut, type Piece } from '../code/layout';
import { findLayersWithWeights } from '../code/plan';
import { inComment } from '../code/text';
import { INDENT, toPython } from './python';
import { describeTarget, writeCompile, writeMonitor } from './write-objectives';
import { countsSteps, writeOptimizer } from './write-optimizer';

export interface TrainingPlan {
  readonly settings: TrainingSettings;
  /** One for each output of the network, in its order. */
  readonly heads: readonly Head[];
  /** For each phase, the names of the layers that aren't frozen in it. */
  readonly trainable: readonly ReadonlySet<string>[];
}

/** A function `train(model, x, y)`. */
export function writePythonTraining(network: Network, plan: TrainingPlan, table: LayerLookup): string {
  const weighted = findLayersWithWeights(network, table);
  const { settings, heads } = plan;
  const several = settings.phases.length > 1;
  const rows = network.inputs.length > 1 ? 'len(x[0])' : 'len(x)';
  const needsSteps = settings.phases.some(({ schedule }) => countsSteps(schedule));
  const share = settings.validationSplit;
  const trainRows = share === 0 ? rows : `int(${rows} * ${toPython(1 - share)})`;
  const lines = [
    ...describeData(network, plan),
    ...(needsSteps ? [`steps = math.ceil(${trainRows} / ${settings.batchSize})  # in an epoch`] : []),
    ...(several
      ? ['', 'def compile_with(optimizer):', ...indent([writeCompile(heads, 'optimizer', 2)])]
      : []),
  ];
  let before = new Set(network.layers.filter(layer => layer.trainable).map(layer => layer.name));
  for (const [index, phase] of settings.phases.entries()) {
    const trains = plan.trainable[index] ?? before;
    const optimizer = writeOptimizer(phase, settings);
    if (several) lines.push('', comment(`Phase ${index + 1}: ${phase.name}`));
    lines.push(...writeFreezing([...weighted], before, trains));
    lines.push(
      several
        ? layOut(around('compile_with(', optimizer, ')'), INDENT, 1)
        : writeCompile(heads, optimizer, 1),
      writeFit(phase, plan),
    );
    before = new Set(trains);
  }
  return ['def train(model, x, y, sample_weight=None):', ...indent(lines)].join('\n');
}

/** Modules that the function needs. */
export function trainingImports({ settings }: TrainingPlan): string[] {
  return settings.phases.some(({ schedule }) => countsSteps(schedule)) ? ['math'] : [];
}

function describeData(network: Network, { settings, heads }: TrainingPlan): string[] {
  const rowOf = (shape: readonly (number | null)[]) =>
    `(rows${shape
      .slice(1)
      .map(size => `, ${size ?? '?'}`)
      .join('')}${shape.length === 1 ? ',' : ''})`;
  const inputs = network.inputs.map(({ name, shape }) => `${name} ${rowOf(shape)}`);
  const outputs = heads.map(head => `${head.output} (${describeTarget(head)})`);
  const weighted = heads.filter(({ classWeights }) => classWeights !== null);
  return [
    comment(`x: ${inputs.length > 1 ? `a list of ${inputs.join(', ')}` : (inputs[0] ?? '')}`),
    comment(`y: ${outputs.length > 1 ? `a list of ${outputs.join(', ')}` : (outputs[0] ?? '')}`),
    ...weighted.map(({ output, classWeights }) =>
      comment(
        `Graft weighs the classes of ${output}: ${JSON.stringify(classWeights)}. Give each row its weight as sample_weight.`,
      ),
    ),
    ...(settings.validationSplit > 0
      ? [comment('Keras holds back the last rows for validation, Graft draws them: shuffle x and y first.')]
      : []),
  ];
}

/** Only what changes. */
function writeFreezing(
  layers: readonly string[],
  before: ReadonlySet<string>,
  trains: ReadonlySet<string>,
): string[] {
  const loop = (names: readonly string[], value: string) =>
    names.length === 0
      ? []
      : [
          layOut({ open: 'for name in [', items: names.map(toPython), close: ']:' }, INDENT, 1),
          `    model.get_layer(name).trainable = ${value}`,
        ];
  return [
    ...loop(
      layers.filter(name => before.has(name) && !trains.has(name)),
      'False',
    ),
    ...loop(
      layers.filter(name => trains.has(name) && !before.has(name)),
      'True',
    ),
  ];
}

function writeFit(phase: Phase, { settings, heads }: TrainingPlan): string {
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
      ...(settings.validationSplit > 0 ? [`validation_split=${toPython(settings.validationSplit)}`] : []),
      'sample_weight=sample_weight',
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
