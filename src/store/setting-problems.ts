/** What is wrong with the settings of the next run, each with the field at which it is said. Pure. */
import type { Head } from '../compiler/result';
import type { Dataset } from '../data/dataset';
import type { NodeId, ProjectDocument } from '../graph/document';
import { nameMetric } from '../graph/objectives';
import { findOptionProblem, type Option } from '../graph/options';
import {
  CLIPPINGS,
  EARLY_STOPPING,
  type Monitor,
  OPTIMIZERS,
  type Phase,
  SCHEDULES,
  type Schedule,
  type TrainingSettings,
} from '../graph/training-settings';
import { type Counts, selectCounts } from './counts';
import { findSampleWeightProblem } from './row-weights';
import { memoize, selectCompiled } from './selectors';
import type { GraftState } from './store';
import { columnNamed, type Readiness, readiness } from './training-check';

export interface SettingProblem {
  readonly at: SettingField;
  /** What it is and what to do, in one or two sentences. */
  readonly message: string;
}

/** `option`: its name in the table, or `monitor`. */
export type SettingField =
  | { readonly of: 'optimizer' | 'schedule'; readonly phase: number; readonly option: string }
  | { readonly of: 'phase'; readonly phase: number }
  | { readonly of: 'early-stopping' | 'clipping'; readonly option: string }
  | { readonly of: 'sample-weight' }
  | { readonly of: 'output'; readonly node: NodeId };

export function findSettingProblems(
  { training, data, nodes }: ProjectDocument,
  heads: readonly Head[],
  dataset: Dataset,
  counts: Counts,
): readonly SettingProblem[] {
  return [
    ...training.phases.flatMap((phase, index) => [
      ...inPhase(phase, index, heads),
      ...nothingTrains(index, counts),
    ]),
    ...inStopping(training, heads),
    ...inClipping(training),
    ...inSampleWeight(data.sampleWeight, dataset),
    ...heads.flatMap(head => inClassWeights(head, nodes[head.node]?.name ?? head.output)),
  ];
}

function inPhase(phase: Phase, index: number, heads: readonly Head[]): readonly SettingProblem[] {
  const { optimizer, schedule } = phase;
  const ofOptimizer = findInOptions(OPTIMIZERS[optimizer.kind], optimizer);
  const ofSchedule = {
    ...findInOptions(SCHEDULES[schedule.kind], schedule),
    ...findInSchedule(schedule, heads),
  };
  return [
    ...list(ofOptimizer, option => ({ of: 'optimizer', phase: index, option })),
    ...list(ofSchedule, option => ({ of: 'schedule', phase: index, option })),
  ];
}

type ByOption = Readonly<Record<string, string>>;

function findInOptions(options: Readonly<Record<string, Option>>, settings: object): ByOption {
  const values: Readonly<Record<string, unknown>> = { ...settings };
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, option]) => {
      const problem = findOptionProblem(option, values[name]);
      return problem === null ? [] : [[name, problem]];
    }),
  );
}

/** What no single option can say of itself. */
function findInSchedule(schedule: Schedule, heads: readonly Head[]): ByOption {
  if (schedule.kind === 'piecewise') {
    const { boundaries, values } = schedule;
    if (boundaries.some((boundary, i) => i > 0 && boundary <= (boundaries[i - 1] ?? 0)))
      return { boundaries: 'Each boundary must be later than the one before it.' };
    if (values.length !== boundaries.length + 1) {
      const wanted = countOf(boundaries.length + 1, 'rate', 'rates');
      const takes = boundaries.length === 1 ? '1 boundary takes' : `${boundaries.length} boundaries take`;
      const there = values.length === 1 ? 'there is 1' : `there are ${values.length}`;
      return { values: `${takes} ${wanted}, and ${there}.` };
    }
  }
  if (schedule.kind === 'plateau') {
    const monitor = findInMonitor(schedule.monitor, heads);
    return { ...findInPatience(schedule.patience), ...(monitor === null ? {} : { monitor }) };
  }
  return {};
}

