import { Check, LoaderCircle, PanelRight, Plus, Redo2, TriangleAlert, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SaveState } from '../../store/document-slice';
import { useGraft, useGraftStore } from '../../store/store';
import { IconButton } from '../../ui-kit/button';
import { classNames } from '../../ui-kit/class-names';
import { BackendChip } from '../training/backend-chip';
import { Mark } from './mark';
import { ProjectMenu } from './project-menu';
import { ThemeSwitch } from './theme-switch';
import styles from './top-bar.module.css';

export function TopBar({ actions }: { readonly actions: ReactNode }) {
  const store = useGraftStore();
  const undoable = useGraft(state => state.past.at(-1)?.label ?? null);
  const redoable = useGraft(state => state.future.at(-1)?.label ?? null);
  const saved = useGraft(state => state.saved);
  return (
    <header className={styles.bar}>
      <span className={styles.phone}>
        <IconButton label="Add nodes" onClick={() => store.getState().setSheet('palette')}>
          <Plus size={17} strokeWidth={1.75} />
        </IconButton>
      </span>
      <h1 className={styles.mark}>
        <Mark />
        <span className={styles.word}>Graft</span>
      </h1>
      <ProjectMenu />
      <SavedState saved={saved} />
      <span className={styles.space} />
      <span className={styles.wide}>
        <IconButton
          label={undoable === null ? 'Undo' : `Undo: ${undoable}`}
          shortcut="Ctrl Z"
          disabled={undoable === null}
          onClick={() => store.getState().undo()}
        >
          <Undo2 size={16} strokeWidth={1.75} />
        </IconButton>
        <IconButton
          label={redoable === null ? 'Redo' : `Redo: ${redoable}`}
          shortcut="Ctrl Shift Z"
          disabled={redoable === null}
          onClick={() => store.getState().redo()}
        >
          <Redo2 size={16} strokeWidth={1.75} />
        </IconButton>
      </span>
      <span className={classNames(styles.rule, styles.wide)} />
      <span className={styles.wide}>
        <BackendChip />
      </span>
      <span className={styles.wide}>
        <ThemeSwitch />
      </span>
      <span className={styles.narrow}>
        <IconButton
          label="Inspector"
          onClick={() =>
            store.getState().setSheet(store.getState().sheet === 'inspector' ? null : 'inspector')
          }
        >
          <PanelRight size={16} strokeWidth={1.75} />
        </IconButton>
      </span>
      {actions}
    </header>
  );
}

const SAVED: Readonly<Record<SaveState, { readonly text: string; readonly title: string }>> = {
  saved: { text: 'Saved', title: 'Saved in this browser, on this machine.' },
  saving: { text: 'Saving', title: 'Being saved in this browser.' },
  failed: {
    text: 'Not saved',
    title:
      'This browser refused to store the project: its storage is full or switched off. Export to keep it.',
  },
};

function SavedState({ saved }: { readonly saved: SaveState }) {
  const { text, title } = SAVED[saved];
  const Icon = saved === 'saved' ? Check : saved === 'saving' ? LoaderCircle : TriangleAlert;
  return (
    <span
      className={classNames(styles.saved, saved === 'failed' && styles.failed)}
      title={title}
      data-testid="saved"
    >
      <Icon size={13} strokeWidth={1.75} aria-hidden="true" />
      {text}
    </span>
  );
}
