/** Every import says what was read, what was repaired, what was left out; a refusal says why and what to do. */
import { useEffect } from 'react';
import type { ImportReport } from '../../formats/protocol';
import type { ShownReport } from '../../store/document-slice';
import { count } from '../../store/node-words';
import { useGraft, useGraftStore } from '../../store/store';
import { Notice, NoticeStack } from '../../ui-kit/notice';
import styles from './import-reports.module.css';

/** Long enough to read one line. What was repaired, left out or refused stays until it is dismissed. */
const QUIET_FOR = 6000;
/** At once; dismissing one shows an earlier one. */
const MOST = 4;

export function ImportReports() {
  const reports = useGraft(state => state.reports);
  const reading = useGraft(state => state.reading);
  // The way back from the layers of a model stands at the top.
  const inModel = useGraft(state => state.openModel !== null);
  if (reports.length === 0 && reading.length === 0) return null;
  return (
    <NoticeStack at={inModel ? 'bottom' : 'top'}>
      {reports.slice(-MOST).map(shown => (
        <Report key={shown.id} shown={shown} />
      ))}
      {[...new Set(reading)].map(name => (
        <Notice key={name} tone="busy" title={`Reading ${name}`} />
      ))}
    </NoticeStack>
  );
}

function Report({ shown: { id, name, report } }: { readonly shown: ShownReport }) {
  const store = useGraftStore();
  const { refusal, repairs, leftOut } = report;
  const quiet = refusal === null && repairs.length === 0 && leftOut.length === 0;
  useEffect(() => {
    if (!quiet) return;
    const timer = setTimeout(() => store.getState().dismissReport(id), QUIET_FOR);
    return () => clearTimeout(timer);
  }, [quiet, id, store]);
  const dismiss = () => store.getState().dismissReport(id);
  if (refusal !== null) {
    return (
      <Notice tone="wrong" title={`${name} was not read`} onClose={dismiss}>
        <p>{refusal.reason}</p>
        <p>{refusal.wayOut}</p>
      </Notice>
    );
  }
  return (
    <Notice tone="good" title={summarize(name, report)} onClose={dismiss}>
      {!quiet && (
        <details>
          <summary className={styles.summary}>What was changed</summary>
          <Points heading="Repaired" points={repairs} />
          <Points heading="Left out" points={leftOut} />
        </details>
      )}
    </Notice>
  );
}

/** `shape_cnn read · 2 repairs`. */
function summarize(name: string, { repairs, leftOut }: ImportReport): string {
  const parts = [`${name} read`];
  if (repairs.length > 0) parts.push(count(repairs.length, 'repair'));
  if (leftOut.length > 0) parts.push(`${leftOut.length} left out`);
  return parts.join(' · ');
}

function Points({ heading, points }: { readonly heading: string; readonly points: readonly string[] }) {
  if (points.length === 0) return null;
  return (
    <>
      <p className={styles.heading}>{heading}</p>
      <ul className={styles.list}>
        {points.map(point => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </>
  );
}
