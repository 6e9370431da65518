/** A run's work beside its steps: what the trainer is given, and the comparison of sources and join on the test rows. */
import { must } from '../base/assert';
import { compile } from '../compiler/compile';
import type { CompileResult } from '../compiler/result';
import type { Dataset } from '../data/dataset';
import { type Split, splitRows } from '../data/split';
import { targetArray } from '../data/to-arrays';
import type { ModelId, ProjectDocument } from '../graph/document';
import type { TrainingSettings } from '../graph/training-settings';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import type { TrainParams, TrainResult } from '../trainer/protocol';
import { deriveSources } from './baselines';
import type { Counts } from './counts';
import { type Answers, compareHeads, feedRows, measureSource, type SourceScore } from './measure';
import { weighRows } from './row-weights';
import type { Services } from './services';
import { shapeAtHead } from './training-check';
import { withWeights } from './training-run';
import type { Results } from './training-state';

/** What a run is made of, as it was when it began. */
export interface Job {
  readonly document: ProjectDocument;
  readonly compiled: CompileResult;
  readonly network: Network;
  readonly dataset: Dataset;
  readonly counts: Counts;
  readonly networks: ReadonlyMap<ModelId, Network>;
}

export async function measureSources(
  { document, compiled, dataset, networks }: Job,
  answers: Answers,
  trainer: Services['trainer'],
  isWanted: () => boolean,
  report: (doing: string, sources: readonly SourceScore[]) => void,
): Promise<readonly SourceScore[]> {
  await nextPaint();
  const scores: SourceScore[] = [];
  if (dataset.testRows.length === 0) return scores;
  const sources = deriveSources({
    document,
    heads: compiled.heads,
    dataset,
    networks,
    compile: derived => compile(derived, networks, lookUpLayer),
  });
  for (const source of sources) {
    if (!isWanted()) break;
    report(`Measuring ${source.name} alone`, [...scores]);
    scores.push(
      await measureSource(source, compiled.heads, dataset, answers, params =>
        trainer.call('predict', params),
      ),
    );
  }
  return scores;
}

/** `start`: the network with the first weights of all its layers. */
export function trainParams({ document, compiled, dataset, counts }: Job, start: Network): TrainParams {
  const { train, validation } = splitFor(document.training, compiled, dataset);
  return {
    network: start,
    heads: compiled.heads,
    inputs: feedRows(start, compiled.feeds, dataset, null),
    targets: compiled.heads.map(head => {
      const column = dataset.columns.find(({ name }) => name === head.column);
      const shape = must(shapeAtHead(document, compiled, head.node), `the shape at ${head.output}`);
      return targetArray(must(column, `the column ${head.column}`), head.loss.kind, shape);
    }),
    rowWeights: weighRows(compiled.heads, dataset, document.data.sampleWeight),
    trainRows: train,
    validationRows: validation,
    phases: document.training.phases.map(({ epochs, optimizer, schedule }, index) => ({
      epochs,
      optimizer,
      schedule,
      trainable: counts.phases[index]?.layers ?? [],
    })),
    settings: document.training,
    backend: 'best',
  };
}

/** The rows of a run, in the same parts wherever they are shown or used: by the classes of the first head. */
export function splitFor(
  { validationSplit, seed }: TrainingSettings,
  compiled: CompileResult,
  dataset: Dataset,
): Split {
  return splitRows(dataset, validationSplit, seed, compiled.heads[0]?.column ?? null);
}

export async function measureJoined(
  { document, compiled, dataset }: Job,
  start: Network,
  { weights }: TrainResult,
  sources: readonly SourceScore[],
  trainer: Services['trainer'],
): Promise<Results> {
  if (dataset.testRows.length === 0)
    return { kind: 'not-measured', reason: `${dataset.name} holds no test rows back.` };
  try {
    const network = withWeights(start, weights);
    const inputs = feedRows(network, compiled.feeds, dataset, dataset.testRows);
    const { outputs } = await trainer.call('predict', { network, inputs, backend: 'best' });
    const nameOf = (node: string) => document.nodes[node]?.name ?? node;
    const { seed } = document.training;
    return {
      kind: 'measured',
      heads: compareHeads(compiled.heads, nameOf, dataset, sources, outputs, seed),
    };
  } catch (error) {
    return { kind: 'not-measured', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Lets the screen show what is being done before something keeps the page busy. */
export function nextPaint(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
