/** The one primary button: Train, Pause or Resume, and Stop beside it. What stands in the way is its title; a press shows it. */
import { LoaderCircle, Pause, Play, Square } from 'lucide-react';
import { selectReadiness } from '../../store/setting-problems';
import { useGraft } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { classNames } from '../../ui-kit/class-names';
import styles from './train-button.module.css';

const ICON = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function TrainButton() {
  const kind = useGraft(state => state.training.kind);
  const pause = useGraft(state => state.pauseTraining);
  const resume = useGraft(state => state.resumeTraining);
  switch (kind) {
    case 'idle':
    case 'finished':
    case 'failed':
      return <StartButton />;
    case 'preparing':
      return <StopButton primary />;
    case 'stopping':
      return <BusyButton>Stopping</BusyButton>;
    case 'pausing':
      return <BusyButton>Pausing</BusyButton>;
    case 'running':
      return (
        <>
          <StopButton />
          <Button look="primary" onClick={pause} title="Let training stand still after this step">
            <Pause {...ICON} />
            Pause
          </Button>
        </>
      );
    case 'paused':
      return (
        <>
          <StopButton />
          <Button look="primary" onClick={resume} title="Let training go on where it stands">
            <Play {...ICON} />
            Resume
          </Button>
        </>
      );
  }
}

function StopButton({ primary = false }: { readonly primary?: boolean }) {
  const stop = useGraft(state => state.stopTraining);
  return (
    <Button
      look={primary ? 'primary' : 'normal'}
      onClick={stop}
      aria-label="Stop"
      title="End training after this step; what was learned is kept"
    >
      <Square {...ICON} />
      <span className={classNames(!primary && styles.word)}>Stop</span>
    </Button>
  );
}

function BusyButton({ children }: { readonly children: string }) {
  return (
    <Button look="primary" disabled>
      <LoaderCircle {...ICON} className={styles.spin} />
      {children}
    </Button>
  );
}

function StartButton() {
  const ready = useGraft(selectReadiness);
  const train = useGraft(state => state.train);
  const setDockTab = useGraft(state => state.setDockTab);
  const blocked = ready.kind === 'blocked';
  return (
    <Button
      look="primary"
      className={classNames(blocked && styles.blocked)}
      // Dimmed, not disabled: a press leads to what stands in the way.
      title={blocked ? ready.reason : 'Train what is not frozen on the data'}
      onClick={() => {
        if (blocked) {
          setDockTab(ready.tab);
          return;
        }
        setDockTab('training');
        void train();
      }}
    >
      <Play {...ICON} />
      Train
    </Button>
  );
}
