/** The comparison of branches before training: what is measured, in what order, and what it says in the end. */
import { must } from '../base/assert';
import { compile } from '../compiler/compile';
import type { CompileResult, Diagnostic } from '../compiler/result';
import type { Column, Dataset } from '../data/dataset';
import type { ModelId, NodeId, ProjectDocument, WireId } from '../graph/document';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import { sizeOfRow } from '../network/shape';
import type { ProbeResult } from '../trainer/protocol';
import { FEWEST_ROWS, type Similarity } from '../trainer/similarity';
import type { TensorStats } from '../trainer/tensor-stats';
import { deriveSources } from './baselines';
import {
  type ErrorOverlap,
  type Judgement,
  judgeClasses,
  judgeNumbers,
  overlapOfClasses,
  overlapOfNumbers,
} from './error-overlap';
import { type Joint, type PointPair, type ProbePlan, planProbe } from './insight-plan';
import { judgeRanges } from './insight-ranges';
import { feedRows, type Measured, measureSource, type SourceScore } from './measure';
import type { TrainerService } from './services';
import { columnNamed } from './training-check';
import { splitFor } from './training-job';

export interface InsightReport {
  /** On how many rows the features were looked at. */
  readonly rows: number;
  /** On how many rows the sources' errors were. */
  readonly errorRows: number;
  readonly backend: ProbeResult['backend'];
  readonly joints: readonly MeasuredJoint[];
  readonly pairs: readonly ComparedPair[];
  /** Of each output's sources that can be compared, each with each. */
  readonly sources: readonly ComparedSources[];
  /** Sources that can't be, and why. */
  readonly notCompared: readonly { readonly name: string; readonly reason: string }[];
  readonly findings: readonly Diagnostic[];
}

export interface MeasuredJoint {
  readonly joint: Joint;
  readonly stats: TensorStats;
}

export interface ComparedPair {
  readonly pair: PointPair;
  /** null: one side never changes, or there are too few rows. */
  readonly similarity: Similarity | null;
  /** By the errors of the models in the two branches where those can be compared; else by the features alone. */
  readonly verdict: Judgement;
  readonly sources: readonly ComparedSources[];
}

export interface ComparedSources {
  /** The output node's name. */
  readonly head: string;
  readonly a: SourceName;
  readonly b: SourceName;
  readonly overlap: ErrorOverlap;
  readonly judgement: Judgement;
}

interface SourceName {
  readonly node: NodeId;
  readonly name: string;
}

export interface InsightJob {
  readonly document: ProjectDocument;
  readonly compiled: CompileResult;
  readonly network: Network;
  readonly dataset: Dataset;
  readonly networks: ReadonlyMap<ModelId, Network>;
  readonly chosen: readonly [WireId, WireId] | null;
}

/** `tell`: what is being done, for the screen. Rejects when `signal` is aborted, or with what the trainer says. */
export async function compareBranches(
  job: InsightJob,
  trainer: TrainerService,
  signal: AbortSignal,
  tell: (doing: string) => void,
): Promise<InsightReport> {
  const { document, compiled, dataset, networks } = job;
  const start = initialize(job.network, lookUpLayer, document.training.seed);
  const plan = planProbe(document, compiled, start, networks, job.chosen);
  const split = splitFor(document.training, compiled, dataset);
  const free = Uint32Array.from([...split.validation, ...split.train]);
  const rows = spread(free, Math.min(free.length, mostRows(plan, compiled)));
  tell(`Looking at ${rows.length} rows`);
  const inputs = feedRows(plan.network, compiled.feeds, dataset, rows);
  const pairs = plan.pairs.map(({ a, b }) => [a.point, b.point] as const);
  const probed = await trainer.call(
    'probe',
    { network: plan.network, inputs, pairs, backend: 'best' },
    undefined,
    signal,
  );
  // Held back from training if that is enough to say something, else all that isn't for the final test.
  const errorRows = split.validation.length >= FEWEST_ROWS ? split.validation : free;
  const scores = await measureOn(job, errorRows, trainer, signal, tell);
  const sources = compareSources(job, scores, errorRows);
  return {
    rows: rows.length,
    errorRows: errorRows.length,
    backend: probed.backend,
    joints: plan.joints.map(joint => ({
      joint,
      stats: must(probed.stats[joint.point], 'the statistics of a point'),
    })),
    pairs: plan.pairs.map((pair, index) => judgePair(job, pair, probed.similarities[index] ?? null, sources)),
    sources,
    notCompared: scores.flatMap(({ name, result }) =>
      result.kind === 'measured' ? [] : [{ name, reason: result.reason }],
    ),
    findings: judgeRanges(plan, probed.stats, networks),
  };
}

/** The interval of a similarity is about 0.02 wide then; more rows would only take longer. */
const MOST_ROWS = 500;
/** Multiplications for one comparison of features: a few seconds of one core. */
const MOST_PRODUCTS = 4e9;
/** Values that are read back from the device at once. */
const MOST_VALUES = 3e7;

function mostRows({ pairs, valuesPerRow }: ProbePlan, compiled: CompileResult): number {
  const sizeOf = ({ wire }: Joint) => sizeOfRow(compiled.wires.get(wire.id)?.shape ?? []) ?? 1;
  const widest = Math.max(1, ...pairs.map(({ a, b }) => sizeOf(a) + sizeOf(b)));
  const byProducts = Math.floor(Math.sqrt(MOST_PRODUCTS / widest));
  const byValues = Math.floor(MOST_VALUES / Math.max(1, valuesPerRow));
  return Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, byProducts, byValues));
}

/** So many of the rows, from all over. */
function spread(rows: Uint32Array, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] ?? 0);
}

