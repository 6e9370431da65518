import { X } from 'lucide-react';
import type { OutputNode } from '../../graph/document';
import { updateOutput } from '../../graph/edits';
import {
  METRIC_KINDS,
  METRICS,
  type MetricKind,
  type MetricSettings,
  makeMetric,
  nameMetric,
} from '../../graph/objectives';
import { describeMetric } from '../../store/metric-words';
import { METRIC_WORDS } from '../../store/node-words';
import { useGraft } from '../../store/store';
import { IconButton } from '../../ui-kit/button';
import { SelectField } from '../../ui-kit/fields';
import { Section } from '../../ui-kit/section';
import { OptionFields } from '../options/option-fields';
import styles from './metric-list.module.css';

/** The value of the choice while nothing is chosen. */
const NONE = '';

/** What is measured beside the loss: each metric with its options, and the way to another one. */
export function MetricList({ node }: { readonly node: OutputNode }) {
  const applyEdit = useGraft(state => state.applyEdit);
  const set = (metrics: readonly MetricSettings[]) =>
    applyEdit('Set what is measured', updateOutput(node.id, { metrics }));
  const free = METRIC_KINDS.filter(kind => isFree(kind, node.metrics));
  return (
    <Section title="Also measured">
      <ul className={styles.metrics}>
        {node.metrics.map((metric, index) => (
          <li key={nameMetric(metric)}>
            <div className={styles.head}>
              {describeMetric(metric)}
              <IconButton
                label={`Don’t measure ${describeMetric(metric)}`}
                size="small"
                onClick={() => set(node.metrics.filter(each => each !== metric))}
              >
                <X size={14} strokeWidth={1.75} />
              </IconButton>
            </div>
            <OptionFields
              options={METRICS[metric.kind]}
              values={metric}
              onChange={changed => set(without(node.metrics, changed, index))}
            />
          </li>
        ))}
      </ul>
      {free.length > 0 && (
        <SelectField
          label="Add"
          help="Another metric to measure after each epoch."
          value={NONE}
          options={[
            { value: NONE, label: 'Choose' },
            ...free.map(kind => ({ value: kind, label: METRIC_WORDS[kind] })),
          ]}
          onChange={picked => {
            const kind = free.find(each => each === picked);
            if (kind !== undefined) set([...node.metrics, makeMetric(kind)]);
          }}
        />
      )}
    </Section>
  );
}

/** With default options a metric stands in the list once. */
function isFree(kind: MetricKind, metrics: readonly MetricSettings[]): boolean {
  return metrics.every(each => nameMetric(each) !== nameMetric(makeMetric(kind)));
}

/** The metric of that place changed; another one that is now the same goes. */
function without(
  metrics: readonly MetricSettings[],
  changed: MetricSettings,
  index: number,
): readonly MetricSettings[] {
  return metrics.flatMap((metric, at) => {
    if (at === index) return [changed];
    return nameMetric(metric) === nameMetric(changed) ? [] : [metric];
  });
}
