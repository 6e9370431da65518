/** What training runs on: first what the page found, after a run what really ran. */
import { useEffect, useState } from 'react';
import { useGraft } from '../../store/store';
import type { Backend } from '../../trainer/protocol';
import { Popover } from '../../ui-kit/popover';
import styles from './backend-chip.module.css';
import { BACKEND_NAMES } from './backend-names';

export function BackendChip() {
  const ran = useGraft(({ training }) => ('backend' in training ? training.backend : null));
  const last = useGraft(({ runs }) => runs.at(-1)?.backend ?? null);
  const found = useFoundBackend();
  const backend = ran ?? last;
  const shown = backend ?? found;
  if (shown === null) return null;
  const good = shown.name === 'webgpu';
  const title = `${backend === null ? 'Training will run on' : 'The last run used'} ${BACKEND_NAMES[shown.name]}.${shown.why === null ? '' : ` ${shown.why}`}`;
  return (
    <span className={styles.chip} title={title} data-good={good}>
      <i />
      {BACKEND_NAMES[shown.name]}
      {!good && shown.why !== null && (
        <Popover
          label="What training runs on"
          role="dialog"
          align="end"
          trigger={({ props }) => (
            <button type="button" className={styles.why} {...props}>
              why?
            </button>
          )}
        >
          {() => <p className={styles.reason}>{title}</p>}
        </Popover>
      )}
    </span>
  );
}

/** What this browser offers; the trainer may still find that it doesn't work, and then says so. */
function useFoundBackend(): Backend | null {
  const [found, setFound] = useState<Backend | null>(null);
  useEffect(() => {
    let wanted = true;
    findBackend().then(
      backend => wanted && setFound(backend),
      () => wanted && setFound(withoutWebGpu('This browser refused to give a GPU.')),
    );
    return () => {
      wanted = false;
    };
  }, []);
  return found;
}

async function findBackend(): Promise<Backend> {
  if (!isSecureContext) return withoutWebGpu('Browsers give WebGPU only to pages opened over https.');
  if (!('gpu' in navigator)) return withoutWebGpu('This browser has no WebGPU.');
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) return withoutWebGpu('This browser found no GPU that WebGPU can use.');
  return { name: 'webgpu', why: null };
}

function withoutWebGpu(why: string): Backend {
  const canvas = document.createElement('canvas');
  return { name: canvas.getContext('webgl2') === null ? 'cpu' : 'webgl', why };
}
