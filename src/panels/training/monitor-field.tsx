import { nameMetric } from '../../graph/objectives';
import { type Monitor, VALIDATION_LOSS } from '../../graph/training-settings';
import { describeMetric } from '../../store/metric-words';
import { selectCompiled } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { type Option, SelectField } from '../../ui-kit/fields';

interface MonitorFieldProps {
  readonly value: Monitor;
  readonly problem: string | null;
  readonly onChange: (monitor: Monitor) => void;
}

/** What is watched from epoch to epoch: a loss or a metric, on the rows held back or on those trained on. */
export function MonitorField({ value, problem, onChange }: MonitorFieldProps) {
  const heads = useGraft(state => selectCompiled(state).heads);
  const nodes = useGraft(state => state.document.nodes);
  const choices: { readonly monitor: Monitor; readonly label: string }[] = [];
  for (const rows of ['validation', 'training'] as const) {
    choices.push({ monitor: { ...VALIDATION_LOSS, rows }, label: `${rows} loss` });
    for (const { node, metrics } of heads) {
      const named = heads.length > 1 ? ` of ${nodes[node]?.name ?? node}` : '';
      const values = [
        ...(heads.length > 1 ? [{ value: 'loss', label: 'loss' }] : []),
        ...metrics.map(metric => ({ value: nameMetric(metric), label: describeMetric(metric) })),
      ];
      for (const each of values)
        choices.push({
          monitor: { rows, output: node, value: each.value },
          label: `${rows} ${each.label}${named}`,
        });
    }
  }
  const current = keyOf(value);
  const missing: readonly Option<string>[] = choices.some(({ monitor }) => keyOf(monitor) === current)
    ? []
    : [{ value: current, label: `${value.value} (not measured)` }];
  return (
    <SelectField
      label="Watches"
      help="What has to get better."
      wide
      value={current}
      problem={problem}
      options={[...choices.map(({ monitor, label }) => ({ value: keyOf(monitor), label })), ...missing]}
      onChange={key => {
        const chosen = choices.find(({ monitor }) => keyOf(monitor) === key);
        if (chosen !== undefined) onChange(chosen.monitor);
      }}
    />
  );
}

function keyOf({ rows, output, value }: Monitor): string {
  return JSON.stringify([rows, output, value]);
}
