/** What the import says and what it calls things. Pure; the state of imports is in `import-slice.ts`. */
import type { ImportReport, ReadItem, SourceFile, SourceModel } from '../formats/protocol';
import type { ModelId, ModelNode, ProjectDocument } from '../graph/document';

/** Files of one drop in two words: the folder that holds them all, the only file, or how many there are. */
export function describeFiles(files: readonly SourceFile[]): string {
  const [first] = files;
  if (first === undefined) return '';
  const folder = first.path.split('/')[0] ?? first.path;
  return files.length === 1 || files.every(file => file.path.startsWith(`${folder}/`))
    ? folder
    : `${files.length} files`;
}

/** The reader itself failed: the file may still be fine, and nothing else was changed. */
export function failedReport(file: string, error: unknown): ImportReport {
  return {
    file,
    format: 'unknown',
    writtenBy: null,
    found: [],
    warnings: [],
    repairs: [],
    leftOut: [],
    refusal: {
      reason: error instanceof Error ? error.message : String(error),
      wayOut: 'Your project is as it was. Try once more; if it fails again, try the file in another format.',
    },
  };
}

/** How well weights fit, the smaller the better: what had to be repaired or left out; null: they don't. */
export function judgeFit(item: ReadItem): number | null {
  if (item.kind !== 'model') return null;
  const { repairs, leftOut } = item.model.report;
  return repairs.length + leftOut.length;
}

/** By model: what `judgeFit` found. A model that isn't named hasn't been tried. */
export type Fits = Readonly<Record<ModelId, number | null>>;

/** The nodes that have weights of their own, for which these fit; the best first. */
export function fittingNodes({ nodes }: ProjectDocument, fits: Fits): readonly ModelNode[] {
  return Object.values(nodes)
    .flatMap(node => {
      if (node.kind !== 'model' || node.sharesWith !== null) return [];
      const fit = fits[node.model];
      return fit === undefined || fit === null ? [] : [{ node, fit }];
    })
    .sort((a, b) => a.fit - b.fit)
    .map(({ node }) => node);
}

/** `cnn (epoch_12)`: two models of one structure are told apart by the file of their weights. */
export function nameWithWeights({ name }: SourceModel, file: string): string {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/(\.weights)?\.(h5|hdf5)$/i, '');
  return `${name.replace(/ \([^()]*\)$/, '')} (${stem})`;
}
