import type { ReactNode } from 'react';
import { classNames } from '../../ui-kit/class-names';
import styles from './inspector.module.css';

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

interface FactProps {
  readonly label: ReactNode;
  /** Numbers and shapes. */
  readonly mono?: boolean;
  readonly total?: boolean;
  readonly children: ReactNode;
}

export function Fact({ label, mono = false, total = false, children }: FactProps) {
  return (
    <div className={classNames(styles.fact, total && styles.total)}>
      <dt>{label}</dt>
      <dd className={mono ? styles.mono : undefined}>{children}</dd>
    </div>
  );
}
