import type { InputNode } from '../../graph/document';
import { updateInput } from '../../graph/edits';
import type { Dtype } from '../../network/shape';
import { rowShapeOf } from '../../store/new-nodes';
import { selectNodeProblems } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { IntsField, type Option, SelectField } from '../../ui-kit/fields';
import { IMAGE_ICON, TABLE_ICON } from '../../ui-kit/kind-icons';
import { NO_COLUMN, optionsFor } from './columns';
import { Fact, Facts } from './facts';
import styles from './inspector.module.css';
import { NodeHead } from './node-head';
import { ProblemList } from './problem-list';

const DTYPES: readonly Option<Dtype>[] = [
  { value: 'float32', label: 'Numbers' },
  { value: 'int32', label: 'Whole numbers' },
  { value: 'bool', label: 'Yes or no' },
];

export function InputInspector({ node }: { readonly node: InputNode }) {
  const store = useGraftStore();
  const dataset = useGraft(state => state.dataset);
  const problems = useGraft(state => selectNodeProblems(state, node.id));
  const { applyEdit } = store.getState();
  const numbers = dataset?.columns.filter(column => column.kind === 'numbers') ?? [];
  const column = numbers.find(each => each.name === node.column);
  return (
    <>
      <NodeHead
        node={node}
        icon={node.rowShape.length >= 2 ? IMAGE_ICON : TABLE_ICON}
        subtitle="Input"
        help="Where data comes in."
      />
      <ProblemList problems={problems} />
      <div className={styles.fields}>
        <SelectField
          label="Data"
          help="The column of the data set that feeds this input."
          value={node.column ?? NO_COLUMN}
          options={optionsFor(numbers, node.column)}
          onChange={name => {
            const chosen = numbers.find(each => each.name === name);
            // A column says what its rows are; whoever wants another shape can still write it.
            const patch =
              chosen === undefined ? { column: null } : { column: name, rowShape: rowShapeOf(chosen) };
            applyEdit(`Feed ${node.name}`, updateInput(node.id, patch));
          }}
        />
        <IntsField
          label="Shape of a row"
          help="Height × width × channels, or how many values; ? for a size that differs from row to row."
          value={node.rowShape}
          unknown
          onChange={rowShape => applyEdit('Set the shape', updateInput(node.id, { rowShape }))}
        />
        <SelectField
          label="Values"
          value={node.dtype}
          options={DTYPES}
          onChange={dtype => applyEdit('Set the values', updateInput(node.id, { dtype }))}
        />
      </div>
      {column !== undefined && (
        <Facts>
          <Fact label="Rows" mono>
            {dataset?.rows.toLocaleString('en-US')}
          </Fact>
          <Fact label="About">{column.help}</Fact>
        </Facts>
      )}
    </>
  );
}
