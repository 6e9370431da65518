/** Failures of these are bugs in Graft, never a person's mistake: those are diagnostics. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** `value` if it is there; otherwise a bug is reported with what was looked for. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}`);
  return value;
}
