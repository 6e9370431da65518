/** What holds for all phases of a run: batches, rows, early stopping, clipping. */
import { setData, setTraining } from '../../graph/edits';
import { kindsOf, makeSettings } from '../../graph/options';
import {
  CLIPPINGS,
  DEFAULT_EARLY_STOPPING,
  EARLY_STOPPING,
  type TrainingSettings,
} from '../../graph/training-settings';
import { selectSettingProblems } from '../../store/setting-problems';
import { useGraft } from '../../store/store';
import { SelectField, SwitchField } from '../../ui-kit/fields';
import { NumberInRange } from '../options/number-in-range';
import { OptionFields } from '../options/option-fields';
import { MonitorField } from './monitor-field';
import { CLIPPING_WORDS } from './settings-words';

function useChange() {
  const applyEdit = useGraft(state => state.applyEdit);
  return (what: string, patch: Partial<TrainingSettings>) =>
    applyEdit(`Change the ${what}`, setTraining(patch));
}

export function RunForm() {
  const { batchSize, validationSplit, earlyStopping } = useGraft(state => state.document.training);
  const change = useChange();
  return (
    <>
      <NumberInRange
        label="Batch size"
        help="Rows per step."
        value={batchSize}
        whole
        check={value => (value >= 1 ? null : 'It must be 1 or more.')}
        onChange={value => change('batch size', { batchSize: value })}
      />
      <NumberInRange
        label="Validation split"
        help="The part of the rows outside the test set that is held back to watch the training: 0 to 0.9."
        value={validationSplit}
        check={value => (value >= 0 && value <= 0.9 ? null : 'It must be from 0 to 0.9.')}
        onChange={value => change('validation split', { validationSplit: value })}
      />
      <SwitchField
        label="Early stopping"
        help="Ends a phase when nothing gets better, and goes on from its best epoch."
        value={earlyStopping !== null}
        onChange={on => change('early stopping', { earlyStopping: on ? DEFAULT_EARLY_STOPPING : null })}
      />
      {earlyStopping !== null && <StoppingFields names={['patience']} />}
    </>
  );
}

export function MoreOfRun() {
  const { seed, earlyStopping } = useGraft(state => state.document.training);
  const change = useChange();
  return (
    <>
      <NumberInRange
        label="Seed"
        help="Decides the start of new layers, the split, the order of rows and what is dropped: the same seed gives the same run on the same backend."
        value={seed}
        whole
        check={value => (Math.abs(value) < 2 ** 31 ? null : 'It must have fewer digits.')}
        onChange={value => change('seed', { seed: value })}
      />
      {earlyStopping !== null && <StoppingFields names={['minDelta', 'restoreBest']} monitored />}
      <ClippingFields />
      <SampleWeightField />
    </>
  );
}

interface StoppingFieldsProps {
  readonly names: readonly (keyof typeof EARLY_STOPPING)[];
  readonly monitored?: boolean;
}

function StoppingFields({ names, monitored = false }: StoppingFieldsProps) {
  const { earlyStopping } = useGraft(state => state.document.training);
  const problems = useGraft(selectSettingProblems);
  const change = useChange();
  if (earlyStopping === null) return null;
  const problemOf = (option: string) =>
    problems.find(({ at }) => at.of === 'early-stopping' && at.option === option)?.message ?? null;
  return (
    <>
      {monitored && (
        <MonitorField
          value={earlyStopping.monitor}
          problem={problemOf('monitor')}
          onChange={monitor => change('early stopping', { earlyStopping: { ...earlyStopping, monitor } })}
        />
      )}
      <OptionFields
        options={EARLY_STOPPING}
        names={names}
        values={earlyStopping}
        problemOf={problemOf}
        onChange={(changed, label) => change(label, { earlyStopping: changed })}
      />
    </>
  );
}

const NO_CLIPPING = 'none';

function ClippingFields() {
  const { clipping } = useGraft(state => state.document.training);
  const problems = useGraft(selectSettingProblems);
  const change = useChange();
  const kinds = kindsOf(CLIPPINGS);
  return (
    <>
      <SelectField
        label="Clip gradients"
        help="Keeps single steps from being too large."
        value={clipping?.kind ?? NO_CLIPPING}
        options={[
          { value: NO_CLIPPING, label: 'Off' },
          ...kinds.map(kind => ({ value: kind, label: CLIPPING_WORDS[kind] })),
        ]}
        onChange={picked => {
          const kind = kinds.find(each => each === picked);
          change('clipping', { clipping: kind === undefined ? null : makeSettings(CLIPPINGS, kind) });
        }}
      />
      {clipping !== null && (
        <OptionFields
          options={CLIPPINGS[clipping.kind]}
          values={clipping}
          problemOf={option =>
            problems.find(({ at }) => at.of === 'clipping' && at.option === option)?.message ?? null
          }
          onChange={(changed, label) => change(label, { clipping: changed })}
        />
      )}
    </>
  );
}

const NO_COLUMN = '';

function SampleWeightField() {
  const chosen = useGraft(state => state.document.data.sampleWeight);
  const columns = useGraft(state => state.dataset?.columns) ?? [];
  const problems = useGraft(selectSettingProblems);
  const applyEdit = useGraft(state => state.applyEdit);
  const suited = columns.filter(column => column.kind === 'numbers' && column.rowShape.length === 0);
  const missing = chosen !== null && suited.every(({ name }) => name !== chosen);
  return (
    <SelectField
      label="Rows weighted by"
      help="A column of numbers that says how much each row counts in the losses; it multiplies with class weights."
      value={chosen ?? NO_COLUMN}
      problem={problems.find(({ at }) => at.of === 'sample-weight')?.message ?? null}
      options={[
        { value: NO_COLUMN, label: 'All alike' },
        ...suited.map(({ name }) => ({ value: name, label: name })),
        ...(missing ? [{ value: chosen, label: chosen }] : []),
      ]}
      onChange={name =>
        applyEdit('Change the row weights', setData({ sampleWeight: name === NO_COLUMN ? null : name }))
      }
    />
  );
}
