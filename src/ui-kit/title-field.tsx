import { useDraft } from './draft';
import styles from './title-field.module.css';

interface TitleFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A heading that can be written over. What is left empty becomes what it was. */
export function TitleField({ label, value, onChange }: TitleFieldProps) {
  const draft = useDraft({
    value,
    format: text => text,
    parse: text => ({ value: text.trim() === '' ? value : text.trim() }),
    onCommit: onChange,
  });
  return (
    <input
      className={styles.title}
      aria-label={label}
      title={value}
      value={draft.text}
      onChange={event => draft.onText(event.target.value)}
      onBlur={draft.onBlur}
      onKeyDown={event => {
        draft.onKeyDown(event);
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
