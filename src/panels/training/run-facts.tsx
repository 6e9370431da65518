/** Where a run stands, in words and numbers. */
import { CircleAlert, History } from 'lucide-react';
import type { ReactNode } from 'react';
import { totalEpochs } from '../../graph/training-settings';
import { useGraft } from '../../store/store';
import { formatDuration, progress, timeLeft } from '../../store/training-run';
import { isBusy, selectChangedSinceRun, type Training } from '../../store/training-slice';
import { BACKEND_NAMES } from './backend-names';
import styles from './training.module.css';

type Run = Exclude<Training, { kind: 'idle' }>;

export function RunFacts({ training }: { readonly training: Run }) {
  const changed = useGraft(selectChangedSinceRun);
  const { counts, settings } = training;
  const epochs = totalEpochs(settings);
  const epoch = epochOf(training);
  return (
    <>
      <p className={styles.epoch}>
        {training.kind === 'preparing' ? (
          'Preparing'
        ) : (
          <>
            Epoch {epoch} <small>of {epochs}</small>
          </>
        )}
      </p>
      <Bar training={training} />
      <p className={styles.stage} role="status">
        {stageOf(training)}
      </p>
      {changed && training.kind !== 'failed' && (
        <p className={styles.stale}>
          <History size={14} strokeWidth={1.75} aria-hidden="true" />
          {isBusy(training)
            ? 'You have changed the network. This run goes on with it as it was.'
            : 'Trained before the last change. Train again, or undo it.'}
        </p>
      )}
      <dl className={styles.facts}>
        <Pace training={training} />
        {counts !== null && (
          <Fact name="trainable">
            {count(counts.trainable)} of {count(counts.parameters)}
          </Fact>
        )}
        {'backend' in training && <Fact name="runs on">{BACKEND_NAMES[training.backend.name]}</Fact>}
      </dl>
      {'backend' in training && training.backend.why !== null && (
        <p className={styles.note}>{training.backend.why}</p>
      )}
    </>
  );
}

export function FailureNote({ failure }: { readonly failure: Extract<Run, { kind: 'failed' }>['failure'] }) {
  const show = useGraft(state => state.show);
  const { node } = failure;
  return (
    <div className={styles.failure} role="alert">
      <p className={styles.failureTitle}>
        <CircleAlert size={15} strokeWidth={1.75} aria-hidden="true" />
        {failure.title}
      </p>
      <p>{failure.wayOut}</p>
      {failure.detail !== null && <p className={styles.detail}>{failure.detail}</p>}
      {node !== null && (
        <button type="button" className={styles.textButton} onClick={() => show({ kind: 'node', node })}>
          Show the node
        </button>
      )}
    </div>
  );
}

function epochOf(training: Run): number {
  const logged = training.history.at(-1)?.epoch ?? 0;
  const live = 'live' in training ? (training.live?.epoch ?? 0) : 0;
  const going = training.kind === 'running' || training.kind === 'stopping';
  return Math.min(totalEpochs(training.settings), Math.max(logged, live, going ? logged + 1 : 0));
}

function stageOf(training: Run): string {
  switch (training.kind) {
    case 'preparing':
      return training.doing;
    case 'running':
      return training.live === null && training.history.length === 0 ? 'First steps' : 'Training';
    case 'stopping':
      return 'Stopping after this step';
    case 'finished':
      return endOf(training);
    case 'failed':
      return 'Ended early';
  }
}

function endOf({ stopped, history, results }: Extract<Run, { kind: 'finished' }>): string {
  if (results.kind === 'measuring') return 'Measuring on the test rows';
  const last = history.at(-1);
  if (last === undefined) return 'Stopped before the first epoch ended';
  return `${stopped ? 'Stopped' : 'Finished'} after ${formatDuration(last.elapsed)}`;
}

function Bar({ training }: { readonly training: Run }) {
  const epochs = totalEpochs(training.settings);
  const part =
    'stepsPerEpoch' in training
      ? progress(training.live, training.history, training.stepsPerEpoch, epochs)
      : (training.history.at(-1)?.epoch ?? 0) / epochs;
  return (
    <div
      className={styles.bar}
      role="progressbar"
      aria-label="Training"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(part * 100)}
    >
      <div style={{ width: `${part * 100}%` }} />
    </div>
  );
}

function Pace({ training }: { readonly training: Run }) {
  if (!('stepsPerEpoch' in training)) return null;
  const { live, history, stepsPerEpoch, settings } = training;
  const { batchSize } = settings;
  const left = timeLeft(live, history, stepsPerEpoch, { epochs: totalEpochs(settings), batchSize });
  return (
    <>
      {left !== null && <Fact name="time left">{formatDuration(left)}</Fact>}
      {live !== null && <Fact name="rows per second">{count(Math.round(live.rowsPerSecond))}</Fact>}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function count(value: number): string {
  return value.toLocaleString('en');
}
