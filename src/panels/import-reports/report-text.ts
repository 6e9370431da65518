/** What an import report says, as headings with sentences: on the screen and as text to be copied. Pure. */
import type { ImportReport } from '../../formats/protocol';

export interface ReportSection {
  readonly heading: string;
  readonly points: readonly string[];
}

/** Those that say something. Warnings stand for themselves, before all others. */
export function reportSections({ found, repairs, leftOut }: ImportReport): readonly ReportSection[] {
  return [
    { heading: 'Read', points: found },
    { heading: 'Repaired', points: repairs },
    { heading: 'Left out', points: leftOut },
  ].filter(({ points }) => points.length > 0);
}

/** Whether there is more to say of it than that it was read. */
export function isQuiet({ refusal, warnings, repairs, leftOut }: ImportReport): boolean {
  return refusal === null && warnings.length === 0 && repairs.length === 0 && leftOut.length === 0;
}

/** For a mail or an issue. */
export function reportAsText(name: string, report: ImportReport): string {
  const { file, format, writtenBy, refusal, warnings } = report;
  const head = [`Import of ${name}`, `File: ${file}`, `Format: ${format}`];
  if (writtenBy !== null) head.push(`Written by: ${writtenBy}`);
  const blocks = [head];
  if (refusal !== null) blocks.push(['Not read', refusal.reason, refusal.wayOut]);
  const sections = [{ heading: 'Warnings', points: warnings }, ...reportSections(report)];
  for (const { heading, points } of sections) {
    if (points.length > 0) blocks.push([heading, ...points.map(point => `- ${point}`)]);
  }
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`;
}
