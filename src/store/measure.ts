/**
 * Each source alone, their plain average and the join, on the same test rows. Every number comes from predictions that the
 * trainer has just made; what couldn't be measured says why.
 */
import { must } from '../base/assert';
import type { CompileResult, Head } from '../compiler/result';
import type { Dataset } from '../data/dataset';
import { inputArray } from '../data/to-arrays';
import type { NodeId } from '../graph/document';
import type { ArrayData } from '../network/arrays';
import type { Network } from '../network/network';
import type { TrainerMethods } from '../trainer/protocol';
import type { Source } from './baselines';
import { networkKey } from './network-key';
import {
  averageOutputs,
  bestOf,
  judge,
  type Measure,
  mean,
  measureFor,
  type RowScores,
  scoreRows,
  thresholdOf,
  type Verdict,
} from './scores';
import { columnNamed } from './training-check';

export interface SourceScore {
  readonly head: NodeId;
  readonly node: NodeId;
  readonly name: string;
  readonly result: Measured | NotMeasured;
}

export interface Measured {
  readonly kind: 'measured';
  readonly scores: RowScores;
  readonly mean: number;
  /** How it was fed, where that differs from the project. */
  readonly note: string | null;
  /** Its answers to the test rows. */
  readonly output: ArrayData;
}

export interface NotMeasured {
  readonly kind: 'not-comparable' | 'failed';
  readonly reason: string;
}

export interface HeadResults {
  readonly head: NodeId;
  readonly name: string;
  readonly column: string;
  readonly measure: Measure;
  readonly rows: number;
  readonly sources: readonly SourceScore[];
  readonly average: { readonly mean: number } | { readonly reason: string };
  readonly joined: number;
  /** Against the best source; null: there is none to compare with. */
  readonly verdict: Verdict | null;
  readonly againstAverage: Verdict | null;
}

export type Predict = (
  params: TrainerMethods['predict']['params'],
) => Promise<TrainerMethods['predict']['result']>;

/** The rows of the data that feed a network's inputs, in the inputs' order. */
export function feedRows(
  network: Network,
  feeds: CompileResult['feeds'],
  dataset: Dataset,
  rows: Uint32Array | null,
): ArrayData[] {
  return network.inputs.map(input => {
    const feed = feeds.find(each => each.input === input.name);
    const column = must(columnNamed(dataset, feed?.column ?? null), `a column for the input ${input.name}`);
    const all = inputArray(column, input.shape, input.dtype);
    return rows === null ? all : takeRows(all, rows);
  });
}

function takeRows(data: ArrayData, rows: Uint32Array): ArrayData {
  const size = data.values.length / Math.max(1, data.shape[0] ?? 1);
  const shape = [rows.length, ...data.shape.slice(1)];
  const copy = <T extends Float32Array | Int32Array>(from: T, to: T): T => {
    for (const [index, row] of rows.entries())
      to.set(from.subarray(row * size, (row + 1) * size), index * size);
    return to;
  };
  const { values } = data;
  return values instanceof Float32Array
    ? { shape, dtype: 'float32', values: copy(values, new Float32Array(rows.length * size)) }
    : { shape, dtype: 'int32', values: copy(values, new Int32Array(rows.length * size)) };
}

/** What one source answered, by what it is and what it was fed with: asked once, as long as neither changes. */
export type Answers = Map<string, ArrayData>;

function answersKey(compiled: CompileResult, network: Network, dataset: Dataset): string {
  const outputs = network.outputs.map(({ from }, index) => ({ from, name: String(index) }));
  const columns = compiled.feeds.map(feed => feed.column);
  return JSON.stringify([networkKey({ ...network, name: '', outputs }), columns, dataset.id]);
}

