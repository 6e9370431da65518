/** The steps of the proof as they go, then the file, or why there is none. */
import { Circle, CircleAlert, CircleCheck, LoaderCircle, TriangleAlert } from 'lucide-react';
import { EXPORT_STEPS, type ExportStep } from '../../store/export-flow';
import type { Exporting, StepState, WeightsState } from '../../store/export-slice';
import { useGraft } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Dialog } from '../../ui-kit/dialog';
import { downloadFile } from '../../ui-kit/download';
import { BACKEND_NAMES } from '../training/backend-names';
import styles from './export-dialog.module.css';

const STEP_WORDS: Readonly<Record<ExportStep, string>> = {
  write: 'Write the files, with probes and their answers',
  read: 'Read them back with a fresh reader and compare',
  run: 'Open them in stock TensorFlow.js and run the probes',
};

const WEIGHT_WORDS: Readonly<Record<Exclude<WeightsState, 'trained' | 'whole'>, string>> = {
  untrained:
    'The new layers are untrained: the file predicts nothing useful yet. Train first, unless you want to train it elsewhere.',
  stale:
    'The network was trained before its last change, so those weights do not fit any more and are left out: the new layers are untrained. Train again, or undo the change.',
};

export function ExportDialog() {
  const exporting = useGraft(state => state.exporting);
  const close = useGraft(state => state.closeExport);
  if (exporting.kind === 'closed') return null;
  const { outcome, weights, steps, fileName } = exporting;
  return (
    <Dialog
      title="Export"
      width={480}
      onClose={close}
      foot={
        <>
          <Button onClick={close}>{outcome === null ? 'Cancel' : 'Close'}</Button>
          <Button
            look="primary"
            disabled={outcome?.kind !== 'proved'}
            onClick={() =>
              outcome?.kind === 'proved' && downloadFile(fileName, 'application/zip', outcome.zip.slice())
            }
          >
            Download
          </Button>
        </>
      }
    >
      <p className={styles.lead}>
        <b>{fileName}</b> holds the {weights === 'trained' && 'trained '}model for TensorFlow.js and this
        project. It is checked here before you get it.
      </p>
      {(weights === 'untrained' || weights === 'stale') && (
        <p className={styles.warning}>
          <TriangleAlert size={15} strokeWidth={1.75} aria-hidden="true" />
          {WEIGHT_WORDS[weights]}
        </p>
      )}
      <ol className={styles.steps} aria-live="polite">
        {EXPORT_STEPS.map(step => (
          <Step key={step} words={STEP_WORDS[step]} state={steps[step]} />
        ))}
      </ol>
      {outcome !== null && <Outcome outcome={outcome} />}
    </Dialog>
  );
}

const ICONS = { waiting: Circle, running: LoaderCircle, done: CircleCheck, failed: CircleAlert } as const;

function Step({ words, state }: { readonly words: string; readonly state: StepState }) {
  const Icon = ICONS[state.kind];
  return (
    <li className={styles.step} data-state={state.kind}>
      <Icon size={16} strokeWidth={1.75} aria-label={state.kind} />
      <span>
        {words}
        {state.kind === 'done' && <small>{state.found}</small>}
      </span>
    </li>
  );
}

type Ended = NonNullable<Extract<Exporting, { kind: 'open' }>['outcome']>;

function Outcome({ outcome }: { readonly outcome: Ended }) {
  if (outcome.kind === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <p>
          <b>Not offered for download.</b> {outcome.reason}
        </p>
        <p>The file would not predict what you saw here, so you don't get it. Your project is unchanged.</p>
      </div>
    );
  }
  return (
    <p className={styles.proved} role="status">
      Proved on {BACKEND_NAMES[outcome.backend.name]}: stock TensorFlow.js answers as the network does here.
    </p>
  );
}
