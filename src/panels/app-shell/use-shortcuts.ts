/** Keys that work wherever the focus is, but for fields in which people write. Those of the canvas are in the canvas. */
import { useEffect } from 'react';
import { useGraftStore } from '../../store/store';

export function useShortcuts(): void {
  const store = useGraftStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isWriting(event.target)) return;
      const { undo, redo, select, document, openModel, openLayers, setSheet } = store.getState();
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === 'z') {
        event.preventDefault();
        if (event.shiftKey) redo();
        else undo();
      } else if (command && key === 'y') {
        event.preventDefault();
        redo();
      } else if (command && key === 'a') {
        event.preventDefault();
        select({ nodes: Object.keys(document.nodes) });
      } else if (event.key === 'Escape') {
        if (openModel !== null) openLayers(null);
        else select({});
        setSheet(null);
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);
}

export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
