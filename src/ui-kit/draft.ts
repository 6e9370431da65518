/**
 * What stands in a field while a person types. Text that isn't a value yet stays in the field with its message and goes
 * nowhere else; a value is handed on as soon as it is one.
 */
import { type KeyboardEvent, useState } from 'react';

export type Parsed<T> = { readonly value: T } | { readonly problem: string };

interface DraftOptions<T> {
  readonly value: T;
  readonly format: (value: T) => string;
  readonly parse: (text: string) => Parsed<T>;
  readonly onCommit: (value: T) => void;
}

export interface Draft {
  readonly text: string;
  readonly problem: string | null;
  readonly onText: (text: string) => void;
  readonly onBlur: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
}

/** Commits on Enter and when the field is left: one typed value is one step in the history. */
export function useDraft<T>({ value, format, parse, onCommit }: DraftOptions<T>): Draft {
  const [draft, setDraft] = useState<{ readonly text: string; readonly over: string } | null>(null);
  const current = format(value);
  // A draft over a value that has changed since (undo, another node) is out of date.
  const live = draft !== null && draft.over === current ? draft.text : null;
  const parsed = live === null ? null : parse(live);
  const commit = () => {
    if (parsed === null || !('value' in parsed)) return;
    if (format(parsed.value) !== current) onCommit(parsed.value);
    setDraft(null);
  };
  return {
    text: live ?? current,
    problem: parsed !== null && 'problem' in parsed ? parsed.problem : null,
    onText: text => setDraft({ text, over: current }),
    onBlur: commit,
    onKeyDown: event => {
      if (event.key === 'Enter') commit();
      if (event.key === 'Escape' && live !== null) {
        event.stopPropagation();
        setDraft(null);
      }
    },
  };
}

export function parseNumber(text: string, whole: boolean): Parsed<number> {
  const trimmed = text.trim().replace(',', '.');
  const value = Number(trimmed);
  if (trimmed === '' || !Number.isFinite(value)) return { problem: 'Write a number.' };
  if (whole && !Number.isInteger(value)) return { problem: 'Write a whole number.' };
  return { value };
}

/** `8 × 8 × 1`, `8, 8, 1`, `8x8x1` or `8 8 1`; `?` for a size that isn't known, where that may be. */
export function parseInts(text: string, unknown: boolean): Parsed<readonly (number | null)[]> {
  const parts = text.split(/[\s,×x[\]()]+/).filter(part => part !== '');
  const values = parts.map(part => (unknown && part === '?' ? null : Number(part)));
  if (values.some(value => value !== null && !Number.isInteger(value))) {
    return { problem: 'Write whole numbers with spaces or commas between them.' };
  }
  return { value: values };
}
