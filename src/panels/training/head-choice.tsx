import type { RunHead } from '../../store/training-state';
import styles from './training.module.css';

interface HeadChoiceProps {
  readonly heads: readonly Pick<RunHead, 'node' | 'name'>[];
  readonly chosen: string;
  readonly onChoose: (node: string) => void;
}

/** Which of several outputs is looked at. */
export function HeadChoice({ heads, chosen, onChoose }: HeadChoiceProps) {
  return (
    <fieldset className={styles.choice} aria-label="Output">
      {heads.map(({ node, name }) => (
        <button key={node} type="button" aria-pressed={node === chosen} onClick={() => onChoose(node)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
