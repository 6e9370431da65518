import type { ClassesColumn } from '../../data/dataset';
import type { OutputNode } from '../../graph/document';
import { updateOutput } from '../../graph/edits';
import { balanceClasses, weightOf } from '../../store/row-weights';
import { useGraft } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Fold, Section } from '../../ui-kit/section';
import { NumberInRange } from '../options/number-in-range';
import styles from './inspector.module.css';

/** So many classes are shown at once; more of them are folded. */
const SHOWN = 12;

interface ClassWeightsProps {
  readonly node: OutputNode;
  readonly column: ClassesColumn;
}

/** How much the rows of each class count in the loss. */
export function ClassWeights({ node, column }: ClassWeightsProps) {
  const testRows = useGraft(state => state.dataset?.testRows);
  const applyEdit = useGraft(state => state.applyEdit);
  const set = (label: string, classWeights: OutputNode['classWeights']) =>
    applyEdit(label, updateOutput(node.id, { classWeights }));
  const weights = node.classWeights ?? {};
  const fields = column.classes.map(name => (
    <NumberInRange
      key={name}
      label={name}
      help={`The factor of the loss of rows that are ${name}.`}
      value={weightOf(weights, name)}
      check={value => (value >= 0 ? null : 'It must be 0 or more.')}
      onChange={value => set(`Weigh ${name}`, { ...weights, [name]: value })}
    />
  ));
  return (
    <Section
      title="Class weights"
      action={
        <span className={styles.actions}>
          <Button
            size="small"
            title="Every class counts as much as every other, however often it occurs"
            onClick={() => set('Balance the classes', balanceClasses(column, testRows ?? new Uint32Array()))}
          >
            Balance
          </Button>
          {node.classWeights !== null && (
            <Button size="small" onClick={() => set('Weigh all classes alike', null)}>
              All alike
            </Button>
          )}
        </span>
      }
    >
      {node.classWeights === null ? (
        <Fold title="All count alike; set by hand">
          <div className={styles.folded}>{fields}</div>
        </Fold>
      ) : (
        <div className={styles.fields}>
          {fields.slice(0, SHOWN)}
          {fields.length > SHOWN && (
            <Fold title="More classes" count={fields.length - SHOWN}>
              <div className={styles.folded}>{fields.slice(SHOWN)}</div>
            </Fold>
          )}
        </div>
      )}
    </Section>
  );
}
