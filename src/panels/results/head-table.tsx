import type { HeadResults, SourceScore } from '../../store/measure';
import { formatScore } from '../../store/scores';
import { VerdictLine } from '../training/test-scores';
import styles from './results.module.css';

/** One head's scores: who was measured how, who was not and why, and what follows. */
export function HeadTable({ results }: { readonly results: HeadResults }) {
  const { name, column, rows, measure, average, joined, verdict, againstAverage, sources } = results;
  const what = measure === 'accuracy' ? 'Accuracy' : 'Mean absolute error';
  return (
    <article className={styles.head}>
      <h3>
        {name} {name !== column && <small>predicts {column}</small>}
      </h3>
      {verdict === null ? (
        <p className={styles.text}>No source can be compared, so there is no verdict.</p>
      ) : (
        <VerdictLine verdict={verdict} />
      )}
      {againstAverage !== null && <VerdictLine verdict={againstAverage} />}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">On the same {rows.toLocaleString('en')} test rows</th>
            <th scope="col" className={styles.number}>
              {what}
            </th>
            <th scope="col">Remarks</th>
          </tr>
        </thead>
        <tbody>
          {sources.map(source => (
            <SourceRow key={source.node} source={source} />
          ))}
          {sources.length > 1 && (
            <tr>
              <th scope="row">their average</th>
              <td className={styles.number}>
                {'mean' in average ? formatScore(average.mean, measure) : '–'}
              </td>
              <td>{'mean' in average ? 'without any training' : average.reason}</td>
            </tr>
          )}
          <tr className={styles.joined}>
            <th scope="row">joined</th>
            <td className={styles.number}>{formatScore(joined, measure)}</td>
            <td />
          </tr>
        </tbody>
      </table>
      {verdict?.interval != null && (
        <p className={styles.small}>
          In brackets: the 95 % interval, from drawing the test rows anew. A source that saw these rows in its
          own training looks better here than it is.
        </p>
      )}
    </article>
  );
}

function SourceRow({ source: { name, result } }: { readonly source: SourceScore }) {
  return (
    <tr>
      <th scope="row">{name} alone</th>
      {result.kind === 'measured' ? (
        <>
          <td className={styles.number}>{formatScore(result.mean, result.scores.measure)}</td>
          <td>{result.note ?? 'as it was brought'}</td>
        </>
      ) : (
        <>
          <td className={styles.number}>–</td>
          <td>
            {result.kind === 'failed' ? 'Could not be measured' : 'Not comparable'}: {result.reason}
          </td>
        </>
      )}
    </tr>
  );
}
