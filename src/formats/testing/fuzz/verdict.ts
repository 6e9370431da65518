/** What a damaged file must end in: a model that holds together, or a report that somebody can do something with. */
import { compileSketch, input, model as modelNode, output, sketch } from '../../../compiler/sketch';
import { findBrokenInvariants } from '../../../network/invariants';
import { sizeOf } from '../../../network/shape';
import { applyWeights } from '../../apply-weights';
import type { ImportReport, ReadItem, SourceFile, SourceModel } from '../../protocol';
import { readFiles } from '../../read-files';

export interface Verdict {
  readonly ended: 'model' | 'report';
  /** What is wrong with that end; null: nothing. */
  readonly problem: string | null;
}

/** No screen shows more; the longest honest sentence has a few hundred letters. */
const LONGEST_SENTENCE = 2000;

/** Reads the files as the page would, or as weights for a model that is there. Whatever is thrown is the problem. */
export async function judge(files: readonly SourceFile[], onto: SourceModel | null): Promise<Verdict> {
  try {
    const items = onto === null ? await readFiles(files) : [await applyWeights(onto, files[0] as SourceFile)];
    const problem =
      items.length === 0 ? 'no answer at all' : items.map(problemOf).find(found => found !== null);
    return {
      ended: items.some(({ kind }) => kind !== 'refused') ? 'model' : 'report',
      problem: problem ?? null,
    };
  } catch (error) {
    return { ended: 'report', problem: `thrown: ${error instanceof Error ? error.stack : String(error)}` };
  }
}

function problemOf(item: ReadItem): string | null {
  switch (item.kind) {
    case 'model':
      return problemOfReport(item.model.report) ?? problemOfModel(item.model);
    case 'project':
      return (
        problemOfReport(item.report) ??
        item.project.models.map(problemOfModel).find(found => found !== null) ??
        null
      );
    case 'weights':
      return problemOfReport(item.report);
    case 'refused':
      return item.report.refusal === null ? 'refused without a reason' : problemOfReport(item.report);
  }
}

function problemOfReport({
  refusal,
  found,
  warnings,
  repairs,
  leftOut,
  ...rest
}: ImportReport): string | null {
  const sentences = [...found, ...warnings, ...repairs, ...leftOut, ...Object.values(refusal ?? {})];
  const unforeseen = sentences.find(sentence => sentence.includes('nobody foresaw'));
  if (unforeseen !== undefined) return unforeseen;
  const texts = [...sentences, rest.format, rest.writtenBy ?? ''];
  const long = texts.find(text => text.length > LONGEST_SENTENCE);
  if (long !== undefined) return `a sentence of ${long.length} letters: ${long.slice(0, 100)}`;
  const empty = sentences.find(sentence => !/\w{3}/.test(sentence));
  return empty === undefined ? null : `a sentence that says nothing: ‘${empty}’`;
}

function problemOfModel({ name, network }: SourceModel): string | null {
  const [broken] = findBrokenInvariants(network);
  if (broken !== undefined) return `a broken model: ${broken}`;
  if (name.length > LONGEST_SENTENCE) return `a name of ${name.length} letters`;
  for (const layer of network.layers) {
    for (const [role, { shape, values }] of Object.entries(layer.weights)) {
      if (sizeOf(shape) !== values.length)
        return `${layer.name}/${role} is [${shape}] and has ${values.length} values`;
    }
  }
  // The page compiles whatever was read: that must not throw, and counts in the time.
  compileSketch(sketch([input('x', [4]), modelNode('m', network), output('y')], ['x m.in0', 'm.out0 y']), [
    network,
  ]);
  return null;
}