function countOf(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Keras takes 0 for 1, which reads as if nothing were waited for. */
function findInPatience(patience: number): ByOption {
  return patience >= 1 ? {} : { patience: 'It must be 1 or more: the first epoch that is no better is one.' };
}

function findInMonitor({ output, value }: Monitor, heads: readonly Head[]): string | null {
  if (value === 'loss') return null;
  const metrics = heads.find(({ node }) => node === output)?.metrics ?? [];
  return metrics.some(metric => nameMetric(metric) === value)
    ? null
    : 'What it watches is no longer measured. Choose something else.';
}

function inStopping({ earlyStopping }: TrainingSettings, heads: readonly Head[]): readonly SettingProblem[] {
  if (earlyStopping === null) return [];
  const monitor = findInMonitor(earlyStopping.monitor, heads);
  const found = {
    ...findInOptions(EARLY_STOPPING, earlyStopping),
    ...findInPatience(earlyStopping.patience),
    ...(monitor === null ? {} : { monitor }),
  };
  return list(found, option => ({ of: 'early-stopping', option }));
}

function inClipping({ clipping }: TrainingSettings): readonly SettingProblem[] {
  if (clipping === null) return [];
  return list(findInOptions(CLIPPINGS[clipping.kind], clipping), option => ({ of: 'clipping', option }));
}

function list(found: ByOption, at: (option: string) => SettingField): readonly SettingProblem[] {
  return Object.entries(found).map(([option, message]) => ({ at: at(option), message }));
}

function nothingTrains(index: number, counts: Counts): readonly SettingProblem[] {
  const message = counts.phases[index]?.problem ?? null;
  return message === null ? [] : [{ at: { of: 'phase', phase: index }, message }];
}

function inSampleWeight(name: string | null, dataset: Dataset): readonly SettingProblem[] {
  if (name === null) return [];
  const at = { of: 'sample-weight' } as const;
  const column = columnNamed(dataset, name);
  if (column === null)
    return [{ at, message: `The data has no column '${name}' to weigh rows by. Choose another or none.` }];
  if (column.kind === 'classes')
    return [
      { at, message: `'${name}' holds classes, and weights are numbers. Choose another column or none.` },
    ];
  const message = findSampleWeightProblem(column);
  return message === null ? [] : [{ at, message }];
}

function inClassWeights({ node, classWeights }: Head, name: string): readonly SettingProblem[] {
  const bad = Object.entries(classWeights ?? {}).find(([, weight]) => !Number.isFinite(weight) || weight < 0);
  if (bad === undefined) return [];
  const message = `${name} weighs the class '${bad[0]}' with ${bad[1]}. A weight is a number of 0 or more.`;
  return [{ at: { of: 'output', node }, message }];
}

const NONE: readonly SettingProblem[] = [];

const problemsOnce = memoize(
  (
    document: ProjectDocument,
    heads: readonly Head[],
    dataset: Dataset | null,
    counts: Counts | null,
  ): readonly SettingProblem[] =>
    dataset === null || counts === null ? NONE : findSettingProblems(document, heads, dataset, counts),
);

/** None while the network has errors or there is no data: those come first. */
export function selectSettingProblems(state: GraftState): readonly SettingProblem[] {
  return problemsOnce(state.document, selectCompiled(state).heads, state.dataset, selectCounts(state));
}

const readyOnce = memoize(
  (suits: Readiness, problems: readonly SettingProblem[], phases: TrainingSettings['phases']): Readiness => {
    const [first] = problems;
    if (suits.kind === 'blocked' || first === undefined) return suits;
    const where = 'phase' in first.at && phases.length > 1 ? `${phases[first.at.phase]?.name}: ` : '';
    const more = problems.length > 1 ? ` And ${problems.length - 1} more.` : '';
    return { kind: 'blocked', reason: `${where}${first.message}${more}`, tab: 'training' };
  },
);

const suitsOnce = memoize(readiness);

/** Whether training may begin, and if not why. */
export function selectReadiness(state: GraftState): Readiness {
  return readyOnce(
    suitsOnce(selectCompiled(state), state.dataset),
    selectSettingProblems(state),
    state.document.training.phases,
  );
}
