import { type ReactNode, useMemo, useState } from 'react';
import { nameMetric } from '../../graph/objectives';
import { useGraft } from '../../store/store';
import { type AnyRun, isBusy, type RunHead } from '../../store/training-state';
import { BeforeTraining } from './before-training';
import { Chart } from './chart';
import { HeadChoice } from './head-choice';
import { MeasuredTable } from './measured-table';
import { lossChart, metricChart, nameValue } from './run-charts';
import { FailureNote, RunFacts } from './run-facts';
import { SettingsForm } from './settings-form';
import { TestScores } from './test-scores';
import styles from './training.module.css';

export function TrainingTab() {
  const training = useGraft(state => state.training);
  return training.kind === 'idle' ? <BeforeTraining /> : <RunView training={training} />;
}

function RunView({ training }: { readonly training: AnyRun }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useGraft(state => state.dataset?.testRows.length ?? null);
  const { heads } = training;
  const head = heads.find(({ node }) => node === chosen) ?? heads[0];
  const choice =
    heads.length > 1 && head !== undefined ? (
      <HeadChoice heads={heads} chosen={head.node} onChoose={setChosen} />
    ) : null;
  return (
    <div className={styles.tab}>
      <RunColumn training={training} />
      <Charts training={training} head={head} choice={choice} />
      {training.kind === 'failed' ? (
        <FailureNote failure={training.failure} />
      ) : (
        <section className={styles.test} aria-label="On the test rows">
          <h3>{rows === null ? 'On the test rows' : `On the ${rows.toLocaleString('en')} test rows`}</h3>
          {head !== undefined && <HeadScores training={training} head={head} />}
          {head !== undefined && <MeasuredTable head={head} history={training.history} />}
        </section>
      )}
    </div>
  );
}

/** The run, or the settings of the next one. */
function RunColumn({ training }: { readonly training: AnyRun }) {
  const [settings, setSettings] = useState(false);
  const busy = isBusy(training);
  const form = settings && !busy;
  return (
    <section className={styles.run} aria-label="Run">
      {form ? <SettingsForm /> : <RunFacts training={training} />}
      {!busy && (
        <button type="button" className={styles.textButton} onClick={() => setSettings(!form)}>
          {form ? 'Back to the run' : 'Settings of the next run'}
        </button>
      )}
    </section>
  );
}

interface ChartsProps {
  readonly training: AnyRun;
  readonly head: RunHead | undefined;
  readonly choice: ReactNode;
}

function Charts({ training, head, choice }: ChartsProps) {
  const { settings, heads, sources, history, ends } = training;
  const [wanted, setWanted] = useState<string | null>(null);
  // Of a head that doesn't measure what was chosen the first of its own is shown.
  const metric =
    head?.metrics.find(each => nameMetric(each) === wanted) ??
    (wanted === LOSS ? null : (head?.metrics[0] ?? null));
  const shown = useMemo(
    () => ({ settings, heads, sources, history, ends }),
    [settings, heads, sources, history, ends],
  );
  const loss = useMemo(() => lossChart(shown), [shown]);
  const values = useMemo(
    () => (head === undefined ? null : metricChart(shown, head, metric)),
    [shown, head, metric],
  );
  return (
    <>
      <div className={styles.chart}>
        <Chart title={heads.length > 1 ? 'Loss of all heads' : 'Loss'} spec={loss} />
      </div>
      <div className={styles.chart}>
        {values !== null && head !== undefined && (
          <Chart
            title={nameValue(head, metric)}
            picker={
              head.metrics.length > 1 && (
                <select
                  className={styles.pick}
                  aria-label="What the chart shows"
                  value={metric === null ? LOSS : nameMetric(metric)}
                  onChange={event => setWanted(event.target.value)}
                >
                  {head.metrics.map(each => (
                    <option key={nameMetric(each)} value={nameMetric(each)}>
                      {nameValue(head, each)}
                    </option>
                  ))}
                  <option value={LOSS}>{nameValue(head, null)}</option>
                </select>
              )
            }
            choice={choice}
            spec={values}
          />
        )}
      </div>
    </>
  );
}

/** No metric is called this. */
const LOSS = 'loss';

function HeadScores({ training, head }: { readonly training: AnyRun; readonly head: RunHead }) {
  const sources = training.sources.filter(source => source.head === head.node);
  const results = training.kind === 'finished' ? training.results : null;
  const measured =
    results?.kind === 'measured' ? (results.heads.find(each => each.head === head.node) ?? null) : null;
  if (training.kind === 'preparing' && sources.length === 0)
    return <p className={styles.note}>Each source is measured alone first.</p>;
  return (
    <>
      <TestScores sources={sources} results={measured} />
      {results?.kind === 'not-measured' && <p className={styles.note}>{results.reason}</p>}
    </>
  );
}
