/** A label with its control, its help and what is wrong with it. Values come in, values go out; nothing is stored here. */
import { Search } from 'lucide-react';
import { type ComponentProps, type ReactNode, type Ref, useId } from 'react';
import { classNames } from './class-names';
import { type Draft, parseInts, parseNumber, useDraft } from './draft';
import styles from './fields.module.css';

export interface FieldProps {
  readonly label: string;
  /** One sentence; shown as the tooltip of the label. */
  readonly help?: string | undefined;
  /** What is wrong with the value, from outside; what is wrong with the typing comes first. */
  readonly problem?: string | null | undefined;
  readonly disabled?: boolean | undefined;
  /** Label above, control over the whole width. */
  readonly wide?: boolean | undefined;
}

interface FrameProps extends FieldProps {
  readonly children: (ids: { readonly id: string; readonly describedBy: string | undefined }) => ReactNode;
}

export function Field({ label, help, problem, wide = false, children }: FrameProps) {
  const id = useId();
  const wrong = problem !== null && problem !== undefined;
  return (
    <div className={classNames(styles.field, wide && styles.wide)}>
      <label className={styles.label} htmlFor={id} title={help}>
        {label}
      </label>
      {children({ id, describedBy: wrong ? `${id}-message` : undefined })}
      {wrong && (
        <p className={classNames(styles.message, styles.wrong)} id={`${id}-message`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface DraftInputProps extends FieldProps {
  readonly draft: Draft;
  readonly mono?: boolean;
  readonly inputMode?: ComponentProps<'input'>['inputMode'];
  readonly placeholder?: string | undefined;
}

/** For a value that the fields below don't know how to write: see `useDraft`. */
export function DraftField({
  draft,
  mono = false,
  inputMode,
  placeholder,
  problem,
  ...field
}: DraftInputProps) {
  const shown = draft.problem ?? problem;
  return (
    <Field {...field} problem={shown}>
      {({ id, describedBy }) => (
        <input
          id={id}
          className={classNames(styles.control, mono && styles.number)}
          value={draft.text}
          onChange={event => draft.onText(event.target.value)}
          onBlur={draft.onBlur}
          onKeyDown={draft.onKeyDown}
          aria-invalid={shown !== null && shown !== undefined}
          aria-describedby={describedBy}
          disabled={field.disabled}
          inputMode={inputMode}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
}

export function TextField({
  value,
  onChange,
  placeholder,
  ...field
}: FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}) {
  const draft = useDraft({
    value,
    format: text => text,
    parse: text => (text.trim() === '' ? { problem: 'Write a name.' } : { value: text.trim() }),
    onCommit: onChange,
  });
  return <DraftField {...field} draft={draft} placeholder={placeholder} />;
}

export function NumberField({
  value,
  onChange,
  whole = false,
  ...field
}: FieldProps & {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly whole?: boolean;
}) {
  const draft = useDraft({
    value,
    format: String,
    parse: text => parseNumber(text, whole),
    onCommit: onChange,
  });
  return <DraftField {...field} draft={draft} mono inputMode={whole ? 'numeric' : 'decimal'} />;
}

/** null: a size that isn't known, written `?`. */
export function IntsField({
  value,
  onChange,
  unknown = false,
  placeholder,
  ...field
}: FieldProps & {
  readonly value: readonly (number | null)[];
  readonly onChange: (value: readonly (number | null)[]) => void;
  readonly unknown?: boolean;
  readonly placeholder?: string;
}) {
  const draft = useDraft({
    value,
    format: list => list.map(item => item ?? '?').join(' × '),
    parse: text => parseInts(text, unknown),
    onCommit: onChange,
  });
  return <DraftField {...field} draft={draft} mono placeholder={placeholder} />;
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export function SelectField<T extends string>({
  value,
  options,
  onChange,
  problem,
  ...field
}: FieldProps & {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <Field {...field} problem={problem}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className={styles.control}
          value={value}
          disabled={field.disabled}
          aria-invalid={problem !== null && problem !== undefined}
          aria-describedby={describedBy}
          onChange={event => {
            const chosen = options.find(option => option.value === event.target.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {options.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function SwitchField({
  value,
  onChange,
  ...field
}: FieldProps & { readonly value: boolean; readonly onChange: (value: boolean) => void }) {
  return (
    <Field {...field}>
      {({ id, describedBy }) => (
        <button
          type="button"
          role="switch"
          id={id}
          className={styles.switch}
          aria-checked={value}
          aria-describedby={describedBy}
          disabled={field.disabled}
          onClick={() => onChange(!value)}
        />
      )}
    </Field>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly shortcut?: string;
  readonly ref?: Ref<HTMLInputElement>;
  readonly onKeyDown?: ComponentProps<'input'>['onKeyDown'];
}

export function SearchField({ label, value, onChange, shortcut, ref, onKeyDown }: SearchFieldProps) {
  return (
    <div className={styles.search}>
      <Search size={15} strokeWidth={1.75} aria-hidden="true" />
      <input
        ref={ref}
        type="search"
        className={styles.control}
        placeholder={label}
        aria-label={label}
        value={value}
        onChange={event => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
      />
      {shortcut !== undefined && value === '' && <Key>{shortcut}</Key>}
    </div>
  );
}

function Key({ children }: { readonly children: ReactNode }) {
  return <kbd className={styles.key}>{children}</kbd>;
}
