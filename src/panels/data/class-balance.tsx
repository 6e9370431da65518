import { useMemo } from 'react';
import type { ClassesColumn } from '../../data/dataset';
import styles from './data.module.css';

const MOST = 24;

/** How many rows each class has. */
export function ClassBalance({ column }: { readonly column: ClassesColumn }) {
  const counts = useMemo(() => countClasses(column), [column]);
  const most = Math.max(...counts);
  const shown = column.classes.slice(0, MOST);
  return (
    <figure>
      <figcaption className={styles.caption}>Rows of each {column.name}</figcaption>
      <div className={styles.balance}>
        {shown.map((name, index) => (
          <div key={name} title={`${name}: ${(counts[index] ?? 0).toLocaleString('en')} rows`}>
            <span className={styles.count}>{counts[index]}</span>
            <i style={{ height: `${((counts[index] ?? 0) / most) * 100}%` }} />
            <span className={styles.class}>{name}</span>
          </div>
        ))}
      </div>
      {column.classes.length > MOST && (
        <p className={styles.more}>and {column.classes.length - MOST} more classes</p>
      )}
    </figure>
  );
}

function countClasses({ classes, values }: ClassesColumn): readonly number[] {
  const counts = classes.map(() => 0);
  for (const value of values) if (counts[value] !== undefined) counts[value] += 1;
  return counts;
}
