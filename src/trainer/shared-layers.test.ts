/** Layers that several models share: that computing a common base once changes no prediction, and that ties train for both. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../base/random';
import { chain, compileSketch, input, layer, model, output, sketch } from '../compiler/sketch';
import type { ProjectDocument } from '../graph/document';
import { makeSettings } from '../graph/options';
import { tieLayers } from '../graph/ties';
import { OPTIMIZERS, SCHEDULES } from '../graph/training-settings';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { ArrayData } from '../network/arrays';
import type { Config, Network } from '../network/network';
import { train } from './core';
import { evaluate } from './evaluate';
import { predict } from './predict';

const random = createRandom(21);

function numbers(rows: number, ...row: readonly number[]): ArrayData {
  const size = row.reduce((product, dim) => product * dim, rows);
  const values = Float32Array.from({ length: size }, () => random.normal());
  return { shape: [rows, ...row], dtype: 'float32', values };
}

function compiled(document: ProjectDocument, networks: readonly Network[]) {
  const result = compileSketch(document, networks);
  if (result.network === null) throw new Error(JSON.stringify(result.diagnostics));
  return { ...result, network: initialize(result.network, lookUpLayer, 5) };
}

async function answers(
  document: ProjectDocument,
  networks: readonly Network[],
  inputs: readonly ArrayData[],
) {
  const { network } = compiled(document, networks);
  return (await predict({ network, inputs, backend: 'cpu' })).outputs.map(({ values }) => [...values]);
}

describe('a common base that is used once', () => {
  type Layers = readonly (readonly [string, string, Config?])[];
  const base: Layers = [
    ['conv', 'Conv2D', { filters: 4, kernel_size: [3, 3], activation: 'relu' }],
    ['norm', 'BatchNormalization'],
    ['flat', 'Flatten'],
    ['features', 'Dense', { units: 6, activation: 'tanh' }],
  ];
  const head = (units: number) => ['scores', 'Dense', { units, activation: 'softmax' }] as const;
  const one = chain('one', [null, 6, 6, 1], [...base, head(3)], 4);
  const two = chain('two', [null, 6, 6, 1], [...base, head(5)], 4);
  const images = numbers(300, 6, 6, 1);

  for (const [what, taps, end] of [
    ['to the last common layer', [], null],
    ['with an inner layer tapped', ['conv'], null],
    ['all of the second model', [], 'features'],
  ] as const) {
    it(`predicts the same bit for bit: ${what}`, async () => {
      const nodes = [
        input('image', [6, 6, 1]),
        model('a', one),
        model('b', two, { taps, end }),
        layer('join', 'Concatenate'),
        output('y'),
        ...(taps.length > 0 ? [output('z')] : []),
      ];
      const wires = ['image a', 'image b', 'a join.in0', 'b join.in1', 'join y'];
      const document = sketch(nodes, taps.length > 0 ? [...wires, 'b.tap:conv z'] : wires);
      const hint = compileSketch(document, [one, two]).diagnostics.find(
        ({ code }) => code === 'model/shared-base',
      );
      const fixed = hint?.fixes[0]?.edit(document);
      if (fixed === undefined) throw new Error('No base was found');
      const dense = (which: ProjectDocument) =>
        compiled(which, [one, two]).network.layers.filter(({ type }) => type === 'Conv2D').length;
      expect([dense(document), dense(fixed)]).toEqual([2, 1]);
      expect(await answers(fixed, [one, two], [images])).toEqual(
        await answers(document, [one, two], [images]),
      );
    });
  }
});

describe('tied layers', () => {
  const tanh = (units: number) => ({ units, activation: 'tanh' });
  const a = chain(
    'a',
    [null, 4],
    [
      ['x', 'Dense', tanh(5)],
      ['y', 'Dense', tanh(3)],
    ],
    1,
  );
  const b = chain(
    'b',
    [null, 4],
    [
      ['x1', 'Dense', tanh(5)],
      ['y1', 'Dense', tanh(3)],
    ],
    2,
  );
  const free = { freeze: { kind: 'none' } } as const;
  const untied = sketch(
    [
      input('left', [4]),
      input('right', [4]),
      model('a', a, free),
      model('b', b, free),
      layer('join', 'Concatenate'),
      layer('out', 'Dense', { units: 2 }),
      output('y', { loss: 'mean_squared_error' }),
    ],
    ['left a', 'right b', 'a join.in0', 'b join.in1', 'join out', 'out y'],
  );
  const document = tieLayers(
    [
      [
        { node: 'a', layer: 'x' },
        { node: 'b', layer: 'x1' },
      ],
    ],
    { kind: 'average' },
  )(untied);
  const rows = 24;
  const inputs = [numbers(rows, 4), numbers(rows, 4)];
  const targets = [numbers(rows, 2)];

  it('get the gradient of both uses: one step against finite differences', async () => {
    const { network, heads } = compiled(document, [a, b]);
    const rate = 0.25;
    const trained = await train(
      {
        network,
        heads,
        inputs,
        targets,
        rowWeights: { training: [null], validation: [null] },
        trainRows: Uint32Array.from({ length: rows }, (_, row) => row),
        validationRows: new Uint32Array(),
        phases: [
          {
            epochs: 1,
            optimizer: { ...makeSettings(OPTIMIZERS, 'sgd'), learningRate: rate },
            schedule: makeSettings(SCHEDULES, 'constant'),
            trainable: network.layers.map(({ name }) => name),
          },
        ],
        settings: { batchSize: rows, seed: 1, earlyStopping: null, clipping: null },
        backend: 'cpu',
      },
      {
        onEvent: () => {},
        wish: () => 'go',
        untilWishChanges: () => Promise.resolve(),
        now: () => performance.now(),
        breathe: () => Promise.resolve(),
      },
    );
    const shared = network.layers.find(({ name }) => name === 'a_x');
    const before = shared?.weights.kernel?.values ?? new Float32Array();
    const after = trained.weights.a_x?.kernel?.values ?? new Float32Array();
    const lossWith = async (index: number, change: number) => {
      const layers = network.layers.map(each => {
        const { kernel } = each.weights;
        if (each.name !== 'a_x' || kernel === undefined) return each;
        const values = Float32Array.from(kernel.values);
        values[index] = (values[index] ?? 0) + change;
        return { ...each, weights: { ...each.weights, kernel: { ...kernel, values } } };
      });
      const { scores } = await evaluate({
        network: { ...network, layers },
        heads,
        inputs,
        targets,
        rowWeights: [null],
        rows: Uint32Array.from({ length: rows }, (_, row) => row),
        backend: 'cpu',
      });
      return scores.loss;
    };
    const step = 2 ** -6;
    let largest = 0;
    let difference = 0;
    for (const index of before.keys()) {
      const byDifference = ((await lossWith(index, step)) - (await lossWith(index, -step))) / (2 * step);
      const byStep = ((before[index] ?? 0) - (after[index] ?? 0)) / rate;
      largest = Math.max(largest, Math.abs(byDifference));
      difference = Math.max(difference, Math.abs(byDifference - byStep));
    }
    expect(before).toHaveLength(20);
    expect(largest).toBeGreaterThan(0.01);
    // Central differences over 2⁻⁶ of a loss in 32 bits are good to about 1e-4 of the largest gradient.
    expect(difference / largest).toBeLessThan(2e-3);
  });

  it('of two uses of the same weights answer as the models alone do', async () => {
    const same = {
      ...b,
      layers: b.layers.map((each, index) => ({ ...each, weights: a.layers[index]?.weights ?? {} })),
    };
    const tiedSame = tieLayers(
      [
        [
          { node: 'a', layer: 'x' },
          { node: 'b', layer: 'x1' },
        ],
      ],
      { kind: 'of', node: 'b' },
    )(untied);
    expect(await answers(tiedSame, [a, same], inputs)).toEqual(await answers(untied, [a, same], inputs));
  });
});
