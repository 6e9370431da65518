import type { Option } from '../../graph/options';
import { OptionField } from './option-field';

interface OptionFieldsProps<T extends object> {
  readonly options: Readonly<Record<string, Option>>;
  /** Only those of the names; all where it is left out. */
  readonly names?: readonly string[];
  readonly values: T;
  /** What is wrong with an option beside its range. */
  readonly problemOf?: (name: string) => string | null;
  /** `label`: the option's, as in `Change the learning rate`. */
  readonly onChange: (values: T, label: string) => void;
}

/** The fields of several options of one kind, in the table's order. */
export function OptionFields<T extends object>({
  options,
  names,
  values,
  problemOf = () => null,
  onChange,
}: OptionFieldsProps<T>) {
  const read = Object.fromEntries(Object.entries(values));
  return Object.entries(options)
    .filter(([name]) => names === undefined || names.includes(name))
    .map(([name, option]) => (
      <OptionField
        key={name}
        option={option}
        value={read[name]}
        problem={problemOf(name)}
        onChange={value => onChange({ ...values, [name]: value }, option.label.toLowerCase())}
      />
    ));
}
