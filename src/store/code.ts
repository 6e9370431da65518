/**
 * The joined network as code, from what the compiler returns. It loads with the tab that shows it: it writes with the exporter,
 * which the first page does without.
 */
import type { CompileResult, Diagnostic } from '../compiler/result';
import type { Dataset } from '../data/dataset';
import type { ProjectDocument } from '../graph/document';
import { lookUpLayer } from '../layers/table';
import { writeJavaScriptModule } from '../targets/code/write-script';
import { writePythonScript } from '../targets/keras/write-script';
import { layersThatMove } from '../trainer/trained-layers';
import { type Counts, selectCounts } from './counts';
import { fileStem } from './export-flow';
import { memoize, selectCompiled } from './selectors';
import type { GraftState } from './store';

export type CodeLanguage = 'python' | 'javascript';

export type CodeView =
  | { readonly kind: 'code'; readonly text: string; readonly fileName: string; readonly mediaType: string }
  | { readonly kind: 'empty' }
  /** What has to be mended first. */
  | { readonly kind: 'blocked'; readonly errors: readonly Diagnostic[] };

const FILES: Readonly<Record<CodeLanguage, { readonly ending: string; readonly mediaType: string }>> = {
  python: { ending: 'py', mediaType: 'text/x-python' },
  javascript: { ending: 'js', mediaType: 'text/javascript' },
};

function writeCode(
  { name, training }: Pick<ProjectDocument, 'name' | 'training'>,
  { network, heads, diagnostics }: CompileResult,
  counts: Counts | null,
  dataset: Dataset | null,
  language: CodeLanguage,
): CodeView {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (network === null) return errors.length === 0 ? { kind: 'empty' } : { kind: 'blocked', errors };
  const folder = fileStem(name);
  const trainable = (counts?.phases ?? []).map(({ layers }) => layersThatMove(network, heads, layers));
  const classes = heads.map(head => classesOf(dataset, head.column));
  const plan = { settings: training, heads, trainable, classes };
  const { ending, mediaType } = FILES[language];
  const text =
    language === 'python'
      ? writePythonScript({ network, folder, training: plan }, lookUpLayer)
      : writeJavaScriptModule({ network, folder }, lookUpLayer);
  return { kind: 'code', text, fileName: `${folder}.${ending}`, mediaType };
}

function classesOf(dataset: Dataset | null, name: string | null): readonly string[] | null {
  const column = dataset?.columns.find(each => each.name === name);
  return column?.kind === 'classes' ? column.classes : null;
}

const remembered = { python: memoize(writeCode), javascript: memoize(writeCode) };

/** The same object until the network, how it trains, or the project's name changes. */
export function selectCode(state: GraftState, language: CodeLanguage): CodeView {
  const compiled = selectCompiled(state);
  return remembered[language](documentOf(state), compiled, selectCounts(state), state.dataset, language);
}

/** Moving a node changes the document, but no code. */
const partOf = memoize((name: string, training: ProjectDocument['training']) => ({ name, training }));

function documentOf({ document }: GraftState) {
  return partOf(document.name, document.training);
}
