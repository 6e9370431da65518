import { describe, expect, it } from 'vitest';
import type { ModelNode, ProjectDocument, TieStart } from '../graph/document';
import { updateModel } from '../graph/edits';
import { tieLayers } from '../graph/ties';
import { findBrokenInvariants } from '../network/invariants';
import type { Network } from '../network/network';
import { chain, codes, compileSketch, input, layer, model, output, sketch } from './sketch';

const dense = (units: number, activation = 'relu') => ({ units, activation });
const a = chain(
  'a',
  [null, 6],
  [
    ['x', 'Dense', dense(5)],
    ['y', 'Dense', dense(4)],
    ['z', 'Dense', dense(3, 'softmax')],
  ],
  1,
);
const b = chain(
  'b',
  [null, 6],
  [
    ['x1', 'Dense', dense(5)],
    ['y1', 'Dense', dense(4)],
    ['z1', 'Dense', dense(2, 'softmax')],
  ],
  2,
);
const networks = [a, b];

function joined(forA: Partial<ModelNode> = {}, forB: Partial<ModelNode> = {}): ProjectDocument {
  const train = { freeze: { kind: 'none' } } as const;
  return sketch(
    [
      input('left', [6]),
      input('right', [6]),
      model('a', a, { ...train, ...forA }),
      model('b', b, { ...train, ...forB }),
      layer('join', 'Concatenate'),
      output('out'),
    ],
    ['left a', 'right b', 'a join.in0', 'b join.in1', 'join out'],
  );
}

function tied(
  document: ProjectDocument,
  start: TieStart = { kind: 'of', node: 'a' },
  pairs: readonly (readonly [string, string])[] = [
    ['x', 'x1'],
    ['y', 'y1'],
  ],
): ProjectDocument {
  const places = pairs.map(
    ([left, right]) =>
      [
        { node: 'a', layer: left },
        { node: 'b', layer: right },
      ] as const,
  );
  return tieLayers(places, start)(document);
}

function sound(document: ProjectDocument): Network {
  const result = compileSketch(document, networks);
  expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (result.network === null) throw new Error('There is no network');
  expect(findBrokenInvariants(result.network)).toEqual([]);
  return result.network;
}

function kernel(network: Network, name: string): readonly number[] {
  return [...(network.layers.find(each => each.name === name)?.weights.kernel?.values ?? [])];
}

describe('tied layers', () => {
  it('are one layer that is called twice', () => {
    const network = sound(tied(joined()));
    expect(network.layers.map(({ name }) => name).sort()).toEqual(['a_x', 'a_y', 'a_z', 'b_z1', 'join']);
    expect(network.calls.filter(call => call.layer === 'a_x').map(({ id }) => id)).toEqual(['a_x', 'a_x:1']);
  });

  it('start from the one, the other or the average', () => {
    const [fromA, fromB] = [kernel(a, 'x'), kernel(b, 'x1')];
    const start = (choice: TieStart) => kernel(sound(tied(joined(), choice)), 'a_x');
    expect(start({ kind: 'of', node: 'a' })).toEqual(fromA);
    expect(start({ kind: 'of', node: 'b' })).toEqual(fromB);
    const average = start({ kind: 'average' });
    for (const [i, value] of average.entries()) {
      // Rounded once, to 32 bits.
      expect(value).toBeCloseTo(((fromA[i] ?? 0) + (fromB[i] ?? 0)) / 2, 6);
    }
    expect(average).toHaveLength(30);
  });

  it('are counted once', () => {
    const { countedTwice } = compileSketch(tied(joined({ freeze: { kind: 'all' } })), networks);
    // x1 and y1: 6 × 5 + 5 and 5 × 4 + 4.
    expect(countedTwice).toEqual({ parameters: 59, trainableParameters: 59 });
    expect(compileSketch(joined(), networks).countedTwice).toEqual({ parameters: 0, trainableParameters: 0 });
  });

  it('average the same arrays once', () => {
    const document = tied(joined(), { kind: 'average' });
    const values = () => sound(document).layers.find(({ name }) => name === 'a_x')?.weights.kernel?.values;
    expect(values()).toBe(values());
  });

  it('give either model its own last activation', () => {
    const cut = tied(joined({ end: 'y', linearEnd: true }, {}));
    const network = sound(cut);
    const shared = network.layers.find(({ name }) => name === 'a_y');
    expect(shared?.config.activation).toBe('linear');
    expect(network.layers.find(({ name }) => name === 'a_y_activation')?.config).toEqual({
      activation: 'relu',
    });
    const join = network.calls.find(({ layer: name }) => name === 'join');
    expect(join?.inputs[0]).toEqual({ call: 'a_y', output: 0 });
  });

  it('train where one of the models trains, and say so', () => {
    const document = tied(joined({ freeze: { kind: 'all' } }));
    const result = compileSketch(document, networks);
    expect(
      result.network?.layers
        .filter(({ trainable }) => trainable)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['a_x', 'a_y', 'b_z1', 'join']);
    const [warning, ...more] = result.diagnostics.filter(({ code }) => code === 'tie/freeze-differs');
    expect(more).toEqual([]);
    expect(warning?.message).toContain('2 layers of a are frozen there and tied to b');
    const both = updateModel('b', { freeze: { kind: 'all' } })(document);
    const frozen = compileSketch(both, networks);
    expect(codes(frozen)).not.toContain('tie/freeze-differs');
    expect(frozen.network?.layers.find(({ name }) => name === 'a_x')?.trainable).toBe(false);
  });
});

