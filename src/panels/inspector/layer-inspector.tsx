import type { LayerNode } from '../../graph/document';
import { updateLayer } from '../../graph/edits';
import { withoutDefaults } from '../../layers/config';
import { lookUpLayer } from '../../layers/table';
import { formatShape } from '../../network/shape';
import { formatCount, isMerge, layerSubtitle } from '../../store/node-words';
import { selectCompiled, selectNodeProblems } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { SwitchField } from '../../ui-kit/fields';
import { layerIcon } from '../../ui-kit/kind-icons';
import { Fold } from '../../ui-kit/section';
import { MergeVerdict } from '../insight/merge-verdict';
import { Fact, Facts } from './facts';
import styles from './inspector.module.css';
import { Branches, OtherMerges } from './merge-sections';
import { NodeHead } from './node-head';
import { ParamField } from './param-field';
import { ProblemList } from './problem-list';

export function LayerInspector({ node }: { readonly node: LayerNode }) {
  const type = lookUpLayer(node.type);
  const facts = useGraft(state => selectCompiled(state).nodes.get(node.id));
  const problems = useGraft(state => selectNodeProblems(state, node.id));
  const shape = facts?.outputs[0]?.shape ?? null;
  const merge = type !== undefined && isMerge(type);
  return (
    <>
      <NodeHead
        node={node}
        icon={layerIcon(node.type, type?.category)}
        subtitle={node.name === node.type ? (type?.category ?? 'Unknown layer') : layerSubtitle(node)}
        help={type?.help ?? null}
      />
      {/* Those of a parameter stand at its field. */}
      <ProblemList problems={problems.filter(({ subject }) => subject.kind !== 'param')} />
      {type !== undefined && <Params node={node} problems={problems} />}
      {merge && <Branches node={node} />}
      {merge && <MergeVerdict node={node} />}
      {!merge && (
        <Facts>
          <Fact label="Gives" mono>
            {shape === null ? 'not known yet' : formatShape(shape)}
          </Fact>
          <Fact label="Parameters" mono>
            {facts === undefined ? '?' : formatCount(facts.parameters)}
          </Fact>
        </Facts>
      )}
      {merge && <OtherMerges node={node} />}
    </>
  );
}

interface ParamsProps {
  readonly node: LayerNode;
  readonly problems: ReturnType<typeof selectNodeProblems>;
}

function Params({ node, problems }: ParamsProps) {
  const store = useGraftStore();
  const type = lookUpLayer(node.type);
  const weights = useGraft(state => selectCompiled(state).nodes.get(node.id)?.parameters ?? 0);
  if (type === undefined) return null;
  const specs = Object.entries(type.params);
  const plain = specs.filter(([, spec]) => !spec.advanced);
  const advanced = specs.filter(([, spec]) => spec.advanced);
  const field = ([name, spec]: (typeof specs)[number]) => (
    <ParamField
      key={name}
      name={name}
      spec={spec}
      value={node.config[name] ?? spec.default}
      problem={
        problems.find(({ subject }) => subject.kind === 'param' && subject.param === name)?.message ?? null
      }
      onChange={value => {
        const config = withoutDefaults(type, { ...node.config, [name]: value });
        store.getState().applyEdit(`Set ${name} of ${node.name}`, updateLayer(node.id, { config }));
      }}
    />
  );
  if (specs.length === 0 && weights === 0) return null;
  return (
    <div className={styles.fields}>
      {plain.map(field)}
      {weights > 0 && (
        <SwitchField
          label="Trains"
          help="Whether training changes the weights of this layer."
          value={node.trainable}
          onChange={trainable =>
            store
              .getState()
              .applyEdit(
                trainable ? `Train ${node.name}` : `Freeze ${node.name}`,
                updateLayer(node.id, { trainable }),
              )
          }
        />
      )}
      {advanced.length > 0 && (
        <Fold title="Advanced" count={advanced.length}>
          <div className={styles.folded}>{advanced.map(field)}</div>
        </Fold>
      )}
    </div>
  );
}
