/** A number with limits: what lies outside stays in the field with its message and changes nothing. */
import { type Parsed, parseNumber, useDraft } from '../../ui-kit/draft';
import { DraftField, type FieldProps } from '../../ui-kit/fields';

interface NumberInRangeProps extends FieldProps {
  readonly value: number;
  readonly whole?: boolean;
  /** Why the number isn't allowed; null: it is. */
  readonly check: (value: number) => string | null;
  readonly onChange: (value: number) => void;
}

export function NumberInRange({ value, whole = false, check, onChange, ...field }: NumberInRangeProps) {
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
  return <DraftField {...field} draft={draft} mono inputMode={whole ? 'numeric' : 'decimal'} />;
}
