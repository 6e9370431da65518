/** What is selected, in full; with nothing selected, the project. */
import { Trash2 } from 'lucide-react';
import type { GraphNode } from '../../graph/document';
import { removeAll } from '../../graph/edits';
import { count } from '../../store/node-words';
import { selectSelectedNode } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { InputInspector } from './input-inspector';
import styles from './inspector.module.css';
import { LayerInspector } from './layer-inspector';
import { ModelInspector } from './model-inspector';
import { OutputInspector } from './output-inspector';
import { ProjectInspector } from './project-inspector';
import { WireInspector } from './wire-inspector';

export function Inspector() {
  const node = useGraft(selectSelectedNode);
  const selection = useGraft(state => state.selection);
  const onlyWire = useGraft(state => {
    const [id] = state.selection.wires;
    return state.selection.nodes.length === 0 && state.selection.wires.length === 1 && id !== undefined
      ? (state.document.wires[id] ?? null)
      : null;
  });
  const several = selection.nodes.length + selection.wires.length > 1;
  return (
    // Fields keep what is being typed; another node's fields must not inherit it.
    <div className={styles.inspector} key={node?.id ?? onlyWire?.id ?? 'rest'} data-testid="inspector">
      {node !== null ? (
        <NodeInspector node={node} />
      ) : onlyWire !== null ? (
        <WireInspector wire={onlyWire} />
      ) : several ? (
        <Several />
      ) : (
        <ProjectInspector />
      )}
    </div>
  );
}

function NodeInspector({ node }: { readonly node: GraphNode }) {
  switch (node.kind) {
    case 'input':
      return <InputInspector node={node} />;
    case 'model':
      return <ModelInspector node={node} />;
    case 'layer':
      return <LayerInspector node={node} />;
    case 'output':
      return <OutputInspector node={node} />;
  }
}

function Several() {
  const store = useGraftStore();
  const { nodes, wires } = useGraft(state => state.selection);
  const words = [
    nodes.length > 0 ? count(nodes.length, 'node') : '',
    wires.length > 0 ? count(wires.length, 'wire') : '',
  ].filter(part => part !== '');
  return (
    <>
      <h2 className={styles.title}>{words.join(' and ')} selected</h2>
      <p className={styles.help}>Drag one of them to move them all.</p>
      <div className={styles.actions}>
        <Button
          look="wrong"
          size="small"
          onClick={() => store.getState().applyEdit(`Delete ${words.join(' and ')}`, removeAll(nodes, wires))}
        >
          <Trash2 size={14} strokeWidth={1.75} aria-hidden="true" />
          Delete
        </Button>
      </div>
    </>
  );
}
