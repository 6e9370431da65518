/** Each source alone, their average and the join on the test rows of one head, in short. */
import { Equal, TrendingDown, TrendingUp } from 'lucide-react';
import type { HeadResults, SourceScore } from '../../store/measure';
import { formatScore, type Measure, type Verdict } from '../../store/scores';
import styles from './training.module.css';

interface TestScoresProps {
  readonly sources: readonly SourceScore[];
  /** null: the join isn't measured yet. */
  readonly results: HeadResults | null;
}

export function TestScores({ sources, results }: TestScoresProps) {
  const measure: Measure = results?.measure ?? 'accuracy';
  return (
    <>
      <table className={styles.scores}>
        <tbody>
          {sources.map(({ node, name, result }) => (
            <tr key={node}>
              <th scope="row">{name} alone</th>
              {result.kind === 'measured' ? (
                <td title={result.note ?? undefined}>{formatScore(result.mean, result.scores.measure)}</td>
              ) : (
                <td className={styles.absent} title={result.reason}>
                  {result.kind === 'failed' ? 'failed' : 'not comparable'}
                </td>
              )}
            </tr>
          ))}
          {results !== null && 'mean' in results.average && (
            <tr>
              <th scope="row">their average</th>
              <td>{formatScore(results.average.mean, measure)}</td>
            </tr>
          )}
          <tr className={styles.joined}>
            <th scope="row">joined</th>
            <td>{results === null ? '–' : formatScore(results.joined, measure)}</td>
          </tr>
        </tbody>
      </table>
      {results?.verdict != null && <VerdictLine verdict={results.verdict} />}
      {sources.map(
        ({ node, name, result }) =>
          result.kind !== 'measured' && (
            <p key={node} className={styles.note}>
              {name}: {result.reason}
            </p>
          ),
      )}
    </>
  );
}

const ICONS = { better: TrendingUp, unclear: Equal, worse: TrendingDown } as const;

export function VerdictLine({ verdict }: { readonly verdict: Verdict }) {
  const Icon = ICONS[verdict.kind];
  return (
    <p className={styles.verdict} data-kind={verdict.kind}>
      <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
      {verdict.sentence}
    </p>
  );
}
