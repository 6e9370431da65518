/** All that is known of one import, to be read at leisure and to be copied. */
import { TriangleAlert } from 'lucide-react';
import type { ImportReport } from '../../formats/protocol';
import { Button } from '../../ui-kit/button';
import { CopyButton } from '../../ui-kit/copy-button';
import { Dialog } from '../../ui-kit/dialog';
import styles from './report-dialog.module.css';
import { reportAsText, reportSections } from './report-text';

interface ReportDialogProps {
  readonly name: string;
  readonly report: ImportReport;
  readonly onClose: () => void;
}

export function ReportDialog({ name, report, onClose }: ReportDialogProps) {
  const { file, format, writtenBy, refusal, warnings } = report;
  return (
    <Dialog
      title={`Import of ${name}`}
      width={520}
      onClose={onClose}
      foot={
        <>
          <CopyButton text={reportAsText(name, report)} className={styles.copy} />
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <dl className={styles.facts}>
        <dt>File</dt>
        <dd>{file}</dd>
        <dt>Format</dt>
        <dd>{format}</dd>
        <dt>Written by</dt>
        <dd>{writtenBy ?? 'not said'}</dd>
      </dl>
      {refusal !== null && (
        <div className={styles.refusal}>
          <p>{refusal.reason}</p>
          <p>{refusal.wayOut}</p>
        </div>
      )}
      {warnings.length > 0 && (
        <ul className={styles.warnings}>
          {warnings.map(warning => (
            <li key={warning}>
              <TriangleAlert size={15} strokeWidth={1.75} aria-hidden="true" />
              {warning}
            </li>
          ))}
        </ul>
      )}
      {reportSections(report).map(({ heading, points }) => (
        <section key={heading} className={styles.section}>
          <h3>
            {heading}
            {points.length > 1 && <small>{points.length}</small>}
          </h3>
          <ul>
            {points.map(point => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
