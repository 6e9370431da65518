/** The composition root: the only file that knows everyone. */
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './ui-kit/tokens.css';
import './ui-kit/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { must } from './base/assert';
import { GraphCanvas } from './canvas/graph-canvas';
import { createFormatsClient } from './formats/client';
import { AppShell } from './panels/app-shell/app-shell';
import { Dock } from './panels/dock/dock';
import { ExportButton } from './panels/export/export-button';
import { TrainButton } from './panels/training/train-button';
import { DATASETS, EXAMPLES, loadDataset, loadExample } from './storage/examples';
import { createProjectStorage } from './storage/projects';
import { startAutosave } from './store/autosave';
import { createGraftStore, GraftContext } from './store/store';
import { keepTheme } from './store/theme';
import { createTrainer } from './trainer/client';

const formats = createFormatsClient();
const projects = createProjectStorage('graft', Date.now);

const store = createGraftStore({
  formats,
  trainer: createTrainer(),
  projects,
  examples: {
    list: EXAMPLES,
    load: id => loadExample(id, { fetchBytes, read: files => formats.read(files) }),
    datasets: DATASETS,
    loadDataset: id => loadDataset(id, fetchBytes),
  },
});

/** `path` is relative to the page, wherever it is hosted. */
async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path} could not be loaded (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

async function openLatest(): Promise<void> {
  const { resumeProject, openExample } = store.getState();
  // A browser that stores nothing still works; the saved state says that it doesn't keep.
  const latest = await projects.loadLatest().catch(() => null);
  if (latest !== null) resumeProject(latest);
  else await openExample('digits-parallel');
}

keepTheme(store, document.documentElement, localStorage);
void openLatest().finally(() => {
  const autosave = startAutosave(store, projects);
  // A first example is a project like any other, once it is open.
  void autosave.save();
  addEventListener('pagehide', () => void autosave.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void autosave.flush();
  });
});

createRoot(must(document.getElementById('root'), 'the root element')).render(
  <StrictMode>
    <GraftContext value={store}>
      <AppShell
        canvas={<GraphCanvas />}
        dock={<Dock />}
        actions={
          <>
            <ExportButton />
            <TrainButton />
          </>
        }
      />
    </GraftContext>
  </StrictMode>,
);
