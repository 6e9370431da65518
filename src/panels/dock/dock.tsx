/** What goes on below the canvas: training, data, results, problems, code. It folds to its tabs. */
import { ChevronDown, ChevronUp } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { selectProblems } from '../../store/selectors';
import type { DockTab } from '../../store/session';
import { useGraft } from '../../store/store';
import { describeSettings } from '../../store/training-run';
import { IconButton } from '../../ui-kit/button';
import { type Tab, Tabs } from '../../ui-kit/tabs';
import { DataTab } from '../data/data-tab';
import { UnderstandTab } from '../insight/understand-tab';
import { ProblemsTab } from '../problems/problems-tab';
import { ResultsTab } from '../results/results-tab';
import { TrainingTab } from '../training/training-tab';
import styles from './dock.module.css';

/** It writes with the exporter, which the first page does without. */
const CodeTab = lazy(() => import('../code/code-tab').then(file => ({ default: file.CodeTab })));

export function Dock() {
  const open = useGraft(state => state.dockOpen);
  const setOpen = useGraft(state => state.setDockOpen);
  const chosen = useGraft(state => state.dockTab);
  const setTab = useGraft(state => state.setDockTab);
  const tabs = useTabs();
  const tab = tabs.find(({ id }) => id === chosen)?.id ?? 'training';
  return (
    <section className={styles.dock} data-open={open} aria-label="Training, data, results, problems and code">
      <header className={styles.head}>
        <Tabs
          label="Dock"
          className={styles.tabs}
          tabs={tabs}
          selected={open ? tab : null}
          onSelect={setTab}
        />
        <RunLine />
        <IconButton
          label={open ? 'Fold the dock' : 'Open the dock'}
          size="small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown size={16} strokeWidth={1.75} /> : <ChevronUp size={16} strokeWidth={1.75} />}
        </IconButton>
      </header>
      {open && (
        <div
          className={styles.body}
          role="tabpanel"
          id={`panel-${tab}`}
          aria-labelledby={`tab-${tab}`}
          // Drawn anew for each tab, so that it begins at its top.
          key={tab}
        >
          <Panel tab={tab} />
        </div>
      )}
    </section>
  );
}

function Panel({ tab }: { readonly tab: DockTab }) {
  switch (tab) {
    case 'data':
      return <DataTab />;
    case 'understand':
      return <UnderstandTab />;
    case 'results':
      return <ResultsTab />;
    case 'problems':
      return <ProblemsTab />;
    case 'code':
      return (
        <Suspense fallback={null}>
          <CodeTab />
        </Suspense>
      );
    default:
      return <TrainingTab />;
  }
}

function useTabs(): readonly Tab<DockTab>[] {
  const rows = useGraft(state => state.dataset?.rows ?? null);
  const diagnostics = useGraft(selectProblems);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  return [
    { id: 'training', label: 'Training' },
    { id: 'data', label: 'Data', ...(rows === null ? {} : { count: rows.toLocaleString('en') }) },
    { id: 'understand', label: 'Understand' },
    { id: 'results', label: 'Results' },
    {
      id: 'problems',
      label: 'Problems',
      count: errors > 0 ? errors : warnings,
      wrong: errors > 0,
    },
    { id: 'code', label: 'Code' },
  ];
}

/** Which run is in view, and how it was set. */
function RunLine() {
  const training = useGraft(state => state.training);
  if (training.kind === 'idle') return null;
  return (
    <p className={styles.run}>
      Run {training.run} · {describeSettings(training.settings)}
    </p>
  );
}
