/** Where everything stands. What stands there is passed in or comes from its own panel. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useGraft, useGraftStore } from '../../store/store';
import { IconButton } from '../../ui-kit/button';
import { classNames } from '../../ui-kit/class-names';
import { EmptyCanvas } from '../empty-canvas/empty-canvas';
import { ImportReports } from '../import-reports/import-reports';
import { Inspector } from '../inspector/inspector';
import { ModelView } from '../model-view/model-view';
import { Palette } from '../palette/palette';
import { StatusBar } from '../status-bar/status-bar';
import { TopBar } from '../top-bar/top-bar';
import styles from './app-shell.module.css';
import { useShortcuts } from './use-shortcuts';

interface AppShellProps {
  readonly canvas: ReactNode;
  readonly dock: ReactNode;
  /** Export and Train. */
  readonly actions: ReactNode;
}

export function AppShell({ canvas, dock, actions }: AppShellProps) {
  useShortcuts();
  const sheet = useGraft(state => state.sheet);
  const empty = useGraft(state => Object.keys(state.document.nodes).length === 0);
  return (
    <div className={styles.shell}>
      <div className={styles.top}>
        <TopBar actions={actions} />
      </div>
      <aside className={classNames(styles.palette, sheet === 'palette' && styles.open)} aria-label="Palette">
        <SheetClose />
        <Palette />
      </aside>
      <main className={styles.canvas}>
        {canvas}
        {empty && <EmptyCanvas />}
        <ModelView />
        <ImportReports />
      </main>
      <aside
        className={classNames(styles.inspector, sheet === 'inspector' && styles.open)}
        aria-label="Inspector"
      >
        <SheetClose />
        <Inspector />
      </aside>
      <div className={styles.dock}>{dock}</div>
      <footer className={styles.status}>
        <StatusBar />
      </footer>
    </div>
  );
}

/** Only seen where the panel is a sheet over the canvas. */
function SheetClose() {
  const store = useGraftStore();
  return (
    <div className={styles.close}>
      <IconButton label="Close" size="small" onClick={() => store.getState().setSheet(null)}>
        <X size={15} strokeWidth={1.75} />
      </IconButton>
    </div>
  );
}
