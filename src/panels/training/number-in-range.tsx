/** A number with limits: what lies outside stays in the field with its message and changes nothing. */
import { type Parsed, parseNumber, useDraft } from '../../ui-kit/draft';
import { Field } from '../../ui-kit/fields';
import styles from './training.module.css';

interface NumberInRangeProps {
  readonly label: string;
  readonly help: string;
  readonly value: number;
  readonly whole?: boolean;
  readonly check: (value: number) => string | null;
  readonly onChange: (value: number) => void;
}

export function NumberInRange({ label, help, value, whole = false, check, onChange }: NumberInRangeProps) {
  const draft = useDraft({
    value,
    format: String,
    parse: (text): Parsed<number> => {
      const parsed = parseNumber(text, whole);
      const problem = 'value' in parsed ? check(parsed.value) : null;
      return problem === null ? parsed : { problem };
    },
    onCommit: onChange,
  });
  return (
    <Field label={label} help={help} problem={draft.problem}>
      {({ id, describedBy }) => (
        <input
          id={id}
          className={styles.control}
          value={draft.text}
          onChange={event => draft.onText(event.target.value)}
          onBlur={draft.onBlur}
          onKeyDown={draft.onKeyDown}
          aria-invalid={draft.problem !== null}
          aria-describedby={describedBy}
          inputMode={whole ? 'numeric' : 'decimal'}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