async function measureOn(
  { document, compiled, dataset, networks }: InsightJob,
  rows: Uint32Array,
  trainer: TrainerService,
  signal: AbortSignal,
  tell: (doing: string) => void,
): Promise<readonly SourceScore[]> {
  // Scoring knows only of test rows: these are, for this comparison.
  const onRows = { ...dataset, testRows: rows };
  const derived = deriveSources({
    document,
    heads: compiled.heads,
    dataset,
    networks,
    compile: alone => compile(alone, networks, lookUpLayer),
  });
  const answers = new Map();
  const scores: SourceScore[] = [];
  for (const source of derived) {
    tell(`Asking ${source.name} alone`);
    scores.push(
      await measureSource(source, compiled.heads, onRows, answers, params =>
        trainer.call('predict', params, undefined, signal),
      ),
    );
    signal.throwIfAborted();
  }
  return scores;
}

interface Answered {
  readonly source: SourceName;
  readonly result: Measured;
}

function compareSources(
  { document, compiled, dataset }: InsightJob,
  scores: readonly SourceScore[],
  rows: Uint32Array,
): readonly ComparedSources[] {
  return compiled.heads.flatMap(head => {
    const column = columnNamed(dataset, head.column);
    const answered = scores.flatMap(({ head: of, node, name, result }): Answered[] =>
      of === head.node && result.kind === 'measured' ? [{ source: { node, name }, result }] : [],
    );
    if (column === null) return [];
    const name = document.nodes[head.node]?.name ?? head.output;
    const { seed } = document.training;
    return answered.flatMap((a, index) =>
      answered.slice(index + 1).map(b => ({
        head: name,
        a: a.source,
        b: b.source,
        ...compareAnswers(a, b, column, rows, seed),
      })),
    );
  });
}

function compareAnswers(
  a: Answered,
  b: Answered,
  column: Column,
  rows: Uint32Array,
  seed: number,
): Pick<ComparedSources, 'overlap' | 'judgement'> {
  const names = { a: a.source.name, b: b.source.name };
  if (column.kind === 'classes') {
    const overlap = overlapOfClasses(a.result.scores.perRow, b.result.scores.perRow, seed);
    return { overlap, judgement: judgeClasses(overlap, names, mostFrequent(column, rows)) };
  }
  const size = a.result.output.values.length / rows.length;
  const errors = ({ result }: Answered) =>
    Float64Array.from(result.output.values, (value, i) => {
      const row = rows[Math.floor(i / size)] ?? 0;
      return value - (column.values[row * size + (i % size)] ?? 0);
    });
  const overlap = overlapOfNumbers(errors(a), errors(b), rows.length, seed);
  return { overlap, judgement: judgeNumbers(overlap, names) };
}

/** The part of the rows that are of the most frequent class. */
function mostFrequent(column: Extract<Column, { kind: 'classes' }>, rows: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const value = column.values[row] ?? -1;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) / Math.max(1, rows.length);
}

function judgePair(
  { document }: InsightJob,
  pair: PointPair,
  similarity: Similarity | null,
  sources: readonly ComparedSources[],
): ComparedPair {
  const [inA, inB] = [pair.a, pair.b].map(({ source }) => modelsUpTo(document, source.id));
  const onlyIn = (
    mine: ReadonlySet<string> | undefined,
    other: ReadonlySet<string> | undefined,
    node: NodeId,
  ) => {
    const model = document.nodes[node];
    return model?.kind === 'model' && mine?.has(model.model) === true && other?.has(model.model) === false;
  };
  const own = sources.filter(
    ({ a, b }) =>
      (onlyIn(inA, inB, a.node) && onlyIn(inB, inA, b.node)) ||
      (onlyIn(inA, inB, b.node) && onlyIn(inB, inA, a.node)),
  );
  const [first] = own;
  return { pair, similarity, sources: own, verdict: first?.judgement ?? judgeFeatures(similarity) };
}

/** The models that lead to a node, itself included. */
function modelsUpTo({ nodes, wires }: ProjectDocument, node: NodeId): ReadonlySet<ModelId> {
  const seen = new Set<NodeId>();
  const pending = [node];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const wire of Object.values(wires)) if (wire.to.node === id) pending.push(wire.from.node);
  }
  const models = new Set<ModelId>();
  for (const id of seen) {
    const found = nodes[id];
    if (found?.kind === 'model') models.add(found.model);
  }
  return models;
}

/** Student's t for 95 % with the nine degrees of freedom that ten groups leave. */
const T95 = 2.262;
const NEARLY_SAME = 0.8;
const MOSTLY_DIFFERENT = 0.5;

export function similaritySpan({ debiased, error }: Similarity) {
  return {
    value: debiased,
    low: Math.max(0, debiased - T95 * error),
    high: Math.min(1, debiased + T95 * error),
  };
}

/** Without comparable answers: how alike the features are says whether they could complement each other, not that they do. */
export function judgeFeatures(similarity: Similarity | null): Judgement {
  if (similarity === null)
    return {
      kind: 'unclear',
      sentence:
        'The features can’t be compared: those of one branch never change, or there are too few rows.',
    };
  const { value, low, high } = similaritySpan(similarity);
  const alike = `their features are alike by ${Math.max(0, value).toFixed(2)} (0 to 1; 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)})`;
  if (low >= NEARLY_SAME)
    return {
      kind: 'redundant',
      sentence: `Likely redundant: ${alike}, so the branches see nearly the same.`,
    };
  if (high <= MOSTLY_DIFFERENT)
    return {
      kind: 'complementary',
      sentence: `Possibly complementary: ${alike}, so the branches see different things. Whether that helps, training shows.`,
    };
  return { kind: 'unclear', sentence: `Partly the same: ${alike}.` };
}
