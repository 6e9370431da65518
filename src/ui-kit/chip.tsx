import type { ReactNode } from 'react';
import styles from './chip.module.css';
import { classNames } from './class-names';

interface ChipProps {
  readonly tone?: 'quiet' | 'accent' | 'wrong' | 'warn';
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

export function Chip({ tone = 'quiet', title, children }: ChipProps) {
  return (
    <span className={classNames(styles.chip, tone !== 'quiet' && styles[tone])} title={title}>
      {children}
    </span>
  );
}
