import type { LucideIcon } from 'lucide-react';
import { ITEM_MIME, type NewItem } from '../../store/new-items';
import type { Tone } from '../../store/node-words';
import { useGraftStore } from '../../store/store';
import { classNames } from '../../ui-kit/class-names';
import { IconTile } from '../../ui-kit/icon-tile';
import styles from './palette.module.css';

interface PaletteItemProps {
  readonly item: NewItem;
  readonly testId: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly name: string;
  readonly detail?: string;
  readonly help?: string;
  readonly strong?: boolean;
}

export function PaletteItem({
  item,
  testId,
  tone,
  icon,
  name,
  detail,
  help,
  strong = false,
}: PaletteItemProps) {
  const store = useGraftStore();
  return (
    <button
      type="button"
      className={styles.item}
      data-testid={testId}
      title={help === undefined ? undefined : `${name}: ${help}`}
      draggable
      onDragStart={event => {
        event.dataTransfer.setData(ITEM_MIME, JSON.stringify(item));
        event.dataTransfer.effectAllowed = 'copy';
      }}
      onClick={() => {
        store.getState().addItem(item, null);
        store.getState().setSheet(null);
      }}
    >
      <IconTile tone={tone} icon={icon} small={detail === undefined} />
      <span className={styles.texts}>
        <span className={classNames(styles.name, strong && styles.strong)}>{name}</span>
        {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      </span>
    </button>
  );
}
