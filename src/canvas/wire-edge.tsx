import { memo, use } from 'react';
import { createPortal } from 'react-dom';
import { BaseEdge, type EdgeProps, getBezierPath } from 'reactflow';
import { selectCompiled } from '../store/selectors';
import { useGraftStore } from '../store/store';
import { classNames } from '../ui-kit/class-names';
import { LabelLayer } from './label-layer';
import { type WireEdge as Edge, wireFix } from './to-flow';
import styles from './wire.module.css';

export const WireEdge = memo(function WireEdge(props: EdgeProps<Edge>) {
  const store = useGraftStore();
  const labels = use(LabelLayer);
  const { id, data, selected = false } = props;
  const [path, x, y] = getBezierPath(props);
  if (data === undefined) return null;
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
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
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
            {data.fix !== null && data.state === 'wrong' && (
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
