import { Lock } from 'lucide-react';
import { memo } from 'react';
import { jsonEquals } from '../../base/json';
import type { NodeId } from '../../graph/document';
import { type Edit, updateModel } from '../../graph/edits';
import { formatCount } from '../../store/node-words';
import { useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Chip } from '../../ui-kit/chip';
import { classNames } from '../../ui-kit/class-names';
import type { LayerRow } from './layer-rows';
import styles from './model-view.module.css';

interface LayerTableRowProps {
  readonly row: LayerRow;
  readonly node: NodeId;
  /** The node whose weights they are. */
  readonly owner: NodeId;
}

export const LayerTableRow = memo(function LayerTableRow({ row, node, owner }: LayerTableRowProps) {
  return (
    <tr className={classNames(row.state === 'off' && styles.off)} data-testid={`layer-${row.name}`}>
      <td>
        <span className={styles.name} title={row.name}>
          {row.name}
        </span>
        <span className={styles.marks}>
          {row.again && <Chip>again</Chip>}
          {row.placeholder && (
            <Chip
              tone="wrong"
              title="Graft doesn't know this layer and can't compute it. Cut before it, or start after it."
            >
              placeholder
            </Chip>
          )}
        </span>
      </td>
      <td className={styles.type}>{row.type}</td>
      <td className={styles.number}>{row.shape ?? 'not known'}</td>
      <td className={styles.number}>
        {row.again || row.parameters === 0 ? '' : formatCount(row.parameters)}
      </td>
      <td>
        <WeightState row={row} />
      </td>
      <td>
        <Actions row={row} node={node} owner={owner} />
      </td>
    </tr>
  );
}, sameRow);

/** Rows are made anew for every edit; most of five hundred are as they were. */
function sameRow(a: LayerTableRowProps, b: LayerTableRowProps): boolean {
  return a.node === b.node && a.owner === b.owner && jsonEquals({ ...a.row }, { ...b.row });
}

function WeightState({ row }: { readonly row: LayerRow }) {
  switch (row.state) {
    case 'off':
      return <span className={styles.state}>not used</span>;
    case 'no-weights':
      return null;
    case 'frozen':
      return (
        <span className={styles.state}>
          <Lock size={11} strokeWidth={1.75} aria-hidden="true" />
          frozen
        </span>
      );
    case 'trains':
      return <span className={classNames(styles.state, styles.trains)}>trains</span>;
  }
}

function Actions({ row, node, owner }: LayerTableRowProps) {
  const store = useGraftStore();
  const { call, name } = row;
  const toggle = (label: string, on: boolean, offLabel: string, edit: Edit) => (
    <Button
      look="plain"
      size="small"
      aria-pressed={on}
      title={on ? offLabel : undefined}
      onClick={() => store.getState().applyEdit(on ? offLabel : `${label} ${name}`, edit)}
    >
      {label}
    </Button>
  );
  return (
    <div className={styles.actions}>
      {toggle(
        'Start after',
        row.start,
        'Start at the inputs',
        updateModel(node, { start: row.start ? null : call }),
      )}
      {toggle('Cut after', row.end, 'Take the cut back', updateModel(node, { end: row.end ? null : call }))}
      {toggle('Tap', row.tapped, 'Take the tap back', toggleTap(node, call))}
      {toggle(
        'Freeze up to here',
        row.lastFrozen,
        'Freeze all layers',
        updateModel(owner, { freeze: row.lastFrozen ? { kind: 'all' } : { kind: 'upTo', call } }),
      )}
    </div>
  );
}

function toggleTap(id: NodeId, call: string): Edit {
  return document => {
    const node = document.nodes[id];
    if (node?.kind !== 'model') return document;
    const taps = node.taps.includes(call) ? node.taps.filter(tap => tap !== call) : [...node.taps, call];
    return updateModel(id, { taps })(document);
  };
}
