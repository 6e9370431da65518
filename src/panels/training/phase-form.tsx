/** How one phase is trained: its optimiser, its rates, and how long. */
import { updatePhase } from '../../graph/edits';
import { kindsOf, makeSettings } from '../../graph/options';
import {
  makeSchedule,
  OPTIMIZERS,
  type OptimizerKind,
  type OptimizerSettings,
  type Phase,
  SCHEDULES,
} from '../../graph/training-settings';
import { type SettingProblem, selectSettingProblems } from '../../store/setting-problems';
import { useGraft } from '../../store/store';
import { SelectField, TextField } from '../../ui-kit/fields';
import { NumberInRange } from '../options/number-in-range';
import { OptionFields } from '../options/option-fields';
import { MonitorField } from './monitor-field';
import { OPTIMIZER_WORDS, SCHEDULE_WORDS } from './settings-words';

const OPTIMIZER_OPTIONS = kindsOf(OPTIMIZERS).map(value => ({ value, label: OPTIMIZER_WORDS[value] }));
const SCHEDULE_OPTIONS = kindsOf(SCHEDULES).map(value => ({ value, label: SCHEDULE_WORDS[value] }));

/** Of each optimiser what is most often changed; the rest is behind More. */
function plainOptions(kind: OptimizerKind): readonly string[] {
  if (kind === 'sgd') return ['learningRate', 'momentum'];
  return kind === 'adamw' ? ['learningRate', 'weightDecay'] : ['learningRate'];
}

/** Another optimiser with the same rate; what is its own starts with the usual value. */
function changeKind(kind: OptimizerKind, { learningRate }: OptimizerSettings): OptimizerSettings {
  const settings = { ...makeSettings(OPTIMIZERS, kind), learningRate };
  return settings.kind === 'sgd' ? { ...settings, momentum: 0.9 } : settings;
}

interface PhaseFormProps {
  readonly phase: Phase;
  /** From 0. */
  readonly index: number;
}

export function PhaseForm({ phase, index }: PhaseFormProps) {
  const applyEdit = useGraft(state => state.applyEdit);
  const problems = useGraft(selectSettingProblems);
  const change = (what: string, patch: Partial<Phase>) =>
    applyEdit(`Change the ${what}`, updatePhase(index, patch));
  const { optimizer, schedule, epochs } = phase;
  const names = plainOptions(optimizer.kind);
  return (
    <>
      <SelectField
        label="Optimizer"
        help="How the weights are moved from what the loss says."
        value={optimizer.kind}
        options={OPTIMIZER_OPTIONS}
        onChange={kind => change('optimizer', { optimizer: changeKind(kind, optimizer) })}
      />
      <OptionFields
        // With given rates the learning rate has no say.
        names={schedule.kind === 'piecewise' ? names.slice(1) : names}
        options={OPTIMIZERS[optimizer.kind]}
        values={optimizer}
        problemOf={problemOf(problems, 'optimizer', index)}
        onChange={(changed, label) => change(label, { optimizer: changed })}
      />
      <NumberInRange
        label="Epochs"
        help="How often all training rows are gone through."
        value={epochs}
        whole
        check={value => (value >= 1 ? null : 'It must be 1 or more.')}
        onChange={value => change('epochs', { epochs: value })}
      />
      <SelectField
        label="Schedule"
        help="How the learning rate changes over the phase."
        value={schedule.kind}
        options={SCHEDULE_OPTIONS}
        onChange={kind => change('schedule', { schedule: makeSchedule(kind) })}
      />
      {schedule.kind === 'plateau' && (
        <MonitorField
          value={schedule.monitor}
          problem={problemOf(problems, 'schedule', index)('monitor')}
          onChange={monitor => change('schedule', { schedule: { ...schedule, monitor } })}
        />
      )}
      <OptionFields
        options={SCHEDULES[schedule.kind]}
        values={schedule}
        problemOf={problemOf(problems, 'schedule', index)}
        onChange={(changed, label) => change(label, { schedule: changed })}
      />
    </>
  );
}

/** The rest of the optimiser, and the phase's name where there are several. */
export function MoreOfPhase({ phase, index, named }: PhaseFormProps & { readonly named: boolean }) {
  const applyEdit = useGraft(state => state.applyEdit);
  const problems = useGraft(selectSettingProblems);
  const { optimizer } = phase;
  const plain = plainOptions(optimizer.kind);
  const rest = Object.keys(OPTIMIZERS[optimizer.kind]).filter(name => !plain.includes(name));
  return (
    <>
      {named && (
        <TextField
          label="Name"
          help="What this phase is called."
          value={phase.name}
          onChange={name => applyEdit('Rename the phase', updatePhase(index, { name }))}
        />
      )}
      <OptionFields
        names={rest}
        options={OPTIMIZERS[optimizer.kind]}
        values={optimizer}
        problemOf={problemOf(problems, 'optimizer', index)}
        onChange={(changed, label) =>
          applyEdit(`Change the ${label}`, updatePhase(index, { optimizer: changed }))
        }
      />
    </>
  );
}

function problemOf(problems: readonly SettingProblem[], of: 'optimizer' | 'schedule', phase: number) {
  return (option: string): string | null =>
    problems.find(({ at }) => at.of === of && at.phase === phase && at.option === option)?.message ?? null;
}
