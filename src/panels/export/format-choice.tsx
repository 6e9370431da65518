/** The formats, one of which is chosen. */
import type { ExportFormat } from '../../formats/protocol';
import styles from './format-choice.module.css';
import { FORMATS } from './formats';

export function FormatChoice({
  chosen,
  onChoose,
}: {
  readonly chosen: ExportFormat;
  readonly onChoose: (format: ExportFormat) => void;
}) {
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.legend}>Format</legend>
      {(Object.keys(FORMATS) as ExportFormat[]).map(format => (
        <label key={format} className={styles.option} data-chosen={format === chosen || undefined}>
          <input
            type="radio"
            name="export-format"
            checked={format === chosen}
            onChange={() => onChoose(format)}
          />
          <span className={styles.name}>
            {FORMATS[format].name} <code>{FORMATS[format].ending}</code>
          </span>
          <span className={styles.use}>{FORMATS[format].use}</span>
        </label>
      ))}
    </fieldset>
  );
}
