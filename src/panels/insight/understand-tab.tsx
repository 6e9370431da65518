/** What joining these models could win, before training: how branches differ, what flows at the joints, which layers are alike. */

import { useGraft } from '../../store/store';
import { selectModelPairs } from '../../store/structure';
import { BranchReport } from './branch-report';
import { CompareControl } from './compare-control';
import styles from './insight.module.css';
import { ModelComparison } from './model-comparison';
import { RangeTable } from './range-table';

export function UnderstandTab() {
  const insight = useGraft(state => state.insight);
  const pairs = useGraft(selectModelPairs);
  return (
    <div className={styles.tab}>
      <section aria-label="Branches">
        <h3>Do the branches complement each other?</h3>
        <CompareControl />
        {insight.kind === 'ready' && <BranchReport report={insight.report} />}
      </section>
      <section aria-label="Values at the joints">
        <h3>Values at the joints</h3>
        {insight.kind === 'ready' ? (
          <RangeTable report={insight.report} />
        ) : (
          <p className={styles.text}>
            The comparison also looks at what flows into models and merges: its range, and whether it is what
            they were made for.
          </p>
        )}
      </section>
      <section aria-label="Models compared">
        <h3>Layers in common</h3>
        {pairs.length === 0 ? (
          <p className={styles.text}>Two models are compared here as soon as they are on the canvas.</p>
        ) : (
          <ModelComparison pairs={pairs} />
        )}
      </section>
    </div>
  );
}
