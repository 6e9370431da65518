import { memo, use } from 'react';
import { createPortal } from 'react-dom';
import { BaseEdge, type EdgeProps, getBezierPath } from 'reactflow';
import { selectCompiled } from '../store/selectors';
import { useGraftStore } from '../store/store';
import { classNames } from '../ui-kit/class-names';
import { LabelLayer } from './label-layer';
import { type WireEdge as Edge, wireFix } from './to-flow';
import styles from './wire.module.css';

/** A pill with a fix beside it is about this wide; on a shorter wire it would cover both cards, so it stands below them. */
const LONG_ENOUGH = 190;
const BELOW_CARDS = 58;

export const WireEdge = memo(function WireEdge(props: EdgeProps<Edge>) {
  const store = useGraftStore();
  const labels = use(LabelLayer);
  const { id, data, selected = false } = props;
  const [path, x, y] = getBezierPath(props);
  if (data === undefined) return null;
  const fixable = data.fix !== null && data.state === 'wrong';
  const short = Math.abs(props.targetX - props.sourceX) < LONG_ENOUGH;
  const labelY = fixable && short ? y + BELOW_CARDS : y;
  const look = data.state === 'fits' ? data.tone : data.state;
  const applyFix = () => {
    const fix = wireFix(selectCompiled(store.getState()), id);
    if (fix !== null) store.getState().applyEdit(fix.label, fix.edit);
  };
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={classNames(styles.path, look !== null && styles[look], selected && styles.selected)}
      />
      {labels !== null &&
        (data.pill !== null || data.fix !== null) &&
        createPortal(
          <div
            className={classNames(
              styles.label,
              data.state !== 'fits' && styles[data.state],
              selected && styles.selected,
              'nodrag nopan',
            )}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${labelY}px)` }}
            data-testid={`wire-${id}`}
          >
            {data.pill !== null && (
              <button
                type="button"
                tabIndex={-1}
                className={styles.pill}
                title={data.problem ?? 'What flows here, for one row'}
                onClick={() => store.getState().select({ wires: [id] })}
              >
                {data.pill}
              </button>
            )}
            {fixable && (
              <button type="button" className={styles.fix} onClick={applyFix}>
                {data.fix}
              </button>
            )}
          </div>,
          labels,
        )}
    </>
  );
});
