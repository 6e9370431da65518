import type { OutputNode } from '../../graph/document';
import { updateOutput } from '../../graph/edits';
import { LOSS_KINDS, METRIC_KINDS, makeLoss, makeMetric } from '../../graph/objectives';
import { aimFor } from '../../store/new-nodes';
import { LOSS_WORDS, METRIC_WORDS } from '../../store/node-words';
import { selectNodeProblems } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { NumberField, SelectField, SwitchField } from '../../ui-kit/fields';
import { OUTPUT_ICON } from '../../ui-kit/kind-icons';
import { Section } from '../../ui-kit/section';
import { NO_COLUMN, optionsFor } from './columns';
import styles from './inspector.module.css';
import { NodeHead } from './node-head';
import { ProblemList } from './problem-list';

const LOSS_OPTIONS = LOSS_KINDS.map(value => ({ value, label: LOSS_WORDS[value] }));

export function OutputInspector({ node }: { readonly node: OutputNode }) {
  const store = useGraftStore();
  const columns = useGraft(state => state.dataset?.columns) ?? [];
  const problems = useGraft(state => selectNodeProblems(state, node.id));
  const { applyEdit } = store.getState();
  return (
    <>
      <NodeHead node={node} icon={OUTPUT_ICON} subtitle="Output" help="Where a prediction comes out." />
      <ProblemList problems={problems} />
      <div className={styles.fields}>
        <SelectField
          label="Predicts"
          help="The column of the data set that this output is to predict."
          value={node.column ?? NO_COLUMN}
          options={optionsFor(columns, node.column)}
          onChange={name => {
            const chosen = columns.find(column => column.name === name);
            const patch = chosen === undefined ? { column: null } : { column: name, ...aimFor(chosen) };
            applyEdit(`Aim ${node.name}`, updateOutput(node.id, patch));
          }}
        />
        <SelectField
          label="Loss"
          help="What training makes small."
          wide
          value={node.loss.kind}
          options={LOSS_OPTIONS}
          onChange={loss => applyEdit('Set the loss', updateOutput(node.id, { loss: makeLoss(loss) }))}
        />
        <NumberField
          label="Weight"
          help="The factor of this loss in the total."
          value={node.lossWeight}
          problem={node.lossWeight < 0 ? 'A weight of 0 or more.' : null}
          onChange={lossWeight => applyEdit('Set the loss weight', updateOutput(node.id, { lossWeight }))}
        />
      </div>
      <Section title="Also measured">
        <div className={styles.fields}>
          {METRIC_KINDS.map(metric => (
            <SwitchField
              key={metric}
              label={METRIC_WORDS[metric]}
              value={node.metrics.some(each => each.kind === metric)}
              onChange={on => {
                const others = node.metrics.filter(each => each.kind !== metric);
                const metrics = on ? [...others, makeMetric(metric)] : others;
                applyEdit('Set what is measured', updateOutput(node.id, { metrics }));
              }}
            />
          ))}
        </div>
      </Section>
    </>
  );
}
