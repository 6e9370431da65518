/** The one primary button: Train, or Stop while it runs. What stands in the way is its title, and a press shows it. */
import { LoaderCircle, Play, Square } from 'lucide-react';
import { selectCompiled } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { readiness } from '../../store/training-check';
import { Button } from '../../ui-kit/button';
import { classNames } from '../../ui-kit/class-names';
import styles from './train-button.module.css';

const ICON = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function TrainButton() {
  const kind = useGraft(state => state.training.kind);
  const compiled = useGraft(selectCompiled);
  const dataset = useGraft(state => state.dataset);
  const train = useGraft(state => state.train);
  const stop = useGraft(state => state.stopTraining);
  const setDockTab = useGraft(state => state.setDockTab);

  if (kind === 'running' || kind === 'preparing') {
    return (
      <Button look="primary" onClick={stop} title="End training after this step; what was learned is kept">
        <Square {...ICON} />
        Stop
      </Button>
    );
  }
  if (kind === 'stopping') {
    return (
      <Button look="primary" disabled>
        <LoaderCircle {...ICON} className={styles.spin} />
        Stopping
      </Button>
    );
  }
  const ready = readiness(compiled, dataset);
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
