/** What is being read now: of which file what, how far, and a way to stop it. */
import type { Import } from '../../store/import-slice';
import { useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Notice } from '../../ui-kit/notice';
import { ProgressBar } from '../../ui-kit/progress-bar';
import styles from './import-reports.module.css';

interface RunningImportProps {
  readonly running: Import;
  /** The reader reads one after the other. */
  readonly isFirst: boolean;
}

export function RunningImport({ running: { id, name, progress }, isFirst }: RunningImportProps) {
  const store = useGraftStore();
  const waits = !isFirst && progress === null;
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  // Screen readers hear that it began; how far it is they find in the bar when they ask.
  return (
    <Notice
      tone="busy"
      title={waits ? `${name} waits for its turn` : `Reading ${name}`}
      aside={
        <Button
          size="small"
          aria-label={`Cancel reading ${name}`}
          onClick={() => store.getState().cancelImport(id)}
        >
          Cancel
        </Button>
      }
    >
      <div className={styles.progress}>
        <ProgressBar label={`Reading ${name}`} value={waits ? 0 : share} />
        <p className={styles.place} aria-hidden="true">
          <span>{progress === null || progress.file === name ? '' : progress.file}</span>
          <span>
            {progress === null || share === null
              ? ''
              : `${Math.round(share * 100)}% of ${formatBytes(progress.total)}`}
          </span>
        </p>
      </div>
    </Notice>
  );
}

/** `0.3 MB`, `204 MB`: as file managers count them. */
function formatBytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes).toLocaleString('en-US')} MB`;
}
