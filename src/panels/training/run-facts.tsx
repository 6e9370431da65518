/** Where a run stands, in words and numbers. */
import { CircleAlert, History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useGraft } from '../../store/store';
import { epochsInAll, formatDuration, formatRate, progress, timeLeft } from '../../store/training-run';
import { selectChangedSinceRun } from '../../store/training-slice';
import { type AnyRun, hasSteps, isBusy } from '../../store/training-state';
import { BACKEND_NAMES } from './backend-names';
import styles from './training.module.css';

export function RunFacts({ training }: { readonly training: AnyRun }) {
  const changed = useGraft(selectChangedSinceRun);
  const { counts, settings } = training;
  const epochs = epochsOf(training);
  const epoch = epochOf(training);
  const phase = phaseOf(training);
  const rate = training.history.at(-1)?.learningRate;
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
        {settings.phases.length > 1 && (
          <Fact name={`phase ${phase + 1} of ${settings.phases.length}`}>{settings.phases[phase]?.name}</Fact>
        )}
        {rate !== undefined && <Fact name="learning rate">{formatRate(rate)}</Fact>}
        {counts !== null && (
          <Fact name="trainable">
            {count(counts.phases[phase]?.trainable ?? 0)} of {count(counts.parameters)}
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

export function FailureNote({
  failure,
}: {
  readonly failure: Extract<AnyRun, { kind: 'failed' }>['failure'];
}) {
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

function epochsOf({ settings, history, ends }: AnyRun): number {
  return epochsInAll(settings, history, ends);
}

function epochOf(training: AnyRun): number {
  const logged = training.history.at(-1)?.epoch ?? 0;
  if (!hasSteps(training)) return logged;
  return Math.min(epochsOf(training), Math.max(logged + 1, training.live?.epoch ?? 0));
}

/** From 0: the one under way, or the last that was. */
function phaseOf({ settings, ends, history, kind }: AnyRun): number {
  const over = kind === 'finished' || kind === 'failed';
  return Math.min(settings.phases.length - 1, over ? (history.at(-1)?.phase ?? 0) : ends.length);
}

function stageOf(training: AnyRun): string {
  switch (training.kind) {
    case 'preparing':
      return training.doing;
    case 'running':
      return training.live === null && training.history.length === 0 ? 'First steps' : 'Training';
    case 'pausing':
      return 'Pausing after this step';
    case 'paused':
      return 'Paused. Nothing is lost; Resume goes on with the next step.';
    case 'stopping':
      return 'Stopping after this step';
    case 'finished':
      return endOf(training);
    case 'failed':
      return 'Ended early';
  }
}

function endOf({ stopped, history, results, ends }: Extract<AnyRun, { kind: 'finished' }>): string {
  if (results.kind === 'measuring') return 'Measuring on the test rows';
  const last = history.at(-1);
  if (last === undefined) return 'Stopped before the first epoch ended';
  const end = ends.at(-1);
  const kept =
    end === undefined || end.restored === null || end.restored === last.epoch
      ? ''
      : ` The weights of epoch ${end.restored} are kept: nothing was better after it.`;
  return `${stopped ? 'Stopped' : 'Finished'} after ${formatDuration(last.elapsed)}.${kept}`;
}

function Bar({ training }: { readonly training: AnyRun }) {
  const epochs = epochsOf(training);
  const part = hasSteps(training)
    ? progress(training.live, training.history, training.stepsPerEpoch, epochs)
    : (training.history.at(-1)?.epoch ?? 0) / Math.max(1, epochs);
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

function Pace({ training }: { readonly training: AnyRun }) {
  if (!hasSteps(training)) return null;
  const { live, history, stepsPerEpoch, settings } = training;
  const { batchSize } = settings;
  const left = timeLeft(live, history, stepsPerEpoch, { epochs: epochsOf(training), batchSize });
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
