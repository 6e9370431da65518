import { type ReactNode, useMemo, useState } from 'react';
import { useGraft } from '../../store/store';
import { isBusy, type Training } from '../../store/training-slice';
import { BeforeTraining } from './before-training';
import { Chart } from './chart';
import { HeadChoice } from './head-choice';
import { lossChart, metricChart } from './run-charts';
import { FailureNote, RunFacts } from './run-facts';
import { SettingsForm } from './settings-form';
import { TestScores } from './test-scores';
import styles from './training.module.css';

export function TrainingTab() {
  const training = useGraft(state => state.training);
  return training.kind === 'idle' ? <BeforeTraining /> : <RunView training={training} />;
}

type Run = Exclude<Training, { kind: 'idle' }>;

function RunView({ training }: { readonly training: Run }) {
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
          {head !== undefined && <HeadScores training={training} head={head.node} />}
        </section>
      )}
    </div>
  );
}

/** The run, or the settings of the next one. */
function RunColumn({ training }: { readonly training: Run }) {
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
  readonly training: Run;
  readonly head: Run['heads'][number] | undefined;
  readonly choice: ReactNode;
}

function Charts({ training, head, choice }: ChartsProps) {
  const { settings, heads, sources, history } = training;
  const shown = useMemo(() => ({ settings, heads, sources, history }), [settings, heads, sources, history]);
  const loss = useMemo(() => lossChart(shown), [shown]);
  const metric = useMemo(() => (head === undefined ? null : metricChart(shown, head)), [shown, head]);
  return (
    <>
      <div className={styles.chart}>
        <Chart title={heads.length > 1 ? 'Loss of all heads' : 'Loss'} spec={loss} />
      </div>
      <div className={styles.chart}>
        {metric !== null && <Chart title={metric.title} choice={choice} spec={metric.spec} />}
      </div>
    </>
  );
}

function HeadScores({ training, head }: { readonly training: Run; readonly head: string }) {
  const sources = training.sources.filter(source => source.head === head);
  const results = training.kind === 'finished' ? training.results : null;
  const measured =
    results?.kind === 'measured' ? (results.heads.find(each => each.head === head) ?? null) : null;
  if (training.kind === 'preparing' && sources.length === 0)
    return <p className={styles.note}>Each source is measured alone first.</p>;
  return (
    <>
      <TestScores sources={sources} results={measured} />
      {results?.kind === 'not-measured' && <p className={styles.note}>{results.reason}</p>}
    </>
  );
}
