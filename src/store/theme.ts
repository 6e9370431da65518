/** The theme, as the person left it. index.html reads the same key before anything is drawn. */
import type { Theme } from './session';
import type { GraftStore } from './store';

const KEY = 'graft-theme';

interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export function keepTheme(
  store: GraftStore,
  root: { readonly dataset: DOMStringMap },
  storage: Storage,
): void {
  const show = (theme: Theme) => {
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  const kept = storage.getItem(KEY);
  if (kept === 'light' || kept === 'dark') store.getState().setTheme(kept);
  show(store.getState().theme);
  store.subscribe(({ theme }, before) => {
    if (theme === before.theme) return;
    show(theme);
    storage.setItem(KEY, theme);
  });
}
