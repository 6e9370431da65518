/** Did joining help: every number of the last run with what it means, and the runs of this session. */
import { useGraft } from '../../store/store';
import { isBusy } from '../../store/training-state';
import { HeadTable } from './head-table';
import styles from './results.module.css';
import { RunList } from './run-list';

export function ResultsTab() {
  const training = useGraft(state => state.training);
  const runs = useGraft(state => state.runs);
  const last = runs.at(-1);
  const results = training.kind === 'finished' ? training.results : (last?.results ?? null);
  if (results === null) {
    return (
      <p className={styles.none}>
        {isBusy(training)
          ? 'The run is measured on the test rows as soon as it ends.'
          : 'Nothing has been measured in this session. Train, and each source, their average and the join are compared on the same test rows.'}
      </p>
    );
  }
  return (
    <div className={styles.tab}>
      <section aria-label="On the test rows">
        {results.kind === 'measuring' && <p className={styles.text}>Measuring on the test rows.</p>}
        {results.kind === 'not-measured' && (
          <p className={styles.text}>The join could not be measured: {results.reason}</p>
        )}
        {results.kind === 'measured' && (
          <div className={styles.heads}>
            {results.heads.map(head => (
              <HeadTable key={head.head} results={head} />
            ))}
          </div>
        )}
      </section>
      <section aria-label="Runs of this session">
        <h3>Runs of this session</h3>
        <RunList runs={runs} />
        <p className={styles.small}>
          Choosing the best of many runs by their test score makes that score too good: choose by validation.
        </p>
      </section>
    </div>
  );
}
