/**
 * Where the labels of wires are drawn. React Flow's own EdgeLabelRenderer looks this element up for every wire at every
 * change of its store, which is most of the time of a drag on a large canvas.
 */
import { createContext } from 'react';

export const LabelLayer = createContext<Element | null>(null);

export function findLabelLayer(canvas: Element | null): Element | null {
  return canvas?.querySelector('.react-flow__edgelabel-renderer') ?? null;
}
