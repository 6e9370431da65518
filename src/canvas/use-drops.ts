/** Files may be dropped anywhere on the window, things from the palette on the canvas. */
import { type DragEvent, useEffect, useState } from 'react';
import { useReactFlow } from 'reactflow';
import { readDrop } from '../store/dropped-files';
import { ITEM_MIME, parseItem } from '../store/new-items';
import { useGraftStore } from '../store/store';

/** Whether files are being held over the window. */
export function useFileDrop(canvas: { readonly current: HTMLElement | null }): boolean {
  const store = useGraftStore();
  const { screenToFlowPosition } = useReactFlow();
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Enter and leave come for every element on the way; only the balance says whether the window was left.
    let depth = 0;
    const hasFiles = (event: globalThis.DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: globalThis.DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: globalThis.DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: globalThis.DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: globalThis.DragEvent) => {
      depth = 0;
      setOver(false);
      if (event.dataTransfer === null || !hasFiles(event)) return;
      event.preventDefault();
      const point = { x: event.clientX, y: event.clientY };
      const inside = canvas.current?.contains(event.target as Node) ?? false;
      const position = inside ? screenToFlowPosition(point) : null;
      const onto = inside ? nodeOf(event.target) : null;
      const { importFiles, showFailure } = store.getState();
      readDrop(event.dataTransfer).then(
        files => importFiles(files, position, onto),
        (error: unknown) => showFailure('What was dropped', error),
      );
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', allow);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', allow);
      window.removeEventListener('drop', drop);
    };
  }, [canvas, screenToFlowPosition, store]);

  return over;
}

/** For the canvas: what the palette lets go of is put down there; on a wire, it is put into the wire. */
export function useItemDrop() {
  const store = useGraftStore();
  const { screenToFlowPosition } = useReactFlow();
  return {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes(ITEM_MIME)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDrop(event: DragEvent) {
      const item = parseItem(event.dataTransfer.getData(ITEM_MIME));
      if (item === null) return;
      event.preventDefault();
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      // The pointer holds a node about at its icon.
      const position = { x: Math.round(at.x - 24), y: Math.round(at.y - 22) };
      const wire = wireAt(event.clientX, event.clientY);
      if (wire === null) store.getState().addItem(item, position);
      else store.getState().addItemOnWire(item, wire, position);
    },
  };
}

/** The node that an element on the canvas belongs to. */
function nodeOf(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest('.react-flow__node')?.getAttribute('data-id') ?? null;
}

function wireAt(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    if (element.closest('.react-flow__node') !== null) return null;
    const wire = element.closest('.react-flow__edge')?.getAttribute('data-id');
    if (wire !== null && wire !== undefined) return wire;
  }
  return null;
}
