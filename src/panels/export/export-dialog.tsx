/** Which file, the steps of its proof as they go, then the file, or why there is none. */
import { Circle, CircleAlert, CircleCheck, LoaderCircle, TriangleAlert } from 'lucide-react';
import { EXPORT_STEPS, fileStem } from '../../store/export-flow';
import type { Exporting, StepState, WeightsState } from '../../store/export-slice';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Dialog } from '../../ui-kit/dialog';
import { downloadFile } from '../../ui-kit/download';
import { BACKEND_NAMES } from '../training/backend-names';
import styles from './export-dialog.module.css';
import { FormatChoice } from './format-choice';
import { FORMATS } from './formats';

const WEIGHT_WORDS: Readonly<Record<Exclude<WeightsState, 'trained' | 'whole'>, string>> = {
  untrained:
    'The new layers are untrained: the file predicts nothing useful yet. Train first, unless you want to train it elsewhere.',
  stale:
    'The network was trained before its last change, so those weights do not fit any more and are left out: the new layers are untrained. Train again, or undo the change.',
};

export function ExportDialog() {
  const exporting = useGraft(state => state.exporting);
  const close = useGraft(state => state.closeExport);
  const openExport = useGraft(state => state.openExport);
  if (exporting.kind === 'closed') return null;
  const { outcome, weights, steps, fileName, format } = exporting;
  return (
    <Dialog title="Export" width={520} onClose={close} foot={<Foot exporting={exporting} />}>
      <FormatChoice chosen={format} onChoose={chosen => void openExport(chosen)} />
      <p className={styles.lead}>
        <b>{fileName}</b> holds the {weights === 'trained' && 'trained '}
        {FORMATS[format].holds} It is checked here before you get it.
      </p>
      {(weights === 'untrained' || weights === 'stale') && (
        <p className={styles.warning}>
          <TriangleAlert size={15} strokeWidth={1.75} aria-hidden="true" />
          {WEIGHT_WORDS[weights]}
        </p>
      )}
      <ol className={styles.steps} aria-live="polite">
        {EXPORT_STEPS.map(step => {
          const words = FORMATS[format].steps[step];
          return words === undefined ? null : <Step key={step} words={words} state={steps[step]} />;
        })}
      </ol>
      {outcome !== null && <Outcome outcome={outcome} />}
    </Dialog>
  );
}

type Open = Extract<Exporting, { kind: 'open' }>;

function Foot({ exporting: { outcome, fileName, format } }: { readonly exporting: Open }) {
  const store = useGraftStore();
  const close = useGraft(state => state.closeExport);
  const proved = outcome?.kind === 'proved' ? outcome : null;
  const downloadBundle = async () => {
    const { bundleExport, document, showFailure } = store.getState();
    try {
      const bundle = await bundleExport();
      if (bundle !== null)
        downloadFile(`${fileStem(document.name)}-${format}.zip`, 'application/zip', bundle);
    } catch (error) {
      showFailure('The zip', error);
    }
  };
  return (
    <>
      <Button onClick={close}>{outcome === null ? 'Cancel' : 'Close'}</Button>
      {FORMATS[format].isBare && (
        <Button
          disabled={proved === null}
          title="A zip of the model, the probes, and a Python script that repeats them"
          onClick={() => void downloadBundle()}
        >
          Download with check
        </Button>
      )}
      <Button
        look="primary"
        disabled={proved === null}
        onClick={() =>
          proved !== null && downloadFile(fileName, FORMATS[format].mime, proved.written.file.slice())
        }
      >
        Download
      </Button>
    </>
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

function Outcome({ outcome }: { readonly outcome: NonNullable<Open['outcome']> }) {
  if (outcome.kind === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <p>
          <b>Not offered for download.</b> {outcome.reason}
        </p>
        <p>What is not proved to predict as here is not handed out. Your project is unchanged.</p>
      </div>
    );
  }
  const who = outcome.written.layersModel === null ? 'what was read back' : 'stock TensorFlow.js';
  return (
    <p className={styles.proved} role="status">
      Proved on {BACKEND_NAMES[outcome.backend.name]}: {who} answers as the network does here.{' '}
      {outcome.written.remarks.join(' ')}
    </p>
  );
}
