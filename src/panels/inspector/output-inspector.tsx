/** An output: the column that it predicts, what makes its loss small, what else is measured, and how much its classes count. */
import type { OutputNode } from '../../graph/document';
import { updateOutput } from '../../graph/edits';
import { LOSS_KINDS, LOSSES, makeLoss } from '../../graph/objectives';
import { aimFor } from '../../store/new-nodes';
import { LOSS_WORDS } from '../../store/node-words';
import { selectNodeProblems } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { SelectField } from '../../ui-kit/fields';
import { OUTPUT_ICON } from '../../ui-kit/kind-icons';
import { NumberInRange } from '../options/number-in-range';
import { OptionFields } from '../options/option-fields';
import { ClassWeights } from './class-weights';
import { NO_COLUMN, optionsFor } from './columns';
import styles from './inspector.module.css';
import { MetricList } from './metric-list';
import { NodeHead } from './node-head';
import { ProblemList } from './problem-list';

const LOSS_OPTIONS = LOSS_KINDS.map(value => ({ value, label: LOSS_WORDS[value] }));

export function OutputInspector({ node }: { readonly node: OutputNode }) {
  const columns = useGraft(state => state.dataset?.columns) ?? [];
  const problems = useGraft(state => selectNodeProblems(state, node.id));
  const applyEdit = useGraft(state => state.applyEdit);
  const column = columns.find(({ name }) => name === node.column);
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
            const chosen = columns.find(each => each.name === name);
            // Weights of other classes say nothing of these.
            const patch = chosen === undefined ? { column: null } : { column: name, ...aimFor(chosen) };
            applyEdit(`Aim ${node.name}`, updateOutput(node.id, { ...patch, classWeights: null }));
          }}
        />
        <SelectField
          label="Loss"
          help="What training makes small."
          wide
          value={node.loss.kind}
          options={LOSS_OPTIONS}
          onChange={kind => applyEdit('Set the loss', updateOutput(node.id, { loss: makeLoss(kind) }))}
        />
        <OptionFields
          options={LOSSES[node.loss.kind]}
          values={node.loss}
          onChange={(loss, label) => applyEdit(`Set ${label}`, updateOutput(node.id, { loss }))}
        />
        <NumberInRange
          label="Weight"
          help="The factor of this loss in the total."
          value={node.lossWeight}
          check={value => (value >= 0 ? null : 'It must be 0 or more.')}
          onChange={lossWeight => applyEdit('Set the loss weight', updateOutput(node.id, { lossWeight }))}
        />
      </div>
      <MetricList node={node} />
      {column?.kind === 'classes' && <ClassWeights node={node} column={column} />}
    </>
  );
}
