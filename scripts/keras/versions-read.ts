/** Reads what `versions.py` wrote and compares what Graft computes with what Keras answered. Run by `versions.mjs`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readFiles } from '../../src/formats/read-files';
import { inferShapes } from '../../src/layers/infer';
import { lookUpLayer } from '../../src/layers/table';
import type { ArrayData } from '../../src/network/arrays';
import { predict } from '../../src/trainer/predict';

/** As `versions.py` writes them into its index. */
interface VersionIndex {
  readonly keras: string;
  readonly backend: string;
  readonly cases: readonly VersionCase[];
  readonly failures: readonly string[];
  readonly unwritten: readonly string[];
}

interface VersionCase {
  readonly folder: string;
  readonly way: string;
  readonly files: readonly string[];
  readonly expected: 'predicts' | 'placeholder' | 'refused';
  readonly tolerance: number | null;
  /** A word that the report must have; null: any will do. */
  readonly says: string | null;
  readonly inputs: readonly PackedArray[] | null;
  readonly outputs: readonly PackedArray[] | null;
}

interface PackedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** The values’ bytes in base64. */
  readonly values: string;
}

export interface VersionResult {
  readonly keras: string;
  readonly backend: string;
  /** Read as expected, and those that predict with the right answers. */
  readonly read: number;
  readonly refused: number;
  readonly failures: readonly string[];
  readonly unwritten: readonly string[];
  /** Of those in single precision, relative to max(1, |y|); the others are held to a tolerance of their own. */
  readonly worst: number;
  readonly worstOfHalf: number;
}

/** In single precision a file is held to this, in half precision to its own. */
const SINGLE = 1e-5;

export async function checkVersion(folder: string): Promise<VersionResult> {
  const index: VersionIndex = JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8'));
  const failures = [...index.failures.map(failure => `could not be written: ${failure}`)];
  const counts = { read: 0, refused: 0, worst: 0, worstOfHalf: 0 };
  for (const one of index.cases) {
    try {
      const difference = await checkCase(folder, one);
      if (one.expected === 'refused') counts.refused += 1;
      else counts.read += 1;
      if (one.tolerance === SINGLE) counts.worst = Math.max(counts.worst, difference);
      else counts.worstOfHalf = Math.max(counts.worstOfHalf, difference);
    } catch (error) {
      failures.push(`${one.folder}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { keras: index.keras, backend: index.backend, ...counts, failures, unwritten: index.unwritten };
}

/** The largest difference from Keras' answers; 0 where nothing is to be computed. Throws where it isn't as expected. */
async function checkCase(folder: string, one: VersionCase): Promise<number> {
  const files = await Promise.all(
    one.files.map(async name => ({
      path: `${one.folder}/${name}`,
      blob: new Blob([await readFile(path.join(folder, one.folder, name))]),
    })),
  );
  const [item, ...others] = await readFiles(files);
  if (item === undefined || others.length > 0)
    throw new Error(`${1 + others.length} things were found in it`);
  if (item.kind === 'project' || item.kind === 'weights') throw new Error(`it was taken for ${item.kind}`);
  const report = item.kind === 'model' ? item.model.report : item.report;
  const sentences = [
    ...report.warnings,
    ...report.repairs,
    ...report.leftOut,
    ...Object.values(report.refusal ?? {}),
  ];
  if (one.says !== null && !sentences.join(' ').includes(one.says)) {
    throw new Error(`its report doesn’t speak of ${one.says}: ${sentences.join(' ')}`);
  }
  if (item.kind === 'refused') {
    const told = Object.values(report.refusal ?? {}).join(' ');
    if (one.expected !== 'refused') throw new Error(`refused: ${told}`);
    if (/nobody foresaw/.test(told)) throw new Error(told);
    return 0;
  }
  const { network } = item.model;
  const placeholders = network.layers.filter(layer => lookUpLayer(layer.type) === undefined);
  if (one.expected === 'refused') throw new Error('read, though it can’t be right');
  if (one.expected === 'placeholder') {
    if (placeholders.length === 0) throw new Error('no layer is a placeholder');
    return 0;
  }
  if (placeholders.length > 0) {
    throw new Error(
      `placeholders: ${placeholders.map(({ type }) => type).join(', ')}. ${sentences.join(' ')}`,
    );
  }
  if (inferShapes(network, lookUpLayer).problems.length > 0) throw new Error(report.leftOut.join(' '));
  const inputs = (one.inputs ?? []).map(unpack);
  const { outputs } = await predict({ network, inputs, backend: 'cpu' });
  const wanted = (one.outputs ?? []).map(unpack);
  if (one.says !== 'NaN' && wanted.some(({ values }) => values.some(Number.isNaN))) {
    throw new Error('Keras answered with NaN, which proves nothing');
  }
  return compareOutputs(outputs, wanted, one.tolerance ?? SINGLE);
}

function unpack({ shape, dtype, values }: PackedArray): ArrayData {
  const { buffer } = Uint8Array.from(Buffer.from(values, 'base64'));
  return { shape, dtype, values: dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer) };
}

function compareOutputs(
  found: readonly ArrayData[],
  wanted: readonly ArrayData[],
  tolerance: number,
): number {
  const shapes = (arrays: readonly ArrayData[]) => arrays.map(({ shape }) => `[${shape}]`).join(' ');
  if (shapes(found) !== shapes(wanted)) throw new Error(`answers ${shapes(found)}, not ${shapes(wanted)}`);
  let worst = 0;
  for (const [index, { values }] of wanted.entries()) {
    for (const [place, y] of values.entries()) {
      const x = found[index]?.values[place] ?? Number.NaN;
      if (Number.isNaN(x) !== Number.isNaN(y))
        throw new Error(`output ${index} is ${x} at ${place}, not ${y}`);
      if (!Number.isNaN(y)) worst = Math.max(worst, Math.abs(x - y) / Math.max(1, Math.abs(y)));
    }
  }
  if (worst > tolerance) throw new Error(`answers differ by ${worst.toExponential(1)}`);
  return worst;
}
