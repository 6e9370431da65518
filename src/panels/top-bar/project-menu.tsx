import { ChevronDown, FilePlus2, FlaskConical, FolderClock, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { renameProject } from '../../graph/edits';
import type { ProjectEntry } from '../../storage/projects';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Dialog } from '../../ui-kit/dialog';
import { TextField } from '../../ui-kit/fields';
import { MenuHeading, MenuItem, MenuRule, Popover } from '../../ui-kit/popover';
import styles from './top-bar.module.css';

const ICON = { size: 15, strokeWidth: 1.75 } as const;
type Asking = 'rename' | ProjectEntry | null;

export function ProjectMenu() {
  const name = useGraft(state => state.document.name);
  const [asking, setAsking] = useState<Asking>(null);
  return (
    <>
      <Popover
        label="Project"
        trigger={({ props }) => (
          <Button look="plain" className={styles.project} title={name} data-testid="project-menu" {...props}>
            <span>{name}</span>
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
          </Button>
        )}
      >
        {close => <Items onClose={close} onAsk={setAsking} />}
      </Popover>
      {asking === 'rename' && <Rename onClose={() => setAsking(null)} />}
      {asking !== null && asking !== 'rename' && <Remove entry={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

interface ItemsProps {
  readonly onClose: () => void;
  readonly onAsk: (asking: Asking) => void;
}

function Items({ onClose, onAsk }: ItemsProps) {
  const store = useGraftStore();
  const state = store.getState();
  const recent = useRecent();
  const current = recent.find(entry => entry.id === state.projectId);
  const act = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <>
      <MenuItem icon={<Pencil {...ICON} />} onClick={act(() => onAsk('rename'))}>
        Rename
      </MenuItem>
      <MenuItem icon={<FilePlus2 {...ICON} />} onClick={act(state.newProject)}>
        New empty project
      </MenuItem>
      {current !== undefined && (
        <MenuItem icon={<Trash2 {...ICON} />} wrong onClick={act(() => onAsk(current))}>
          Delete this project
        </MenuItem>
      )}
      <MenuRule />
      <MenuHeading>Examples</MenuHeading>
      {state.listExamples().map(example => (
        <MenuItem
          key={example.id}
          icon={<FlaskConical {...ICON} />}
          detail={example.about}
          onClick={act(() => void state.openExample(example.id))}
        >
          {example.name}
        </MenuItem>
      ))}
      <Recent entries={recent.filter(entry => entry.id !== state.projectId && entry.nodes > 0)} act={act} />
    </>
  );
}

interface RecentProps {
  readonly entries: readonly ProjectEntry[];
  readonly act: (action: () => void) => () => void;
}

function Recent({ entries, act }: RecentProps) {
  const store = useGraftStore();
  if (entries.length === 0) return null;
  return (
    <>
      <MenuRule />
      <MenuHeading>Your other projects</MenuHeading>
      {entries.slice(0, 8).map(entry => (
        <MenuItem
          key={entry.id}
          icon={<FolderClock {...ICON} />}
          detail={`${entry.nodes} nodes · ${new Date(entry.savedAt).toLocaleString()}`}
          onClick={act(() => void store.getState().openStored(entry.id))}
        >
          {entry.name}
        </MenuItem>
      ))}
    </>
  );
}

/** Asked for when the menu opens: other tabs may have saved since. */
function useRecent(): readonly ProjectEntry[] {
  const store = useGraftStore();
  const [entries, setEntries] = useState<readonly ProjectEntry[]>([]);
  useEffect(() => {
    let gone = false;
    store
      .getState()
      .listStored()
      .then(
        found => {
          if (!gone) setEntries(found);
        },
        // Without storage there are no other projects; the saved state says that it fails.
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [store]);
  return entries;
}

function Rename({ onClose }: { readonly onClose: () => void }) {
  const store = useGraftStore();
  const name = useGraft(state => state.document.name);
  return (
    <Dialog
      title="Rename the project"
      onClose={onClose}
      width={380}
      foot={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <TextField
        label="Name"
        wide
        value={name}
        onChange={value => store.getState().applyEdit('Rename the project', renameProject(value))}
      />
    </Dialog>
  );
}

function Remove({ entry, onClose }: { readonly entry: ProjectEntry; readonly onClose: () => void }) {
  const store = useGraftStore();
  return (
    <Dialog
      title={`Delete ${entry.name}?`}
      onClose={onClose}
      width={400}
      foot={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="wrong"
            onClick={() => {
              onClose();
              void store.getState().deleteStored(entry.id);
            }}
          >
            Delete
          </Button>
        </>
      }
    >
      <p>
        It is removed from this browser with its models and its training. There is no copy of it anywhere
        else, unless you exported one.
      </p>
    </Dialog>
  );
}
