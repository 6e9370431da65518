/** How the next run is trained. Each change is an edit of the document, so it can be undone and is saved. */
import { type Edit, setTraining, updatePhase } from '../../graph/edits';
import { kindsOf, makeSettings } from '../../graph/options';
import { OPTIMIZERS, type OptimizerKind, type OptimizerSettings } from '../../graph/training-settings';
import { useGraft } from '../../store/store';
import { type Option, SelectField } from '../../ui-kit/fields';
import { NumberInRange } from './number-in-range';
import styles from './training.module.css';

const OPTIMIZER_WORDS: Readonly<Record<OptimizerKind, string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  nadam: 'Nadam',
  sgd: 'SGD',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
  adamax: 'Adamax',
  lion: 'Lion',
};
const OPTIMIZER_OPTIONS: readonly Option<OptimizerKind>[] = kindsOf(OPTIMIZERS).map(value => ({
  value,
  label: OPTIMIZER_WORDS[value],
}));

/** Another optimiser with the same rate; what is its own starts with the usual value. */
function changeKind(kind: OptimizerKind, { learningRate }: OptimizerSettings): OptimizerSettings {
  const settings = { ...makeSettings(OPTIMIZERS, kind), learningRate };
  return settings.kind === 'sgd' ? { ...settings, momentum: 0.9 } : settings;
}

const positive = (value: number) => (value > 0 ? null : 'It must be above 0.');
const fromOne = (value: number) => (value >= 1 ? null : 'It must be 1 or more.');

export function SettingsForm() {
  const settings = useGraft(state => state.document.training);
  const applyEdit = useGraft(state => state.applyEdit);
  const change = (what: string, edit: Edit) => applyEdit(`Change the ${what}`, edit);
  const [{ optimizer, epochs }] = settings.phases;
  const changeOptimizer = (what: string, changed: OptimizerSettings) =>
    change(what, updatePhase(0, { optimizer: changed }));
  return (
    <div className={styles.form}>
      <SelectField
        label="Optimizer"
        help="How the weights are moved from what the loss says."
        value={optimizer.kind}
        options={OPTIMIZER_OPTIONS}
        onChange={kind => changeOptimizer('optimizer', changeKind(kind, optimizer))}
      />
      <NumberInRange
        label="Learning rate"
        help="How far each step goes. Too large and the loss jumps, too small and it crawls."
        value={optimizer.learningRate}
        check={positive}
        onChange={learningRate => changeOptimizer('learning rate', { ...optimizer, learningRate })}
      />
      <OwnField optimizer={optimizer} onChange={changeOptimizer} />
      <NumberInRange
        label="Batch size"
        help="Rows per step."
        value={settings.batchSize}
        whole
        check={fromOne}
        onChange={batchSize => change('batch size', setTraining({ batchSize }))}
      />
      <NumberInRange
        label="Epochs"
        help="How often all training rows are gone through."
        value={epochs}
        whole
        check={fromOne}
        onChange={value => change('epochs', updatePhase(0, { epochs: value }))}
      />
      <NumberInRange
        label="Validation split"
        help="The part of the rows outside the test set that is held back to watch the training: 0 to 0.9."
        value={settings.validationSplit}
        check={value => (value >= 0 && value <= 0.9 ? null : 'It must be from 0 to 0.9.')}
        onChange={validationSplit => change('validation split', setTraining({ validationSplit }))}
      />
      <NumberInRange
        label="Seed"
        help="Decides the start of new layers, the split and the order of rows: the same seed gives the same run on the same backend."
        value={settings.seed}
        whole
        check={value => (Math.abs(value) < 2 ** 31 ? null : 'It must have fewer digits.')}
        onChange={seed => change('seed', setTraining({ seed }))}
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
        value={optimizer.weightDecay ?? 0}
        check={value => (value >= 0 ? null : 'It must be 0 or more.')}
        onChange={weightDecay => onChange('weight decay', { ...optimizer, weightDecay })}
      />
    );
  }
  return null;
}
