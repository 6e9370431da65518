import { Maximize, Minus, Network, Plus } from 'lucide-react';
import { Panel, useReactFlow, useStore } from 'reactflow';
import { IconButton } from '../ui-kit/button';
import styles from './canvas.module.css';
import { FIT } from './fit';

export function ZoomBar({ onTidy }: { readonly onTidy: () => void }) {
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const percent = useStore(state => Math.round(state.transform[2] * 100));
  return (
    <Panel position="bottom-left" className={styles.bar}>
      <IconButton label="Zoom out" size="small" onClick={() => void zoomOut({ duration: 120 })}>
        <Minus size={15} strokeWidth={1.75} />
      </IconButton>
      <button
        type="button"
        className={styles.zoom}
        title="Zoom to 100 %"
        onClick={() => void zoomTo(1, { duration: 120 })}
      >
        {percent}%
      </button>
      <IconButton label="Zoom in" size="small" onClick={() => void zoomIn({ duration: 120 })}>
        <Plus size={15} strokeWidth={1.75} />
      </IconButton>
      <span className={styles.rule} />
      <IconButton
        label="Show everything"
        size="small"
        onClick={() => void fitView({ ...FIT, duration: 160 })}
      >
        <Maximize size={15} strokeWidth={1.75} />
      </IconButton>
      <IconButton label="Tidy up" size="small" onClick={onTidy}>
        <Network size={15} strokeWidth={1.75} />
      </IconButton>
    </Panel>
  );
}
