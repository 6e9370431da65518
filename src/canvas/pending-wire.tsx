import { type ConnectionLineComponentProps, EdgeLabelRenderer, getBezierPath } from 'reactflow';
import { portKey, selectFitting } from '../store/fitting';
import { useGraft } from '../store/store';
import { classNames } from '../ui-kit/class-names';
import type { CardNode } from './to-flow';
import styles from './wire.module.css';

/** The wire that is being drawn; over a port that it doesn't fit, it says why. */
export function PendingWireLine({
  fromX,
  fromY,
  fromPosition,
  toX,
  toY,
  toPosition,
  toHandle,
}: ConnectionLineComponentProps<CardNode>) {
  const over = toHandle === null ? null : portKey({ node: toHandle.nodeId, port: toHandle.id ?? '' });
  const why = useGraft(state => (over === null ? null : (selectFitting(state).get(over) ?? null)));
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  return (
    <>
      <path d={path} className={classNames(styles.pending, why !== null && styles.unfit)} />
      {why !== null && (
        <EdgeLabelRenderer>
          <div
            className={styles.why}
            style={{
              position: 'absolute',
              transform: `translate(${toX + 14}px, ${toY + 14}px)`,
              zIndex: 1002,
            }}
            role="status"
          >
            {why}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
