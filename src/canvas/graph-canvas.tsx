/** The canvas: the document as React Flow draws it, and what a person does there as edits. */
import { useEffect, useMemo, useRef, useState } from 'react';
import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  type OnConnectStartParams,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
  useUpdateNodeInternals,
} from 'reactflow';
import 'reactflow/dist/style.css';
import type { NodeId } from '../graph/document';
import { connect, inOrder, moveNodes, removeAll, removeWires } from '../graph/edits';
import { selectCompiled } from '../store/selectors';
import { useGraft, useGraftStore } from '../store/store';
import styles from './canvas.module.css';
import type { Card } from './card';
import { FIT } from './fit';
import { changeSelection, movesOf, sizesOf } from './from-flow';
import { findLabelLayer, LabelLayer } from './label-layer';
import { NodeCard } from './node-card';
import { PendingWireLine } from './pending-wire';
import { tidy } from './tidy';
import { type CardNode, createToFlow, type WireEdge as Edge } from './to-flow';
import { useFileDrop, useItemDrop } from './use-drops';
import { WireEdge } from './wire-edge';
import { ZoomBar } from './zoom-bar';

const NODE_TYPES = { card: NodeCard };
const EDGE_TYPES = { wire: WireEdge };
const DELETE_KEYS = ['Delete', 'Backspace'];
const MULTI_KEYS = ['Shift', 'Meta', 'Control'];

/** A new project is a new canvas: nothing of the old one's view or sizes is left. */
export function GraphCanvas() {
  const project = useGraft(state => state.projectId);
  return (
    <ReactFlowProvider key={project}>
      <Flow />
    </ReactFlowProvider>
  );
}

function Flow() {
  const store = useGraftStore();
  const box = useRef<HTMLDivElement>(null);
  const [labels, setLabels] = useState<Element | null>(null);
  const filesOver = useFileDrop(box);
  const itemDrop = useItemDrop();
  const { nodes, edges, sizes, setSizes } = useFlow();
  useReveal(box);
  useFitOnce();
  usePortsMeasured(nodes);
  const noteCentre = useViewCentre(box);

  const onNodesChange = (changes: NodeChange<CardNode>[]) => {
    const state = store.getState();
    setSizes(before => sizesOf(before, changes));
    const moves = movesOf(changes);
    if (moves !== null) {
      state.dragNodes(moves.positions);
      if (moves.ended) state.dropNodes();
    }
    const selection = changeSelection(state.selection, { nodes: changes, wires: [] });
    if (selection !== state.selection) state.select(selection);
  };
  const onEdgesChange = (changes: EdgeChange<Edge>[]) => {
    const state = store.getState();
    const selection = changeSelection(state.selection, { nodes: [], wires: changes });
    if (selection !== state.selection) state.select(selection);
  };
  const wireUp = ({ source, sourceHandle, target, targetHandle }: Connection) => {
    if (sourceHandle === null || targetHandle === null) return null;
    return connect({ node: source, port: sourceHandle }, { node: target, port: targetHandle });
  };
  const onConnect = (connection: Connection) => {
    const edit = wireUp(connection);
    if (edit !== null) store.getState().applyEdit('Wire', edit);
  };
  const onReconnect = (old: Edge, connection: Connection) => {
    const edit = wireUp(connection);
    if (edit !== null) store.getState().applyEdit('Rewire', inOrder(removeWires([old.id]), edit));
  };
  const onConnectStart = (_: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
    if (nodeId === null || handleId === null) return;
    const end = handleType === 'target' ? 'to' : 'from';
    store.getState().setPendingWire({ port: { node: nodeId, port: handleId }, end });
  };
  const onDelete = ({ nodes: gone, edges: cut }: { nodes: CardNode[]; edges: Edge[] }) => {
    const only = gone.length === 1 && gone[0] !== undefined ? gone[0].data.card.name : null;
    const label =
      only !== null ? `Delete ${only}` : gone.length > 0 ? `Delete ${gone.length} nodes` : 'Unwire';
    // Wires of deleted nodes come along here as well; the edit would drop them anyway.
    store.getState().applyEdit(
      label,
      removeAll(
        gone.map(node => node.id),
        cut.map(edge => edge.id),
      ),
    );
  };
  const onTidy = () =>
    store.getState().applyEdit('Tidy up', moveNodes(tidy(store.getState().document, sizes)));

  return (
    <div ref={box} className={styles.canvas} data-testid="canvas">
      <LabelLayer value={labels}>
        <ReactFlow<CardNode, Edge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          connectionLineComponent={PendingWireLine}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onConnect={onConnect}
          onReconnect={onReconnect}
          onConnectStart={onConnectStart}
          onConnectEnd={() => store.getState().setPendingWire(null)}
          isValidConnection={({ source, target }) => source !== target}
          onDelete={onDelete}
          onNodeDoubleClick={(_, node) => {
            if (store.getState().document.nodes[node.id]?.kind === 'model')
              store.getState().openLayers(node.id);
          }}
          onMoveEnd={noteCentre}
          onInit={() => {
            noteCentre();
            setLabels(findLabelLayer(box.current));
          }}
          {...itemDrop}
          deleteKeyCode={DELETE_KEYS}
          multiSelectionKeyCode={MULTI_KEYS}
          selectionKeyCode="Shift"
          connectionRadius={28}
          elevateEdgesOnSelect={false}
          zoomOnDoubleClick={false}
          minZoom={0.05}
          maxZoom={2}
          aria-label="Canvas: nodes and the wires between them"
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
          {nodes.length > 0 && <ZoomBar onTidy={onTidy} />}
          {nodes.length > 0 && (
            <MiniMap<CardNode>
              position="bottom-right"
              pannable
              zoomable
              style={{ width: 132, height: 62 }}
              nodeColor={node => `color-mix(in srgb, var(--kind-${node.data.card.tone}) 72%, var(--panel))`}
              nodeBorderRadius={8}
              ariaLabel="Overview of the canvas"
            />
          )}
        </ReactFlow>
      </LabelLayer>
      {filesOver && (
        <div className={styles.dropping}>
          <span>Drop models here: .keras, .h5, model.json, .zip. Weights on their model.</span>
        </div>
      )}
    </div>
  );
}

