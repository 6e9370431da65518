/**
 * Tables of kinds with options: each option's default, range and words are said once; types, checks of saved files and forms
 * follow from them. It knows no kind by name.
 */

interface Described {
  /** As beside a field: `Learning rate`. */
  readonly label: string;
  /** One sentence for people. */
  readonly help: string;
}

interface Range {
  /** The smallest and the largest value that are allowed. */
  readonly min?: number;
  readonly max?: number;
  /** Bounds that aren't allowed themselves. */
  readonly above?: number;
  readonly below?: number;
  readonly whole?: boolean;
}

export interface NumberOption extends Described, Range {
  readonly kind: 'number';
  readonly default: number;
}

/** A number, or null for none. */
export interface OptionalNumberOption extends Described, Range {
  readonly kind: 'optional-number';
  readonly default: number | null;
  /** What null means, in a word or two: `off`. */
  readonly none: string;
}

export interface FlagOption extends Described {
  readonly kind: 'flag';
  readonly default: boolean;
}

export interface ChoiceOption<T extends string> extends Described {
  readonly kind: 'choice';
  readonly choices: readonly T[];
  readonly default: T;
}

/** A list of numbers; the range holds for each of them. */
export interface NumbersOption extends Described, Range {
  readonly kind: 'numbers';
  readonly default: readonly number[];
}

export type Option = NumberOption | OptionalNumberOption | FlagOption | ChoiceOption<string> | NumbersOption;
export type OptionTable = Readonly<Record<string, Readonly<Record<string, Option>>>>;

type ValueOf<O extends Option> = O extends NumberOption
  ? number
  : O extends OptionalNumberOption
    ? number | null
    : O extends FlagOption
      ? boolean
      : O extends ChoiceOption<infer T>
        ? T
        : readonly number[];

type OptionsOf<T extends Readonly<Record<string, Option>>> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** One kind of the table with a value for each of its options. */
export type SettingsOf<T extends OptionTable, K extends keyof T = keyof T> = {
  [Kind in K]: { readonly kind: Kind } & OptionsOf<T[Kind]>;
}[K];

type Words<O extends Option> = Omit<O, 'kind' | 'default' | 'label' | 'help' | 'choices'>;

export function number(
  value: number,
  label: string,
  help: string,
  range: Words<NumberOption> = {},
): NumberOption {
  return { kind: 'number', default: value, label, help, ...range };
}

export function optionalNumber(
  value: number | null,
  label: string,
  help: string,
  range: Words<OptionalNumberOption>,
): OptionalNumberOption {
  return { kind: 'optional-number', default: value, label, help, ...range };
}

export function flag(value: boolean, label: string, help: string): FlagOption {
  return { kind: 'flag', default: value, label, help };
}

export function choice<const T extends string>(
  choices: readonly T[],
  value: NoInfer<T>,
  label: string,
  help: string,
): ChoiceOption<T> {
  return { kind: 'choice', choices, default: value, label, help };
}

export function numbers(
  value: readonly number[],
  label: string,
  help: string,
  range: Words<NumbersOption> = {},
): NumbersOption {
  return { kind: 'numbers', default: value, label, help, ...range };
}

/** The kinds of a table, in its order. */
export function kindsOf<T extends OptionTable>(table: T): readonly (keyof T & string)[] {
  return Object.keys(table);
}

/** That kind with every option at its default but those that are given. */
export function makeSettings<T extends OptionTable, K extends keyof T & string>(
  table: T,
  kind: K,
  given: Partial<OptionsOf<T[K]>> = {},
): SettingsOf<T, K> {
  const options: Readonly<Record<string, Option>> = table[kind] ?? {};
  const defaults = Object.entries(options).map(([name, option]) => [name, option.default]);
  // What it is made of is the table that the type is made of.
  return { kind, ...Object.fromEntries(defaults), ...given } as unknown as SettingsOf<T, K>;
}

/** Why a value isn't allowed, in one sentence; null: it is. */
export function findOptionProblem(option: Option, value: unknown): string | null {
  switch (option.kind) {
    case 'flag':
      return typeof value === 'boolean' ? null : 'It must be on or off.';
    case 'choice':
      return option.choices.some(each => each === value) ? null : `One of ${option.choices.join(', ')}.`;
    case 'number':
      return findNumberProblem(option, value);
    case 'optional-number':
      return value === null ? null : findNumberProblem(option, value);
    case 'numbers':
      return Array.isArray(value)
        ? (value.map(each => findNumberProblem(option, each)).find(problem => problem !== null) ?? null)
        : 'It must be a list of numbers.';
  }
}

function findNumberProblem({ min, max, above, below, whole }: Range, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'It must be a number.';
  if (whole === true && !Number.isInteger(value)) return 'It must be a whole number.';
  const inside =
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below);
  return inside ? null : `It must be ${describeRange({ min, max, above, below })}.`;
}

function describeRange({ min, max, above, below }: { [K in keyof Range]: Range[K] | undefined }): string {
  const low = min !== undefined ? `${min} or more` : above !== undefined ? `above ${above}` : null;
  const high = max !== undefined ? `at most ${max}` : below !== undefined ? `below ${below}` : null;
  return [low, high].filter(part => part !== null).join(' and ');
}
