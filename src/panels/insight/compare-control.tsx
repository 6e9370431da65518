import { LoaderCircle, Scale } from 'lucide-react';
import { useState } from 'react';
import { selectCompiled } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { readiness } from '../../store/training-check';
import { Button } from '../../ui-kit/button';
import { SelectField } from '../../ui-kit/fields';
import { Fold } from '../../ui-kit/section';
import styles from './insight.module.css';

/** The one button, what stands in its way, and what it is doing. `brief`: without the choice of wires. */
export function CompareControl({ brief = false }: { readonly brief?: boolean }) {
  const store = useGraftStore();
  const insight = useGraft(state => state.insight);
  const ready = readiness(
    useGraft(selectCompiled),
    useGraft(state => state.dataset),
  );
  const { compareBranches, cancelComparison, setDockTab } = store.getState();
  if (ready.kind === 'blocked') {
    return (
      <>
        <p className={styles.text}>{ready.reason}</p>
        <div>
          <Button size="small" onClick={() => setDockTab(ready.tab)}>
            Open {ready.tab === 'data' ? 'Data' : ready.tab === 'problems' ? 'Problems' : 'Training'}
          </Button>
        </div>
      </>
    );
  }
  if (insight.kind === 'working') {
    return (
      <p className={styles.doing} role="status">
        <LoaderCircle size={15} strokeWidth={1.75} aria-hidden="true" />
        <span>{insight.doing}</span>
        <Button size="small" onClick={cancelComparison}>
          Cancel
        </Button>
      </p>
    );
  }
  return (
    <>
      {insight.kind === 'none' && (
        <p className={styles.text}>
          Runs some rows of your data through the models as they are, untrained, and says whether the branches
          know different things. Nothing is changed by it.
        </p>
      )}
      {insight.kind === 'failed' && (
        <p className={styles.text} role="alert">
          It could not be compared: {insight.reason}
        </p>
      )}
      <div className={styles.actions}>
        <Button size="small" onClick={() => void compareBranches()}>
          <Scale size={14} strokeWidth={1.75} aria-hidden="true" />
          {insight.kind === 'none' ? 'Compare the branches' : 'Compare again'}
        </Button>
      </div>
      {!brief && <AnyTwo />}
    </>
  );
}

/** Two wires of the graph, chosen by hand. */
function AnyTwo() {
  const store = useGraftStore();
  const document = useGraft(state => state.document);
  const flows = useGraft(state => selectCompiled(state).flows);
  const [chosen, choose] = useState<readonly [string, string]>(['', '']);
  const options = Object.values(document.wires)
    .filter(({ id }) => flows.has(id))
    .map(({ id, from, to }) => ({
      value: id,
      label: `${document.nodes[from.node]?.name ?? '?'} → ${document.nodes[to.node]?.name ?? '?'}`,
    }));
  if (options.length < 2) return null;
  const [a, b] = [chosen[0] || options[0]?.value || '', chosen[1] || options[1]?.value || ''];
  return (
    <Fold title="Any two wires">
      <div className={styles.anyTwo}>
        <SelectField label="One" wide value={a} options={options} onChange={value => choose([value, b])} />
        <SelectField
          label="The other"
          wide
          value={b}
          options={options}
          onChange={value => choose([a, value])}
        />
        <Button size="small" disabled={a === b} onClick={() => void store.getState().compareBranches([a, b])}>
          Compare these too
        </Button>
      </div>
    </Fold>
  );
}
