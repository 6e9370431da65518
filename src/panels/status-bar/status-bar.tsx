import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { count } from '../../store/node-words';
import { selectProblems, selectTotals } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { classNames } from '../../ui-kit/class-names';
import styles from './status-bar.module.css';

export function StatusBar() {
  const store = useGraftStore();
  const nodes = useGraft(state => Object.keys(state.document.nodes).length);
  const totals = useGraft(selectTotals);
  const diagnostics = useGraft(selectProblems);
  const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error').length;
  const warnings = diagnostics.filter(diagnostic => diagnostic.severity === 'warning').length;
  const look = errors > 0 ? 'wrong' : warnings > 0 ? 'warn' : 'good';
  const Icon = errors > 0 ? CircleAlert : warnings > 0 ? TriangleAlert : CircleCheck;
  return (
    <div className={styles.bar}>
      <span>{count(nodes, 'node')}</span>
      <span title="All values in the joined network, and those of them that training moves">
        {count(totals.parameters, 'parameter')}
      </span>
      <button
        type="button"
        className={classNames(styles.problems, styles[look])}
        onClick={() => store.getState().setDockTab('problems')}
        data-testid="status-problems"
      >
        <Icon size={13} strokeWidth={1.75} aria-hidden="true" />
        {errors > 0 ? count(errors, 'problem') : warnings > 0 ? count(warnings, 'warning') : 'No problems'}
      </button>
      <span className={styles.space} />
      <span className={styles.wide}>Nothing leaves this machine</span>
    </div>
  );
}