/** What is drawn, from all that it follows from. */
function useFlow() {
  const compiled = useGraft(selectCompiled);
  const document = useGraft(state => state.document);
  const models = useGraft(state => state.models);
  const selection = useGraft(state => state.selection);
  const drag = useGraft(state => state.drag);
  const [sizes, setSizes] = useState<ReadonlyMap<NodeId, { width: number; height: number }>>(new Map());
  const [toFlow] = useState(createToFlow);
  const flow = useMemo(
    () => toFlow({ document, compiled, models, selection, drag, sizes }),
    [toFlow, document, compiled, models, selection, drag, sizes],
  );
  return { ...flow, sizes, setSizes };
}

/**
 * React Flow looks for ports when a node's size changes; ports may change without it. All changed nodes at once: each call
 * draws every node and wire anew.
 */
function usePortsMeasured(nodes: readonly CardNode[]): void {
  const update = useUpdateNodeInternals();
  const known = useRef(new Map<NodeId, string>());
  useEffect(() => {
    const ports = new Map(nodes.map(node => [node.id, portsOf(node.data.card)]));
    const changed = nodes.filter(({ id }) => {
      const before = known.current.get(id);
      return before !== undefined && before !== ports.get(id);
    });
    known.current = ports;
    if (changed.length > 0) update(changed.map(node => node.id));
  }, [nodes, update]);
}

function portsOf(card: Card): string {
  return [card.spinePorts, ...card.rows].map(row => `${row.input?.id} ${row.output?.id}`).join();
}

/**
 * A project that is opened shows everything. Fitting must wait until its nodes have been measured. What comes to an empty one
 * later stays where it was put.
 */
function useFitOnce(): void {
  const { fitView } = useReactFlow();
  const ready = useNodesInitialized();
  const empty = useGraft(state => Object.keys(state.document.nodes).length === 0);
  const fitted = useRef(empty);
  useEffect(() => {
    if (!ready || fitted.current) return;
    fitted.current = true;
    void fitView(FIT);
  }, [ready, fitView]);
}

/** Smaller, a node can't be read. */
const LEGIBLE = 0.5;
/** Of a node that isn't measured yet. */
const USUAL = { width: 220, height: 120 };

/**
 * Brings the nodes into view that somebody asked for, as by a click on their problem, or brought. The view stays as it is where
 * all of them are seen already.
 */
function useReveal(box: { readonly current: HTMLElement | null }): void {
  const reveal = useGraft(state => state.reveal);
  const { fitView, getInternalNode, getZoom, flowToScreenPosition } = useReactFlow();
  useEffect(() => {
    if (reveal === null) return;
    // In a frame of its own: where things are is only known once they are laid out, and laying out takes a while.
    const frame = requestAnimationFrame(() => show(reveal.nodes));
    return () => cancelAnimationFrame(frame);

    function show(wanted: readonly NodeId[]) {
      const bounds = box.current?.getBoundingClientRect();
      if (bounds === undefined) return;
      const isSeen = (id: NodeId) => {
        const node = getInternalNode(id);
        if (node === undefined) return false;
        const { x, y } = node.position;
        const { width = USUAL.width, height = USUAL.height } = node.measured;
        const from = flowToScreenPosition({ x, y });
        const to = flowToScreenPosition({ x: x + width, y: y + height });
        return from.x >= bounds.left && from.y >= bounds.top && to.x <= bounds.right && to.y <= bounds.bottom;
      };
      if (getZoom() >= LEGIBLE && wanted.every(isSeen)) return;
      const nodes = wanted.map(id => ({ id }));
      // Never closer than it was: what stands around them is why they are looked for.
      const maxZoom = Math.max(getZoom(), LEGIBLE);
      void fitView({ nodes, duration: 180, maxZoom, minZoom: LEGIBLE, padding: 0.2 });
    }
  }, [reveal, box, fitView, getInternalNode, getZoom, flowToScreenPosition]);
}

/** Tells the store what is in the middle: where clicked things and files go. */
function useViewCentre(box: { readonly current: HTMLElement | null }): () => void {
  const store = useGraftStore();
  const { screenToFlowPosition } = useReactFlow();
  return () => {
    const bounds = box.current?.getBoundingClientRect();
    if (bounds === undefined) return;
    const middle = screenToFlowPosition({
      x: bounds.left + bounds.width / 2,
      y: bounds.top + bounds.height / 2,
    });
    // A node's own middle is to be there, not its corner.
    store.getState().setViewCentre({ x: Math.round(middle.x - 80), y: Math.round(middle.y - 40) });
  };
}
