import { useMemo } from 'react';
import type { Column, Dataset } from '../../data/dataset';
import { formatShape } from '../../network/shape';
import { formatNumber } from '../../store/scores';
import { useGraft } from '../../store/store';
import styles from './data.module.css';

export function ColumnTable({ dataset }: { readonly dataset: Dataset }) {
  const nodes = useGraft(state => state.document.nodes);
  const uses = useMemo(() => {
    const byColumn = new Map<string, string[]>();
    for (const node of Object.values(nodes)) {
      if ((node.kind !== 'input' && node.kind !== 'output') || node.column === null) continue;
      const use = node.kind === 'input' ? `feeds ${node.name}` : `predicted by ${node.name}`;
      byColumn.set(node.column, [...(byColumn.get(node.column) ?? []), use]);
    }
    return byColumn;
  }, [nodes]);
  return (
    <table className={styles.columns}>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Each row</th>
          <th scope="col">Values</th>
          <th scope="col">Use</th>
        </tr>
      </thead>
      <tbody>
        {dataset.columns.map(column => (
          <tr key={column.name} title={column.help}>
            <th scope="row">{column.name}</th>
            <td>{shapeOf(column)}</td>
            <td>{valuesOf(column)}</td>
            <td className={styles.use}>{uses.get(column.name)?.join(', ') ?? 'not used'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function shapeOf(column: Column): string {
  if (column.kind === 'classes') return `1 of ${column.classes.length} classes`;
  return column.rowShape.length === 0 ? '1 number' : formatShape([null, ...column.rowShape]);
}

// Columns never change, so each is gone through once.
const ranges = new WeakMap<Column, string>();

function valuesOf(column: Column): string {
  if (column.kind === 'classes') {
    const { classes } = column;
    return classes.length <= 4 ? classes.join(', ') : `${classes[0]}, ${classes[1]}, … ${classes.at(-1)}`;
  }
  const known = ranges.get(column);
  if (known !== undefined) return known;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const range = `${plain(low)} to ${plain(high)}`;
  ranges.set(column, range);
  return range;
}

function plain(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : formatNumber(value);
}
