import { Handle, Position } from 'reactflow';
import { portKey, selectFitting } from '../store/fitting';
import { useGraft } from '../store/store';
import { classNames } from '../ui-kit/class-names';
import type { Port } from './card';
import styles from './node-card.module.css';

interface PortHandleProps {
  readonly node: string;
  readonly port: Port;
  readonly side: 'input' | 'output';
}

/** While a wire is drawn, ports that it fits grow and the others fade. A wire may still be dropped on those: it says why. */
export function PortHandle({ node, port, side }: PortHandleProps) {
  const key = portKey({ node, port: port.id });
  const fit = useGraft(state =>
    state.pendingWire === null
      ? 'idle'
      : state.pendingWire.port.node === node && state.pendingWire.port.port === port.id
        ? 'idle'
        : selectFitting(state).get(key) === null
          ? 'fits'
          : 'unfit',
  );
  return (
    <Handle
      id={port.id}
      type={side === 'input' ? 'target' : 'source'}
      position={side === 'input' ? Position.Left : Position.Right}
      className={classNames(styles.port, port.optional && styles.optional, fit !== 'idle' && styles[fit])}
      aria-label={port.label}
      title={port.label}
      data-handle={key}
    />
  );
}
