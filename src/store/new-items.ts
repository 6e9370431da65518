/** What the palette offers: everything that a person can put on the canvas. */
import { isJsonObject, type Json } from '../base/json';
import type { GraphNode, ModelId, ProjectDocument, WireId } from '../graph/document';
import { type Edit, insertOnWire, newLayerNode } from '../graph/edits';
import type { DocumentSlice } from './document-slice';
import { newInputNode, newModelNode, newOutputNode, type Position } from './new-nodes';

export type NewItem =
  | { readonly kind: 'layer'; readonly type: string }
  | { readonly kind: 'model'; readonly model: ModelId }
  | { readonly kind: 'input' }
  | { readonly kind: 'output' };

/** The kind of data under which an item travels in a drag. */
export const ITEM_MIME = 'application/x-graft-item';

/** What a drag brought; it may come from anywhere, so nothing of it is believed. */
export function parseItem(text: string): NewItem | null {
  const item = parseJson(text);
  if (!isJsonObject(item)) return null;
  const { kind, type, model } = item;
  if (kind === 'input' || kind === 'output') return { kind };
  if (kind === 'layer' && typeof type === 'string') return { kind, type };
  if (kind === 'model' && typeof model === 'string') return { kind, model };
  return null;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function makeNode(
  item: NewItem,
  { document, models, dataset }: Pick<DocumentSlice, 'document' | 'models' | 'dataset'>,
  position: Position,
): GraphNode | null {
  switch (item.kind) {
    case 'input':
      return newInputNode(document, dataset, position);
    case 'output':
      return newOutputNode(document, dataset, position);
    case 'layer':
      return newLayerNode(document, { type: item.type, config: {} }, position);
    case 'model': {
      const model = models[item.model];
      return model === undefined ? null : newModelNode(document, model, position);
    }
  }
}

/** About as large as a node with its gap; the store doesn't know what the canvas measured. */
const ROOM = { x: 236, y: 164 };
const RINGS = 12;

/** The place itself, or the nearest one where nothing stands: rather below than beside. */
export function freePlace(document: ProjectDocument, wanted: Position): Position {
  const taken = Object.values(document.nodes).map(node => node.position);
  const isFree = (place: Position) =>
    taken.every(
      position => Math.abs(position.x - place.x) >= ROOM.x || Math.abs(position.y - place.y) >= ROOM.y,
    );
  const places: (Position & { readonly far: number })[] = [];
  for (let column = -RINGS; column <= RINGS; column++) {
    for (let row = -RINGS; row <= RINGS; row++) {
      const [dx, dy] = [(column * ROOM.x) / 4, (row * ROOM.y) / 4];
      const far = Math.hypot(dx, dy) + (row < 0 ? 1 : 0) + Math.abs(dx) / 100;
      places.push({ x: Math.round(wanted.x + dx), y: Math.round(wanted.y + dy), far });
    }
  }
  places.sort((a, b) => a.far - b.far);
  const { x, y } = places.find(isFree) ?? { x: Math.round(wanted.x), y: Math.round(wanted.y) };
  return { x, y };
}

/** Puts a node between the two ends of a wire. Layers only: others have no one way through. */
export function insertItem(item: NewItem, wire: WireId): Edit | null {
  return item.kind === 'layer' ? insertOnWire(wire, [{ type: item.type, config: {} }]) : null;
}
