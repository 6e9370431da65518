import type { LucideIcon } from 'lucide-react';
import { classNames } from './class-names';
import styles from './icon-tile.module.css';

/** The kinds that have a colour of their own. */
export type Tone = 'input' | 'model' | 'layer' | 'merge' | 'output';

interface IconTileProps {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly small?: boolean;
}

/** A kind is never told by colour alone: the word stands beside it, so the picture itself is silent. */
export function IconTile({ tone, icon: Icon, small = false }: IconTileProps) {
  return (
    <span className={classNames(styles.tile, styles[tone], small && styles.small)} aria-hidden="true">
      <Icon size={small ? 13 : 15} strokeWidth={1.75} />
    </span>
  );
}
