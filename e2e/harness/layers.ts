/** What the tests of layers call in the page: cases that real Keras has answered, on WebGPU or WebGL. */
import * as tf from '@tensorflow/tfjs';
import { must } from '../../src/base/assert';
import { LAYER_TYPES } from '../../src/layers/table';
import { startBackend } from '../../src/targets/tfjs/backend';
import { goldenCases } from '../../src/targets/tfjs/goldens/golden-cases';
import { goldenFiles } from '../../src/targets/tfjs/goldens/golden-files';
import { compareWithKeras, type Differences, runCase } from '../../src/targets/tfjs/goldens/run-case';
import type { BackendName } from '../../src/targets/tfjs/webgpu-support';

export interface CaseResult extends Differences {
  readonly name: string;
  /** What went wrong with the device or in the code; null: nothing. */
  readonly failure: string | null;
}

/** `examples`: of each type its example alone, with masks if it has to do with them. */
type Extent = 'all' | 'examples';

function listRuns(extent: Extent, types: readonly string[] | null) {
  return LAYER_TYPES.filter(({ type }) => types?.includes(type) ?? true).flatMap(type => {
    const golden = goldenFiles.get(type.type);
    if (golden === undefined) return [];
    const runs = goldenCases(type).flatMap((one, i) =>
      one.runs.map(run => ({ one, run, answer: golden.cases[i]?.runs ?? {} })),
    );
    const [example] = runs;
    return extent === 'all' ? runs : runs.filter(({ one }) => one === example?.one).slice(-1);
  });
}

/** Cases on a backend, one after the other: what they differ by from Keras. `types`: those alone. */
async function run(
  backend: Exclude<BackendName, 'cpu'>,
  extent: Extent,
  types: readonly string[] | null = null,
) {
  const started = await startBackend(backend);
  // Small tensors would be computed on the CPU.
  tf.env().set(backend === 'webgpu' ? 'WEBGPU_CPU_FORWARD' : 'WEBGL_CPU_FORWARD', false);
  const results: CaseResult[] = [];
  let known = started.failure();
  for (const { one, run: golden, answer } of listRuns(extent, types)) {
    const name = `${one.type.type} ${JSON.stringify(one.config)} of ${JSON.stringify(one.shapes)}, ${golden.name}`;
    try {
      const found = await runCase(one, golden);
      const failure = started.failure();
      const wanted = must(answer[golden.name], 'a golden that is up to date');
      const differences = compareWithKeras(found, wanted, must(answer.plain, 'the plain run'));
      results.push({ name, ...differences, failure: failure === known ? null : (failure?.message ?? null) });
      known = failure;
    } catch (error) {
      results.push({ name, outputs: 0, step: 0, others: [], failure: String(error) });
    }
  }
  return { backend: tf.getBackend(), results };
}

const layers = { run };
declare global {
  interface Window {
    layers: typeof layers;
  }
}
window.layers = layers;
