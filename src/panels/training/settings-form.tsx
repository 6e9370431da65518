/** How the next run is trained. Each change is an edit of the document, so it can be undone and is saved. */
import { useRef, useState } from 'react';
import { selectSettingProblems } from '../../store/setting-problems';
import { useGraft } from '../../store/store';
import { Fold, Section } from '../../ui-kit/section';
import { AddFineTuning, PhaseBar } from './phase-bar';
import { MoreOfPhase, PhaseForm } from './phase-form';
import { PhaseFreeze } from './phase-freeze';
import styles from './phases.module.css';
import { MoreOfRun, RunForm } from './run-form';

export function SettingsForm() {
  const phases = useGraft(state => state.document.training.phases);
  const problems = useGraft(selectSettingProblems);
  const [wanted, setWanted] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  const index = Math.min(wanted, phases.length - 1);
  const phase = phases[index] ?? phases[0];
  const several = phases.length > 1;
  const differs = Object.keys(phase.freeze).length + Object.keys(phase.trainable).length > 0;
  const problem = problems.find(({ at }) => at.of === 'phase' && at.phase === index)?.message;
  const frozen = <PhaseFreeze phase={phase} index={index} />;
  return (
    <div className={styles.settings}>
      <div className={styles.top} ref={top}>
        {several && <PhaseBar chosen={index} onChoose={setWanted} />}
        <AddFineTuning
          onAdded={() => {
            setWanted(phases.length);
            top.current?.scrollIntoView({ block: 'nearest' });
          }}
        />
      </div>
      {problem !== undefined && several && <p className={styles.problem}>{problem}</p>}
      <div className={styles.form}>
        <div className={styles.group}>
          <PhaseForm phase={phase} index={index} />
        </div>
        <div className={styles.group}>
          <RunForm />
        </div>
      </div>
      {several && (
        <Section title="What trains in this phase">
          <div className={styles.form}>{frozen}</div>
        </Section>
      )}
      {!several && differs && (
        <Fold title="What trains">
          <div className={styles.form}>{frozen}</div>
        </Fold>
      )}
      <Fold title="More">
        <div className={styles.form}>
          <div className={styles.group}>
            <MoreOfPhase phase={phase} index={index} named={several} />
          </div>
          <div className={styles.group}>
            <MoreOfRun />
          </div>
        </div>
      </Fold>
    </div>
  );
}
