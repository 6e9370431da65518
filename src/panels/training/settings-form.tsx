/** How the next run is trained. Each change is an edit of the document, so it can be undone and is saved. */
import type { OptimizerKind, OptimizerSettings, TrainingSettings } from '../../graph/document';
import { setTraining } from '../../graph/edits';
import { useGraft } from '../../store/store';
import { type Option, SelectField } from '../../ui-kit/fields';
import { NumberInRange } from './number-in-range';
import styles from './training.module.css';

const OPTIMIZERS: readonly Option<OptimizerKind>[] = [
  { value: 'adam', label: 'Adam' },
  { value: 'adamw', label: 'AdamW' },
  { value: 'sgd', label: 'SGD' },
  { value: 'rmsprop', label: 'RMSprop' },
];

/** Another optimiser with the same rate; what is its own starts with the usual value. */
function changeKind(kind: OptimizerKind, { learningRate }: OptimizerSettings): OptimizerSettings {
  switch (kind) {
    case 'adam':
    case 'rmsprop':
      return { kind, learningRate };
    case 'adamw':
      return { kind, learningRate, weightDecay: 0.004 };
    case 'sgd':
      return { kind, learningRate, momentum: 0.9 };
  }
}

const positive = (value: number) => (value > 0 ? null : 'It must be above 0.');
const fromOne = (value: number) => (value >= 1 ? null : 'It must be 1 or more.');

export function SettingsForm() {
  const settings = useGraft(state => state.document.training);
  const applyEdit = useGraft(state => state.applyEdit);
  const change = (what: string, patch: Partial<TrainingSettings>) =>
    applyEdit(`Change the ${what}`, setTraining(patch));
  const { optimizer } = settings;
  return (
    <div className={styles.form}>
      <SelectField
        label="Optimizer"
        help="How the weights are moved from what the loss says."
        value={optimizer.kind}
        options={OPTIMIZERS}
        onChange={kind => change('optimizer', { optimizer: changeKind(kind, optimizer) })}
      />
      <NumberInRange
        label="Learning rate"
        help="How far each step goes. Too large and the loss jumps, too small and it crawls."
        value={optimizer.learningRate}
        check={positive}
        onChange={learningRate => change('learning rate', { optimizer: { ...optimizer, learningRate } })}
      />
      <OwnField optimizer={optimizer} onChange={(what, changed) => change(what, { optimizer: changed })} />
      <NumberInRange
        label="Batch size"
        help="Rows per step."
        value={settings.batchSize}
        whole
        check={fromOne}
        onChange={batchSize => change('batch size', { batchSize })}
      />
      <NumberInRange
        label="Epochs"
        help="How often all training rows are gone through."
        value={settings.epochs}
        whole
        check={fromOne}
        onChange={epochs => change('epochs', { epochs })}
      />
      <NumberInRange
        label="Validation split"
        help="The part of the rows outside the test set that is held back to watch the training: 0 to 0.9."
        value={settings.validationSplit}
        check={value => (value >= 0 && value <= 0.9 ? null : 'It must be from 0 to 0.9.')}
        onChange={validationSplit => change('validation split', { validationSplit })}
      />
      <NumberInRange
        label="Seed"
        help="Decides the start of new layers, the split and the order of rows: the same seed gives the same run on the same backend."
        value={settings.seed}
        whole
        check={value => (Math.abs(value) < 2 ** 31 ? null : 'It must have fewer digits.')}
        onChange={seed => change('seed', { seed })}
      />
    </div>
  );
}

interface OwnFieldProps {
  readonly optimizer: OptimizerSettings;
  readonly onChange: (what: string, optimizer: OptimizerSettings) => void;
}

/** What only one optimiser has. */
function OwnField({ optimizer, onChange }: OwnFieldProps) {
  if (optimizer.kind === 'sgd') {
    return (
      <NumberInRange
        label="Momentum"
        help="How much of the last step is kept: 0 to below 1."
        value={optimizer.momentum}
        check={value => (value >= 0 && value < 1 ? null : 'It must be from 0 to below 1.')}
        onChange={momentum => onChange('momentum', { ...optimizer, momentum })}
      />
    );
  }
  if (optimizer.kind === 'adamw') {
    return (
      <NumberInRange
        label="Weight decay"
        help="How strongly weights are drawn to 0 at each step."
        value={optimizer.weightDecay}
        check={value => (value >= 0 ? null : 'It must be 0 or more.')}
        onChange={weightDecay => onChange('weight decay', { ...optimizer, weightDecay })}
      />
    );
  }
  return null;
}
