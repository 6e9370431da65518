/** A model node, opened: its layers in call order, and where to cut, start, tap and freeze. */
import { X } from 'lucide-react';
import { useMemo } from 'react';
import type { SourceModel } from '../../formats/protocol';
import type { ModelNode } from '../../graph/document';
import { updateModel } from '../../graph/edits';
import { lookUpLayer } from '../../layers/table';
import { count, freezeWords, writtenBy } from '../../store/node-words';
import { useGraft, useGraftStore } from '../../store/store';
import { Button, IconButton } from '../../ui-kit/button';
import { IconTile } from '../../ui-kit/icon-tile';
import { MODEL_ICON } from '../../ui-kit/kind-icons';
import { LayerTableRow } from './layer-row';
import { layerRows } from './layer-rows';
import styles from './model-view.module.css';

export function ModelView() {
  const node = useGraft(state =>
    state.openModel === null ? undefined : state.document.nodes[state.openModel],
  );
  const model = useGraft(state => (node?.kind === 'model' ? state.models[node.model] : undefined));
  const owner = useGraft(state =>
    node?.kind === 'model' && node.sharesWith !== null ? state.document.nodes[node.sharesWith] : node,
  );
  if (node?.kind !== 'model' || owner?.kind !== 'model' || model === undefined) return null;
  return <View node={node} owner={owner} model={model} />;
}

interface ViewProps {
  readonly node: ModelNode;
  readonly owner: ModelNode;
  readonly model: SourceModel;
}

function View({ node, owner, model }: ViewProps) {
  const store = useGraftStore();
  const rows = useMemo(() => layerRows(node, owner, model, lookUpLayer), [node, owner, model]);
  const { applyEdit, openLayers } = store.getState();
  const changed = node.start !== null || node.end !== null || node.taps.length > 0;
  return (
    <section className={styles.view} aria-label={`Layers of ${node.name}`} data-testid="model-view">
      <header className={styles.head}>
        <IconTile tone="model" icon={MODEL_ICON} />
        <div className={styles.titles}>
          <h2 className={styles.title}>{node.name}</h2>
          <p className={styles.subtitle}>
            {writtenBy(model)} · {count(model.network.layers.length, 'layer')} ·{' '}
            {freezeWords(owner.freeze, model.network)}
            {owner !== node && ` · shares the weights of ${owner.name}`}
          </p>
        </div>
        {changed && (
          <Button
            size="small"
            onClick={() =>
              applyEdit(`Use all of ${node.name}`, updateModel(node.id, { start: null, end: null, taps: [] }))
            }
          >
            Use the whole model
          </Button>
        )}
        <IconButton label="Back to the canvas" shortcut="Esc" onClick={() => openLayers(null)}>
          <X size={17} strokeWidth={1.75} />
        </IconButton>
      </header>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Type</th>
              <th scope="col" className={styles.number}>
                Gives
              </th>
              <th scope="col" className={styles.number}>
                Parameters
              </th>
              <th scope="col">Weights</th>
              <th scope="col">
                <span className={styles.actions}>Use of it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <LayerTableRow key={row.call} row={row} node={node.id} owner={owner.id} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
