import { Trash2 } from 'lucide-react';
import type { Wire } from '../../graph/document';
import { removeWires } from '../../graph/edits';
import { formatShape } from '../../network/shape';
import { selectCompiled, selectWireProblems } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Fact, Facts } from './facts';
import styles from './inspector.module.css';
import { ProblemList } from './problem-list';

export function WireInspector({ wire }: { readonly wire: Wire }) {
  const store = useGraftStore();
  const nodes = useGraft(state => state.document.nodes);
  const facts = useGraft(state => selectCompiled(state).wires.get(wire.id));
  const problems = useGraft(state => selectWireProblems(state, wire.id));
  const end = (id: string) => (
    <button type="button" onClick={() => store.getState().show({ kind: 'node', node: id })}>
      {nodes[id]?.name ?? id}
    </button>
  );
  return (
    <>
      <div>
        <h2 className={styles.title}>Wire</h2>
        <p className={styles.help}>What flows from one node to the next, row by row.</p>
      </div>
      <ProblemList problems={problems} />
      <Facts>
        <Fact label="From">{end(wire.from.node)}</Fact>
        <Fact label="To">{end(wire.to.node)}</Fact>
        <Fact label="Carries" mono>
          {facts?.shape ? formatShape(facts.shape) : 'not known yet'}
        </Fact>
        {facts?.wanted && (
          <Fact label="Needed" mono>
            {formatShape(facts.wanted)}
          </Fact>
        )}
      </Facts>
      <div className={styles.actions}>
        <Button
          size="small"
          look="wrong"
          onClick={() => store.getState().applyEdit('Unwire', removeWires([wire.id]))}
        >
          <Trash2 size={14} strokeWidth={1.75} aria-hidden="true" />
          Remove
        </Button>
      </div>
    </>
  );
}
