/** Keys that work wherever the focus is, but for fields in which people write. Those of the canvas are in the canvas. */
import { useEffect } from 'react';
import { type GraftState, useGraftStore } from '../../store/store';

export function useShortcuts(): void {
  const store = useGraftStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isWriting(event.target)) return;
      const state = store.getState();
      const { undo, redo, select, document, openModel, openLayers, setSheet } = state;
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
      } else if (command && key in CLIPBOARD && !isTextSelected()) {
        event.preventDefault();
        CLIPBOARD[key]?.(state);
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

const CLIPBOARD: Readonly<Record<string, (state: GraftState) => void>> = {
  c: state => state.copySelection(),
  x: state => state.cutSelection(),
  v: state => state.paste(),
  d: state => state.duplicateSelection(),
};

/** Words that are marked on the page are what somebody wants to copy. */
function isTextSelected(): boolean {
  return (getSelection()?.toString() ?? '') !== '';
}

export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
