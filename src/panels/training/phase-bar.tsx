/** The several phases of a run, one after another, and the way to another one. */
import { Plus, Trash2 } from 'lucide-react';
import { selectCounts } from '../../store/counts';
import { formatCount } from '../../store/node-words';
import { addPhase, planFineTuning, removePhase } from '../../store/phase-edits';
import { networksOf } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { Button, IconButton } from '../../ui-kit/button';
import styles from './phases.module.css';

interface PhaseBarProps {
  /** From 0. */
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

export function PhaseBar({ chosen, onChoose }: PhaseBarProps) {
  const phases = useGraft(state => state.document.training.phases);
  const counts = useGraft(selectCounts);
  const applyEdit = useGraft(state => state.applyEdit);
  const remove = () => {
    applyEdit('Remove the phase', removePhase(chosen));
    onChoose(Math.max(0, chosen - 1));
  };
  return (
    <div className={styles.bar}>
      <fieldset className={styles.phases} aria-label="Phases">
        {phases.map((phase, index) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a phase is its place in the run.
            key={index}
            type="button"
            aria-pressed={index === chosen}
            onClick={() => onChoose(index)}
          >
            <b>{index + 1}</b> {phase.name}
            {counts !== null && <small>{formatCount(counts.phases[index]?.trainable ?? 0)} train</small>}
          </button>
        ))}
      </fieldset>
      <IconButton label="Remove this phase" size="small" onClick={remove}>
        <Trash2 size={14} strokeWidth={1.75} />
      </IconButton>
    </div>
  );
}

/** One click for the usual second phase, with what it will do. */
export function AddFineTuning({ onAdded }: { readonly onAdded: () => void }) {
  const document = useGraft(state => state.document);
  const models = useGraft(state => state.models);
  const applyEdit = useGraft(state => state.applyEdit);
  const plan = planFineTuning(document, networksOf(models));
  if (plan === null) return null;
  return (
    <div className={styles.add}>
      <Button
        size="small"
        onClick={() => {
          applyEdit('Add a fine-tuning phase', addPhase(plan.phase));
          onAdded();
        }}
      >
        <Plus size={14} strokeWidth={1.75} aria-hidden="true" />
        Add fine-tuning phase
      </Button>
      <p>{plan.sentence}</p>
    </div>
  );
}
