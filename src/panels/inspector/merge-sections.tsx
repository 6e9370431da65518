import type { LayerNode } from '../../graph/document';
import { formatShape } from '../../network/shape';
import { branchesOf, changeMerge, otherMerges } from '../../store/merges';
import { selectCompiled } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { IconTile } from '../../ui-kit/icon-tile';
import { layerIcon } from '../../ui-kit/kind-icons';
import { Section } from '../../ui-kit/section';
import { Fact, Facts } from './facts';
import styles from './inspector.module.css';

function useBranches(node: LayerNode) {
  const document = useGraft(state => state.document);
  const compiled = useGraft(selectCompiled);
  return { branches: branchesOf(document, compiled, node.id), compiled };
}

export function Branches({ node }: { readonly node: LayerNode }) {
  const store = useGraftStore();
  const { branches, compiled } = useBranches(node);
  const shape = compiled.nodes.get(node.id)?.outputs[0]?.shape ?? null;
  return (
    <Section title="Branches">
      <Facts>
        {branches.map(({ source, shape: given }, index) => (
          <Fact
            // biome-ignore lint/suspicious/noArrayIndexKey: the same source may be wired twice.
            key={index}
            mono
            label={
              <button type="button" onClick={() => store.getState().show({ kind: 'node', node: source.id })}>
                {source.name}
              </button>
            }
          >
            {given === null ? '?' : formatShape(given)}
          </Fact>
        ))}
        <Fact label="Output" mono total>
          {shape === null ? 'not known yet' : formatShape(shape)}
        </Fact>
      </Facts>
    </Section>
  );
}

export function OtherMerges({ node }: { readonly node: LayerNode }) {
  const store = useGraftStore();
  const { branches } = useBranches(node);
  const change = (type: string) => {
    const { applyEdit, models } = store.getState();
    applyEdit(`Turn ${node.name} into ${type}`, changeMerge(node.id, type, models));
  };
  return (
    <Section title="Other merges">
      <div>
        {otherMerges(node, branches).map(({ type, help, problem }) => (
          <div key={type} className={styles.other}>
            <IconTile tone="merge" icon={layerIcon(type, 'Merge')} small />
            <div>
              <div className={styles.name}>{type}</div>
              <div className={styles.subtitle} title={help}>
                {problem ?? help}
              </div>
            </div>
            <Button
              look="link"
              size="small"
              title={
                problem === null ? `Turn it into ${type}` : `Turn it into ${type} and adapt the branches`
              }
              onClick={() => change(type)}
            >
              {problem === null ? 'Use' : 'Adapt'}
            </Button>
          </div>
        ))}
      </div>
    </Section>
  );
}
