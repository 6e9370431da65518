/** Real Keras files by other people: what is read of them, and that it predicts what Keras predicted. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { applyWeights } from '../../formats/apply-weights';
import { withHdf5 } from '../../formats/hdf5/read-hdf5';
import type { Hdf5Group } from '../../formats/hdf5/tree';
import type { SourceFile, SourceModel } from '../../formats/protocol';
import { readFiles } from '../../formats/read-files';
import { compareAnswers, randomInputs } from '../../formats/testing/stock';
import { buildLiveModel } from './live-model';

const CORPUS = join(process.cwd(), '..', 'shared', 'corpus');
const counts = { read: 0, placeholders: 0, refused: 0, pairs: 0, worst: 0 };
afterAll(() => {
  const { read, placeholders, refused, pairs, worst } = counts;
  console.info(
    `Keras corpus: ${read} models read (${placeholders} with placeholders), ${refused} refused with a reason; ${pairs} predict as Keras did, to ${worst.toExponential(1)}`,
  );
});

function fileOf(kind: string, name: string): SourceFile {
  return { path: name, blob: new Blob([new Uint8Array(readFileSync(join(CORPUS, kind, name)))]) };
}

async function readModel(kind: string, name: string): Promise<SourceModel> {
  const [item, ...others] = await readFiles([fileOf(kind, name)]);
  expect(others).toEqual([]);
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item));
  counts.read++;
  return item.model;
}

/** Types of layers that aren't known, and stay as placeholders. */
const PLACEHOLDERS: Readonly<Record<string, readonly string[]>> = {
  'dl4j_model_lambda.h5': ['Lambda'],
  'dl4j_tfkeras_cnn2d_32.h5': ['LocallyConnected2D'],
  'dl4j_tfkeras_tfop_0.h5': ['TensorFlowOpLayer'],
};

/** What Graft doesn't compute: attention among the rows of a batch, where a row's answer depends on its neighbours. */
const BEYOND: Readonly<Record<string, RegExp>> = {
  'dl4j_keras-attention.h5': /'attention' can’t be computed/,
};

const REFUSED: Readonly<Record<string, RegExp>> = {
  'nested_container_k315.keras': /of class NestedDenseModel/,
};

describe.each(['h5', 'keras'])('%s', kind => {
  const names = readdirSync(join(CORPUS, kind));

  it.each(names.filter(name => !(name in REFUSED)))(
    '%s is read, and what is known of it runs',
    async name => {
      const { network, report } = await readModel(kind, name);
      expect(report.writtenBy).toMatch(/^Keras \d/);
      const expected = PLACEHOLDERS[name] ?? [];
      for (const type of expected) expect(report.leftOut.join()).toContain(type);
      if (expected.length > 0) {
        counts.placeholders++;
        return;
      }
      if (name in BEYOND) {
        expect(report.leftOut.join()).toMatch(BEYOND[name] ?? /never/);
        return;
      }
      const live = buildLiveModel(network);
      // Where a picture may have any size, the smallest that leaves something behind all convolutions.
      const inputs = network.inputs.map(input => ({
        ...input,
        shape: input.shape.map((size, i) => size ?? (i === 0 ? null : 12)),
      }));
      const answers = live.run(randomInputs(inputs), { training: false });
      for (const answer of answers) expect((await answer.data()).every(Number.isFinite)).toBe(true);
      live.dispose();
    },
  );

  it.each(names.filter(name => name in REFUSED))('%s is refused', async name => {
    const [item] = await readFiles([fileOf(kind, name)]);
    expect(item?.kind).toBe('refused');
    expect(item?.kind === 'refused' && item.report.refusal?.reason).toMatch(REFUSED[name] ?? /never/);
    counts.refused++;
  });
});

/** References that are wrong: `simple_lstm_tf_keras_2` holds the answers of another model, the others come from Keras 1. */
const WITHOUT_REFERENCE: ReadonlySet<string> = new Set([
  'simple_lstm_tf_keras_1',
  'simple_lstm_th_keras_1',
  'simple_lstm_tf_keras_2',
]);

describe('answers that Keras itself stored', () => {
  const names = readdirSync(join(CORPUS, 'h5-io')).flatMap(name => /^(.*)_model\.h5$/.exec(name)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(40);

  it.each(names.filter(name => !WITHOUT_REFERENCE.has(name)))('%s', async name => {
    const { network } = await readModel('h5-io', `${name}_model.h5`);
    const file = fileOf('h5-io', `${name}_inputs_and_outputs.h5`);
    const { inputs, outputs } = await withHdf5(file.blob, file.path, root => ({
      inputs: tensorsIn(root, 'inputs'),
      outputs: root.groups.get('predictions')?.datasets.size
        ? tensorsIn(root, 'predictions')
        : tensorsIn(root, 'outputs'),
    }));
    const live = buildLiveModel(network);
    const difference = compareAnswers(live.run(inputs, { training: false }), outputs);
    counts.worst = Math.max(counts.worst, difference);
    counts.pairs++;
    expect(difference).toBeLessThanOrEqual(1e-4);
    live.dispose();
  });

  it.each(names.filter(name => /_keras_1$/.test(name)))('%s, of Keras 1, is refused', async name => {
    const [item] = await readFiles([fileOf('h5-io', `${name}_model.h5`)]);
    expect(item?.kind === 'refused' && item.report.refusal?.reason).toMatch(/written by Keras 1\./);
    counts.refused++;
  });
});

function tensorsIn(root: Hdf5Group, group: string): tf.Tensor[] {
  return [...(root.groups.get(group)?.datasets.values() ?? [])].map(dataset => {
    const { shape, values } = dataset.read();
    return tf.tensor(values, [...shape]);
  });
}

describe('weights alone', () => {
  it('go into a model of the same structure, and nowhere else', async () => {
    const [item] = await readFiles([fileOf('weights-h5', 'cartpole-dqn.h5')]);
    expect(item?.kind).toBe('weights');
    if (item?.kind !== 'weights') return;
    // Only the structure stands in this text, as keon/deep-q-learning builds it.
    const dense = (units: number, activation: string, rest: object) => ({
      class_name: 'Dense',
      config: { name: `dense_${units}_${activation}`, units, activation, use_bias: true, ...rest },
    });
    const structure = {
      class_name: 'Sequential',
      keras_version: '2.0.6',
      config: [
        dense(24, 'relu', { batch_input_shape: [null, 4] }),
        { ...dense(24, 'relu', {}), config: { ...dense(24, 'relu', {}).config, name: 'second' } },
        dense(2, 'linear', {}),
      ],
    };
    const both = await readFiles([
      { path: 'cartpole.json', blob: new Blob([JSON.stringify(structure)]) },
      item.file,
    ]);
    expect(both.map(found => found.kind)).toEqual(['model']);
    const [whole] = both;
    if (whole?.kind !== 'model') return;
    expect(whole.model.network.layers.map(layer => layer.weights.kernel?.shape)).toEqual([
      [4, 24],
      [24, 24],
      [24, 2],
    ]);
    const again = await applyWeights(whole.model, item.file);
    expect(again.kind === 'model' && again.model.id).toBe(whole.model.id);
    const other = await readModel('keras', 'flownet_leakyrelu_k392.keras');
    const refused = await applyWeights(other, item.file);
    expect(refused.kind === 'refused' && refused.report.refusal?.reason).toMatch(/weight|layer/);
  });
});