describe('a tie that is impossible is said with a way out', () => {
  const cases = [
    [
      'shapes',
      [['x', 'z1']],
      "'z1' of b can't be tied to a. Their weights have different shapes (6 × 5, 5 and 4 × 2, 2).",
    ],
    ['no such layer', [['x', 'gone']], "'gone' of b can't be tied. Its model has no such layer."],
  ] as const;

  for (const [what, pairs, message] of cases) {
    it(what, () => {
      const document = tied(joined(), undefined, pairs);
      const result = compileSketch(document, networks);
      expect(result.network).toBeNull();
      const found = result.diagnostics.find(({ code }) => code === 'tie/impossible');
      expect(found?.message).toBe(message);
      const [fix] = found?.fixes ?? [];
      expect(fix?.label).toBe('Untie');
      expect(fix?.edit(document).ties).toEqual([]);
    });
  }

  it('types and settings', () => {
    const other = chain(
      'b',
      [null, 6],
      [
        ['x1', 'BatchNormalization'],
        ['y1', 'Dense', dense(5, 'tanh')],
      ],
      2,
    );
    const said = (right: string) =>
      compileSketch(tied(joined(), undefined, [['x', right]]), [a, other]).diagnostics.find(
        ({ code }) => code === 'tie/impossible',
      )?.message;
    expect(said('x1')).toContain('One is a Dense, the other a BatchNormalization.');
    const same = chain('b', [null, 6], [['y1', 'Dense', dense(5, 'tanh')]], 2);
    expect(
      compileSketch(tied(joined(), undefined, [['x', 'y1']]), [a, same]).diagnostics[0]?.message,
    ).toContain('Their settings differ.');
  });

  it('cut away: the rest goes on, untied', () => {
    const document = tied(joined({}, { end: 'x1' }));
    const result = compileSketch(document, networks);
    const found = result.diagnostics.filter(({ code }) => code === 'tie/cut-away');
    expect(found.map(({ message, severity }) => [severity, message])).toEqual([
      ['warning', "'y1' of b is tied and cut away, so the tie does nothing. Untie, or cut later."],
    ]);
    expect(kernel(sound(document), 'a_y')).toEqual(kernel(a, 'y'));
    expect(sound(document).calls.filter(call => call.layer === 'a_x')).toHaveLength(2);
  });

  it('a layer of a node without weights of its own', () => {
    const document = tied(joined());
    const sharing = { ...document, nodes: { ...document.nodes, b: model('b', a, { sharesWith: 'a' }) } };
    expect(codes(compileSketch(sharing, networks))).toContain('tie/impossible');
  });
});
