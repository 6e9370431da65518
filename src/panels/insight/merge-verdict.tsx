import type { LayerNode } from '../../graph/document';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Section } from '../../ui-kit/section';
import { VerdictText } from './branch-report';
import { CompareControl } from './compare-control';
import styles from './insight.module.css';

/** On a merge: whether its branches are worth joining, as far as that was measured. */
export function MergeVerdict({ node }: { readonly node: LayerNode }) {
  const store = useGraftStore();
  const insight = useGraft(state => state.insight);
  const own =
    insight.kind === 'ready' ? insight.report.pairs.filter(({ pair }) => pair.merge === node.id) : [];
  return (
    <Section title="Worth joining?">
      {insight.kind === 'ready' ? (
        <>
          {own.length === 0 && <p className={styles.text}>It has no two different branches.</p>}
          {own.map(({ pair, verdict }) => (
            <VerdictText key={`${pair.a.wire.id} ${pair.b.wire.id}`} judgement={verdict} />
          ))}
          <div className={styles.actions}>
            <Button size="small" onClick={() => store.getState().setDockTab('understand')}>
              Show the numbers
            </Button>
          </div>
        </>
      ) : (
        <CompareControl brief />
      )}
    </Section>
  );
}
