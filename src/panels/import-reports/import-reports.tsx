/** Every import says what was read, what was repaired, what was left out; a refusal says why and what to do. */
import { useEffect, useState } from 'react';
import type { ImportReport } from '../../formats/protocol';
import type { Shown } from '../../store/import-slice';
import { count } from '../../store/node-words';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Notice, NoticeStack } from '../../ui-kit/notice';
import styles from './import-reports.module.css';
import { ReportDialog } from './report-dialog';
import { isQuiet } from './report-text';
import { RunningImport } from './running-imports';
import { WeightsOffer } from './weights-offer';

/** Long enough to read one line. What was repaired, left out or refused stays until it is dismissed. */
const QUIET_FOR = 6000;
/** At once; dismissing one shows an earlier one. */
const MOST = 4;

export function ImportReports() {
  const reports = useGraft(state => state.reports);
  const imports = useGraft(state => state.imports);
  // The way back from the layers of a model stands at the top.
  const inModel = useGraft(state => state.openModel !== null);
  if (reports.length === 0 && imports.length === 0) return null;
  return (
    <NoticeStack at={inModel ? 'bottom' : 'top'}>
      {reports.slice(-MOST).map(shown => (
        <ShownReport key={shown.id} shown={shown} />
      ))}
      {imports.slice(0, MOST).map((running, index) => (
        <RunningImport key={running.id} running={running} isFirst={index === 0} />
      ))}
      {imports.length > MOST && (
        <Notice tone="busy" title={`${imports.length - MOST} more wait for their turn`} />
      )}
    </NoticeStack>
  );
}

function ShownReport({ shown }: { readonly shown: Shown }) {
  switch (shown.kind) {
    case 'report':
      return <Report shown={shown} />;
    case 'weights':
      return <WeightsOffer shown={shown} />;
    case 'same':
      return <Word id={shown.id} words={`${shown.into} has the weights of ${shown.name} already.`} />;
    case 'cancelled':
      return <Word id={shown.id} words={`${shown.name} was cancelled. Nothing was changed.`} />;
  }
}

/** Where nothing was changed there is little to say. */
function Word({ id, words }: { readonly id: number; readonly words: string }) {
  const dismiss = useDismiss(id, true);
  return <Notice tone="quiet" title={words} onClose={dismiss} />;
}

function Report({ shown }: { readonly shown: Extract<Shown, { kind: 'report' }> }) {
  const { id, name, report, into } = shown;
  const { refusal, warnings } = report;
  const quiet = isQuiet(report);
  const [open, setOpen] = useState(false);
  const dismiss = useDismiss(id, quiet);
  if (refusal !== null) {
    return (
      <Notice
        tone="wrong"
        title={into === null ? `${name} was not read` : `${name} was not loaded into ${into}`}
        onClose={dismiss}
      >
        <p>{refusal.reason}</p>
        <p>{refusal.wayOut}</p>
      </Notice>
    );
  }
  return (
    <Notice
      tone={warnings.length > 0 ? 'warn' : 'good'}
      title={summarize(name, report, into)}
      onClose={dismiss}
    >
      {warnings.map(warning => (
        <p key={warning}>{warning}</p>
      ))}
      {!quiet && (
        <Button look="link" size="small" className={styles.more} onClick={() => setOpen(true)}>
          What was read and changed
        </Button>
      )}
      {open && <ReportDialog name={name} report={report} onClose={() => setOpen(false)} />}
    </Notice>
  );
}

/** Closes the notice; a quiet one goes by itself after a while. */
function useDismiss(id: number, quiet: boolean): () => void {
  const store = useGraftStore();
  useEffect(() => {
    if (!quiet) return;
    const timer = setTimeout(() => store.getState().dismissReport(id), QUIET_FOR);
    return () => clearTimeout(timer);
  }, [quiet, id, store]);
  return () => store.getState().dismissReport(id);
}

/** `shape_cnn read · 2 repairs`. */
function summarize(name: string, { repairs, leftOut }: ImportReport, into: string | null): string {
  const parts = [into === null ? `${name} read` : `${name} loaded into ${into}`];
  if (repairs.length > 0) parts.push(count(repairs.length, 'repair'));
  if (leftOut.length > 0) parts.push(`${leftOut.length} left out`);
  return parts.join(' · ');
}
