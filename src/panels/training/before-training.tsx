/** What will be trained, on what and how, before there is a run to show. */
import { useMemo } from 'react';
import { selectCounts } from '../../store/counts';
import { selectWeightsState } from '../../store/export-slice';
import { formatCount as count } from '../../store/node-words';
import { selectCompiled } from '../../store/selectors';
import { selectReadiness } from '../../store/setting-problems';
import { useGraft } from '../../store/store';
import { splitFor } from '../../store/training-job';
import { describePhase } from '../../store/training-run';
import { SettingsForm } from './settings-form';
import styles from './training.module.css';

export function BeforeTraining() {
  const ready = useGraft(selectReadiness);
  return (
    <div className={styles.tab}>
      <section className={styles.settings} aria-label="Settings">
        <h3>Settings</h3>
        <SettingsForm />
      </section>
      <section className={styles.plan} aria-label="What will be trained">
        {ready.kind === 'blocked' ? (
          <>
            <h3>Not ready to train</h3>
            <p className={styles.planText}>{ready.reason}</p>
          </>
        ) : (
          <Plan />
        )}
      </section>
    </div>
  );
}

function Plan() {
  const compiled = useGraft(selectCompiled);
  const dataset = useGraft(state => state.dataset);
  const settings = useGraft(state => state.document.training);
  const counts = useGraft(selectCounts);
  const weights = useGraft(selectWeightsState);
  const split = useMemo(
    () => (dataset === null ? null : splitFor(settings, compiled, dataset)),
    [dataset, settings, compiled],
  );
  if (split === null || counts === null) return null;
  const steps = Math.ceil(split.train.length / settings.batchSize);
  const { phases, earlyStopping } = settings;
  return (
    <>
      <h3>What happens when you train</h3>
      <ol className={styles.steps}>
        <li>
          Each source model is measured alone on the <b>{count(split.test.length)}</b> test rows, which
          training never sees.
        </li>
        <li>
          {phases.length === 1 ? (
            <>
              <b>{count(counts.phases[0]?.trainable ?? 0)}</b> of {count(counts.parameters)} parameters train
            </>
          ) : (
            `In ${phases.length} phases it trains`
          )}{' '}
          on <b>{count(split.train.length)}</b> rows, {count(steps)} steps an epoch.{' '}
          {split.validation.length > 0 && (
            <>
              <b>{count(split.validation.length)}</b> rows validate.
            </>
          )}
          {phases.length > 1 && (
            <ol className={styles.phaseList}>
              {phases.map((phase, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a phase is its place in the run.
                <li key={index}>
                  <b>{phase.name}</b>: {count(counts.phases[index]?.trainable ?? 0)} of{' '}
                  {count(counts.parameters)} parameters, {describePhase(phase)}
                </li>
              ))}
            </ol>
          )}
          {earlyStopping !== null &&
            ` A phase ends early when nothing gets better for ${earlyStopping.patience} epochs.`}
        </li>
        <li>The joined network is measured on the same test rows, and you see whether joining helped.</li>
      </ol>
      <p className={styles.note}>
        {weights === 'trained'
          ? 'The weights of an earlier run are kept with the project: Export takes them. Training starts anew.'
          : 'Everything runs in this browser, on your own machine.'}
      </p>
    </>
  );
}
