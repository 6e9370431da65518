import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import styles from './section.module.css';

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, action, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h3 className={styles.title} id={id}>
          {title}
        </h3>
        {action}
      </div>
      {children}
    </section>
  );
}

interface FoldProps {
  readonly title: string;
  readonly count?: number;
  /** Opened from outside, as by a search; else the person decides. */
  readonly forced?: boolean;
  readonly children: ReactNode;
}

export function Fold({ title, count, forced = false, children }: FoldProps) {
  const [chosen, setOpen] = useState(false);
  const open = chosen || forced;
  return (
    <div>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!chosen)}>
        <ChevronRight size={13} strokeWidth={1.75} aria-hidden="true" />
        {title}
        {count !== undefined && <span className={styles.count}>{count}</span>}
      </button>
      {open && children}
    </div>
  );
}