export async function measureSource(
  source: Source,
  heads: readonly Head[],
  dataset: Dataset,
  answers: Answers,
  predict: Predict,
): Promise<SourceScore> {
  const { head, node, name, comparison } = source;
  const score = (result: SourceScore['result']): SourceScore => ({ head, node, name, result });
  if (comparison.kind === 'not-comparable') return score(comparison);
  const { compiled } = comparison;
  const network = must(compiled.network, 'a network without errors');
  const column = must(
    columnNamed(dataset, heads.find(each => each.node === head)?.column ?? null),
    'the column of a head',
  );
  try {
    const key = answersKey(compiled, network, dataset);
    let output = answers.get(key);
    if (output === undefined) {
      const inputs = feedRows(network, compiled.feeds, dataset, dataset.testRows);
      const result = await predict({ network, inputs, backend: 'best' });
      output = must(result.outputs[0], 'the output of a source');
      answers.set(key, output);
    }
    if (output.values.some(value => !Number.isFinite(value)))
      return score({ kind: 'failed', reason: 'It answers some test rows with values that are not numbers.' });
    if (column.kind === 'classes' && rowSize(output) === 1 && !areProbabilities(output))
      return score({ kind: 'not-comparable', reason: 'Its one value is no probability: it leaves 0 to 1.' });
    const scores = scoreRows(output, column, dataset.testRows);
    return score({ kind: 'measured', scores, mean: mean(scores.perRow), note: comparison.note, output });
  } catch (error) {
    return score({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

function rowSize(output: ArrayData): number {
  return output.values.length / Math.max(1, output.shape[0] ?? 1);
}

/** Values of 0 to 1 that, where a row has several, make up 1. */
function areProbabilities(output: ArrayData): boolean {
  const size = rowSize(output);
  for (let row = 0; row < output.values.length; row += size) {
    let sum = 0;
    for (const value of output.values.subarray(row, row + size)) {
      if (value < -1e-6 || value > 1 + 1e-6) return false;
      sum += value;
    }
    if (size > 1 && Math.abs(sum - 1) > 1e-3) return false;
  }
  return true;
}

/** `joined`: the trained network's outputs for the test rows, in the order of `heads`. */
export function compareHeads(
  heads: readonly Head[],
  nameOf: (node: NodeId) => string,
  dataset: Dataset,
  sources: readonly SourceScore[],
  joined: readonly ArrayData[],
  seed: number,
): readonly HeadResults[] {
  return heads.map((head, index) => {
    const column = must(columnNamed(dataset, head.column), 'the column of a head');
    const output = must(joined[index], 'an output for each head');
    const scores = scoreRows(output, column, dataset.testRows, thresholdOf(head.loss));
    const own = sources.filter(source => source.head === head.node);
    const measured = own.flatMap(({ result }) => (result.kind === 'measured' ? [result] : []));
    const best = bestOf(measured.map(result => result.scores));
    const bestSource = best === null ? undefined : measured[best];
    const average = averageOf(measured, measureFor(column));
    const averaged = 'output' in average ? scoreRows(average.output, column, dataset.testRows) : null;
    const only = measured.length === 1 ? own.find(({ result }) => result === bestSource)?.name : undefined;
    return {
      head: head.node,
      name: nameOf(head.node),
      column: column.name,
      measure: scores.measure,
      rows: dataset.testRows.length,
      sources: own,
      average: averaged === null ? { reason: reasonOf(average) } : { mean: mean(averaged.perRow) },
      joined: mean(scores.perRow),
      verdict:
        bestSource === undefined
          ? null
          : judge(scores, bestSource.scores, only === undefined ? 'the best source' : `${only} alone`, seed),
      againstAverage: averaged === null ? null : judge(scores, averaged, 'their average', seed),
    };
  });
}

function reasonOf(average: ReturnType<typeof averageOf>): string {
  return 'reason' in average ? average.reason : '';
}

/** Of answers that mean the same, value by value: probabilities of the same classes, or the same numbers. */
function averageOf(
  measured: readonly Measured[],
  measure: Measure,
): { readonly output: ArrayData } | { readonly reason: string } {
  if (measured.length < 2) return { reason: 'It takes two sources that can be compared.' };
  const [first] = measured;
  if (measured.some(({ output }) => output.values.length !== first?.output.values.length))
    return { reason: 'The sources give different numbers of values.' };
  if (measure === 'accuracy' && !measured.every(({ output }) => areProbabilities(output)))
    return { reason: 'Not all sources give probabilities.' };
  return { output: averageOutputs(measured.map(({ output }) => output)) };
}
