/** The formats, one of which is chosen. */
import { type ExportChoice, selectCanGoOn } from '../../store/export-slice';
import { useGraft } from '../../store/store';
import styles from './format-choice.module.css';
import { FORMATS } from './formats';

export function FormatChoice({
  chosen,
  onChoose,
}: {
  readonly chosen: ExportChoice;
  readonly onChoose: (format: ExportChoice) => void;
}) {
  const canGoOn = useGraft(selectCanGoOn);
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.legend}>Format</legend>
      {(Object.keys(FORMATS) as ExportChoice[]).map(format => (
        <label key={format} className={styles.option} data-chosen={format === chosen || undefined}>
          <input
            type="radio"
            name="export-format"
            checked={format === chosen}
            disabled={format === 'training' && !canGoOn}
            onChange={() => onChoose(format)}
          />
          <span className={styles.name}>
            {FORMATS[format].name} <code>{FORMATS[format].ending}</code>
          </span>
          <span className={styles.use}>
            {format === 'training' && !canGoOn
              ? 'Needs data for every input and output: bind them first'
              : FORMATS[format].use}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
