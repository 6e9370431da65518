/** The form of a parameter, from its spec. A value that can't be one stays in its field; one out of range is a diagnostic. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../base/json';
import type { ParamForm, ParamSpec } from '../../layers/params';
import { formatValue } from '../../store/node-words';
import { IntsField, NumberField, SelectField, SwitchField, TextField } from '../../ui-kit/fields';
import styles from './inspector.module.css';
import { objectDefaults, turnedOn } from './param-values';

interface ParamFieldProps {
  readonly name: string;
  readonly spec: ParamSpec;
  readonly value: Json;
  readonly problem: string | null;
  readonly onChange: (value: Json) => void;
}

/** `kernel_size` as people write it: `Kernel size`. */
function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function ParamField({ name, spec, value, problem, onChange }: ParamFieldProps) {
  const label = labelOf(name);
  const title = `${spec.help} (${name})`;
  const form = spec.form;
  // What may be chosen from a list says ‘none’ there; the other kinds are switched on and off.
  if (!spec.nullable || form.kind === 'object' || form.kind === 'choice') {
    return <ValueField {...{ label, title, form, spec, value, problem, onChange }} />;
  }
  return (
    <>
      <SwitchField
        label={label}
        help={title}
        value={value !== null}
        onChange={on => onChange(on ? turnedOn(form) : null)}
      />
      {value !== null && (
        <ValueField {...{ label: `${label}, value`, title, form, spec, value, problem, onChange }} />
      )}
    </>
  );
}

interface ValueFieldProps extends Omit<ParamFieldProps, 'name'> {
  readonly label: string;
  readonly title: string;
  readonly form: ParamForm;
}

function ValueField({ label, title, form, spec, value, problem, onChange }: ValueFieldProps) {
  const common = { label, help: title, problem };
  switch (form.kind) {
    case 'numbers':
      // A list is a file's own and stays as it is.
      return typeof value === 'number' ? (
        <NumberField {...common} value={value} onChange={onChange} />
      ) : (
        <ReadOnly label={label} title={title} value={value} />
      );
    case 'int':
    case 'float':
      return (
        <NumberField
          {...common}
          whole={form.kind === 'int'}
          value={typeof value === 'number' ? value : Number.NaN}
          onChange={onChange}
        />
      );
    case 'bool':
      return <SwitchField {...common} value={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <SelectField
          {...common}
          value={value === null ? NONE : String(value)}
          options={[
            ...(spec.nullable ? [{ value: NONE, label: 'None' }] : []),
            ...form.options.map(option => ({ value: option, label: option })),
          ]}
          onChange={chosen => onChange(chosen === NONE ? null : chosen)}
        />
      );
    case 'ints':
      return <IntsField {...common} value={numbersIn(value)} onChange={list => onChange(list)} />;
    case 'pairs':
      return (
        <IntsField
          {...common}
          value={isJsonArray(value) ? value.flatMap(numbersIn) : numbersIn(value)}
          onChange={list => onChange(inPairs(list))}
        />
      );
    case 'object':
      return <ObjectField {...{ label, title, form, spec, value, problem, onChange }} />;
    case 'text':
      return <TextField {...common} value={typeof value === 'string' ? value : ''} onChange={onChange} />;
    case 'layer':
    case 'layers':
    case 'fixed':
      return <ReadOnly label={label} title={title} value={value} />;
  }
}

function ReadOnly({ label, title, value }: { label: string; title: string; value: Json }) {
  return (
    <p className={styles.fixed} title={title}>
      {label}
      <code>{formatValue(value)}</code>
    </p>
  );
}

const NONE = '';

function numbersIn(value: Json): readonly number[] {
  if (typeof value === 'number') return [value];
  return isJsonArray(value) ? value.filter(item => typeof item === 'number') : [];
}

function inPairs(list: readonly (number | null)[]): Json {
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, i) => list.slice(2 * i, 2 * i + 2));
}

/** An initializer, regularizer or constraint: its class, and the numbers in its configuration. */
function ObjectField({ label, title, form, spec, value, problem, onChange }: ValueFieldProps) {
  if (form.kind !== 'object') return null;
  const object: JsonObject = isJsonObject(value) ? value : {};
  const className = typeof object.class_name === 'string' ? object.class_name : NONE;
  const given = isJsonObject(object.config) ? object.config : {};
  const config: JsonObject = { ...objectDefaults(className), ...given };
  return (
    <>
      <SelectField
        label={label}
        help={title}
        problem={problem}
        value={className}
        options={[
          ...(spec.nullable ? [{ value: NONE, label: 'None' }] : []),
          ...form.classes.map(name => ({ value: name, label: name })),
        ]}
        onChange={chosen =>
          onChange(chosen === NONE ? null : { class_name: chosen, config: objectDefaults(chosen) })
        }
      />
      {Object.entries(config).map(([key, number]) =>
        typeof number === 'number' ? (
          <NumberField
            key={`${className} ${key}`}
            label={`${label}, ${key.replaceAll('_', ' ')}`}
            value={number}
            onChange={next => onChange({ class_name: className, config: { ...config, [key]: next } })}
          />
        ) : null,
      )}
    </>
  );
}
