import type { LucideIcon } from 'lucide-react';
import { CopyPlus, Ellipsis, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GraphNode } from '../../graph/document';
import { removeNodes, renameNode } from '../../graph/edits';
import { toneOf } from '../../store/node-words';
import { useGraftStore } from '../../store/store';
import { IconButton } from '../../ui-kit/button';
import { IconTile } from '../../ui-kit/icon-tile';
import { MenuItem, Popover } from '../../ui-kit/popover';
import { TitleField } from '../../ui-kit/title-field';
import styles from './inspector.module.css';

const ICON = { size: 15, strokeWidth: 1.75 } as const;

interface NodeHeadProps {
  readonly node: GraphNode;
  readonly icon: LucideIcon;
  readonly subtitle: string;
  readonly help: ReactNode;
}

export function NodeHead({ node, icon, subtitle, help }: NodeHeadProps) {
  const store = useGraftStore();
  return (
    <>
      <header className={styles.head}>
        <IconTile tone={toneOf(node)} icon={icon} />
        <div className={styles.titles}>
          <TitleField
            label="Name"
            value={node.name}
            onChange={name => store.getState().applyEdit(`Rename ${node.name}`, renameNode(node.id, name))}
          />
          <p className={styles.subtitle}>{subtitle}</p>
        </div>
        <Popover
          label="Node"
          align="end"
          trigger={({ props }) => (
            <IconButton label="More" size="small" {...props}>
              <Ellipsis size={16} strokeWidth={1.75} />
            </IconButton>
          )}
        >
          {close => <Items node={node} onClose={close} />}
        </Popover>
      </header>
      {help !== null && <p className={styles.help}>{help}</p>}
    </>
  );
}

function Items({ node, onClose }: { readonly node: GraphNode; readonly onClose: () => void }) {
  const { applyEdit, addSharing, duplicateSelection } = useGraftStore().getState();
  const act = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <>
      {node.kind === 'model' && (
        <MenuItem
          icon={<CopyPlus {...ICON} />}
          detail="One set of weights in two places"
          onClick={act(() => addSharing(node.id))}
        >
          Use again with shared weights
        </MenuItem>
      )}
      <MenuItem icon={<CopyPlus {...ICON} />} onClick={act(duplicateSelection)}>
        Duplicate
      </MenuItem>
      <MenuItem
        icon={<Trash2 {...ICON} />}
        wrong
        onClick={act(() => applyEdit(`Delete ${node.name}`, removeNodes([node.id])))}
      >
        Delete
      </MenuItem>
    </>
  );
}
