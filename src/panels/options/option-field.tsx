/** The field for one option of a table (`graph/options.ts`): its words, range and kind all come from there. */
import {
  findOptionProblem,
  type NumbersOption,
  type Option,
  type OptionalNumberOption,
} from '../../graph/options';
import { type Parsed, parseNumber, useDraft } from '../../ui-kit/draft';
import { DraftField, type FieldProps, SelectField, SwitchField } from '../../ui-kit/fields';
import { NumberInRange } from './number-in-range';

interface OptionFieldProps {
  readonly option: Option;
  readonly value: unknown;
  /** What is wrong with it beside its range. */
  readonly problem?: string | null;
  readonly onChange: (value: unknown) => void;
}

export function OptionField({ option, value, problem = null, onChange }: OptionFieldProps) {
  const field: FieldProps = { label: option.label, help: option.help, problem };
  switch (option.kind) {
    case 'number':
      return (
        <NumberInRange
          {...field}
          value={Number(value)}
          whole={option.whole ?? false}
          check={number => findOptionProblem(option, number)}
          onChange={onChange}
        />
      );
    case 'optional-number':
      return (
        <OptionalNumber
          {...field}
          option={option}
          value={value === null ? null : Number(value)}
          onChange={onChange}
        />
      );
    case 'numbers':
      return (
        <Numbers {...field} option={option} value={Array.isArray(value) ? value : []} onChange={onChange} />
      );
    case 'flag':
      return <SwitchField {...field} value={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <SelectField
          {...field}
          value={String(value)}
          options={option.choices.map(each => ({ value: each, label: each }))}
          onChange={onChange}
        />
      );
  }
}

interface OptionalNumberProps extends FieldProps {
  readonly option: OptionalNumberOption;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** Left empty it is none. */
function OptionalNumber({ option, value, onChange, ...field }: OptionalNumberProps) {
  const draft = useDraft({
    value,
    format: number => (number === null ? '' : String(number)),
    parse: (text): Parsed<number | null> => {
      if (text.trim() === '') return { value: null };
      const parsed = parseNumber(text, option.whole ?? false);
      const problem = 'value' in parsed ? findOptionProblem(option, parsed.value) : null;
      return problem === null ? parsed : { problem };
    },
    onCommit: onChange,
  });
  return <DraftField {...field} draft={draft} mono inputMode="decimal" placeholder={option.none} />;
}

interface NumbersProps extends FieldProps {
  readonly option: NumbersOption;
  readonly value: readonly number[];
  readonly onChange: (value: readonly number[]) => void;
}

function Numbers({ option, value, onChange, ...field }: NumbersProps) {
  const draft = useDraft({
    value,
    format: list => list.join(', '),
    parse: (text): Parsed<readonly number[]> => {
      const list = text
        .split(/[\s,;]+/)
        .filter(part => part !== '')
        .map(Number);
      const problem = list.every(Number.isFinite)
        ? findOptionProblem(option, list)
        : 'Write numbers with commas between them.';
      return problem === null ? { value: list } : { problem };
    },
    onCommit: onChange,
  });
  return <DraftField {...field} draft={draft} mono placeholder="none" />;
}
