/** Nothing is selected: what the project joins, what trains in it, what comes out. */
import type { CompileResult } from '../../compiler/result';
import type { GraphNode, ProjectDocument } from '../../graph/document';
import { renameProject } from '../../graph/edits';
import { formatShape } from '../../network/shape';
import { formatCount } from '../../store/node-words';
import { selectCompiled, selectTotals } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { Section } from '../../ui-kit/section';
import { TitleField } from '../../ui-kit/title-field';
import { Credit } from '../data/credit';
import { Fact, Facts } from './facts';
import styles from './inspector.module.css';

export function ProjectInspector() {
  const store = useGraftStore();
  const name = useGraft(state => state.document.name);
  const document = useGraft(state => state.document);
  const dataset = useGraft(state => state.dataset);
  const compiled = useGraft(selectCompiled);
  const totals = useGraft(selectTotals);
  const all = Object.values(document.nodes);
  const models = all.filter(node => node.kind === 'model');
  const outputs = all.filter(node => node.kind === 'output');
  const show = (node: GraphNode) => (
    <button type="button" onClick={() => store.getState().show({ kind: 'node', node: node.id })}>
      {node.name}
    </button>
  );
  return (
    <>
      <div>
        <TitleField
          label="Name"
          value={name}
          onChange={value => store.getState().applyEdit('Rename the project', renameProject(value))}
        />
        <p className={styles.subtitle}>Project</p>
      </div>
      {all.length === 0 && (
        <p className={styles.help}>
          Nothing is on the canvas yet. Drop model files, open an example from the project menu, or take
          layers from the left.
        </p>
      )}
      {models.length > 0 && (
        <Section title="What it joins">
          <Facts>
            {models.map(node => (
              <Fact key={node.id} label={show(node)}>
                {freezeState(compiled, node.id)}
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      {all.length > 0 && (
        <Section title="What trains">
          <Facts>
            <Fact label="Trainable" mono>
              {formatCount(totals.trainable)}
            </Fact>
            <Fact label="All parameters" mono>
              {formatCount(totals.parameters)}
            </Fact>
          </Facts>
        </Section>
      )}
      {outputs.length > 0 && (
        <Section title="What comes out">
          <Facts>
            {outputs.map(node => (
              <Fact key={node.id} label={show(node)} mono>
                {shapeInto(document, compiled, node.id)}
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      {dataset !== null && (
        <Section title="Data">
          <Facts>
            <Fact label={dataset.name} mono>
              {formatCount(dataset.rows)} rows
            </Fact>
          </Facts>
          <Credit text={dataset.credit} />
        </Section>
      )}
    </>
  );
}

function freezeState(compiled: CompileResult, node: string): string {
  const facts = compiled.nodes.get(node);
  if (facts === undefined) return 'has a problem';
  return facts.trainableParameters === 0 ? 'frozen' : `trains ${formatCount(facts.trainableParameters)}`;
}

function shapeInto(document: ProjectDocument, compiled: CompileResult, node: string): string {
  const wire = Object.values(document.wires).find(candidate => candidate.to.node === node);
  if (wire === undefined) return 'not wired';
  const shape = compiled.wires.get(wire.id)?.shape ?? null;
  return shape === null ? 'not known yet' : formatShape(shape);
}
