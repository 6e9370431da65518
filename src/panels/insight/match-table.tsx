import type { WeightsCompared } from '../../network/compare';
import { say } from '../../store/insight-ranges';
import type { ModelPair, UsedMatch } from '../../store/structure';
import styles from './insight.module.css';

interface MatchTableProps {
  readonly pair: ModelPair;
  /** Ties what isn't tied, and the other way round. */
  readonly onToggle: (match: UsedMatch) => void;
}

/** The layers with weights that are alike. */
export function MatchTable({ pair: { a, b, matches }, onToggle }: MatchTableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Tied</th>
          <th scope="col">{a.name}</th>
          <th scope="col">{b.name}</th>
          <th scope="col">Weights</th>
        </tr>
      </thead>
      <tbody>
        {matches
          .filter(({ weights }) => weights.kind !== 'none')
          .map(match => (
            <tr key={match.a} title={`${match.type} ${match.shapes.join(', ')}`}>
              <td>
                <input
                  type="checkbox"
                  className={styles.check}
                  aria-label={`Tie ${match.a} of ${a.name} and ${match.b} of ${b.name}`}
                  checked={match.tie !== null}
                  onChange={() => onToggle(match)}
                />
              </td>
              <th scope="row">{match.a}</th>
              <td>{match.b}</td>
              <td>{wordsOf(match.weights)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function wordsOf(weights: WeightsCompared): string {
  switch (weights.kind) {
    case 'none':
      return 'none';
    case 'equal':
      return 'equal';
    case 'close':
      return `nearly equal (${say(weights.largest)} apart)`;
    case 'different':
      return 'differ';
  }
}
