import type { KeyboardEvent } from 'react';
import { classNames } from './class-names';
import styles from './tabs.module.css';

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly count?: string | number;
  readonly wrong?: boolean;
}

interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  /** null: none, as in a folded dock. */
  readonly selected: T | null;
  readonly onSelect: (tab: T) => void;
  readonly className?: string | undefined;
}

/** The panel that a tab shows should carry `id={`panel-${tab}`}` and `role="tabpanel"`. */
export function Tabs<T extends string>({ label, tabs, selected, onSelect, className }: TabsProps<T>) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const index = tabs.findIndex(tab => tab.id === selected);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  const stop = selected ?? tabs[0]?.id;
  return (
    <div role="tablist" aria-label={label} className={classNames(styles.tabs, className)} onKeyDown={move}>
      {tabs.map(tab => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`tab-${tab.id}`}
          className={styles.tab}
          aria-selected={tab.id === selected}
          aria-controls={`panel-${tab.id}`}
          tabIndex={tab.id === stop ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && (
            <span className={classNames(styles.count, tab.wrong && styles.wrong)}>{tab.count}</span>
          )}
        </button>
      ))}
    </div>
  );
}
