import { describe, expect, it } from 'vitest';
import { createRandom } from '../base/random';
import type { GraphNode, ProjectDocument } from '../graph/document';
import { type LossKind, makeLoss } from '../graph/objectives';
import { findBrokenInvariants } from '../network/invariants';
import type { Config, Network } from '../network/network';
import type { CompileResult, Diagnostic } from './result';
import { chain, codes, compileSketch, input, layer, model, output, sketch } from './sketch';

const cnn = chain(
  'cnn',
  [null, 8, 8, 1],
  [
    ['conv', 'Conv2D', { filters: 4, kernel_size: [3, 3], activation: 'relu' }],
    ['flat', 'Flatten'],
    ['features', 'Dense', { units: 16, activation: 'relu' }],
    ['scores', 'Dense', { units: 10, activation: 'softmax' }],
  ],
);
const mlp = chain(
  'mlp',
  [null, 16],
  [
    ['hidden', 'Dense', { units: 12, activation: 'tanh' }],
    ['scores', 'Dense', { units: 10, activation: 'softmax' }],
  ],
);

function only(result: CompileResult, code: string): Diagnostic {
  const [found, ...more] = result.diagnostics.filter(diagnostic => diagnostic.code === code);
  expect(more).toEqual([]);
  if (found === undefined) throw new Error(`${code} is missing among ${codes(result).join(', ')}`);
  return found;
}

function fixed(document: ProjectDocument, diagnostic: Diagnostic, label: string): ProjectDocument {
  const fix = diagnostic.fixes.find(candidate => candidate.label === label);
  if (fix === undefined)
    throw new Error(`No fix '${label}' among ${diagnostic.fixes.map(f => f.label).join(', ')}`);
  return fix.edit(document);
}

function sound(result: CompileResult): Network {
  expect(result.diagnostics.filter(diagnostic => diagnostic.severity === 'error')).toEqual([]);
  if (result.network === null) throw new Error('There is no network');
  expect(findBrokenInvariants(result.network)).toEqual([]);
  return result.network;
}

describe('stack', () => {
  const document = sketch(
    [input('image', [8, 8, 1]), model('a', cnn), model('b', mlp), output('digit')],
    ['image a', 'a b', 'b digit'],
  );

  it('reports a wrong inner size on the wire and adapts it with a Dense', () => {
    const result = compileSketch(document, [cnn, mlp]);
    expect(result.network).toBeNull();
    const misfit = only(result, 'wire/does-not-fit');
    expect(misfit.subject).toEqual({ kind: 'wire', wire: 'wire-2' });
    expect(misfit.message).toBe('a gives 10, and b takes 16. Put an adapter between them.');
    expect(result.wires.get('wire-2')).toEqual({ shape: [null, 10], wanted: [null, 16] });
    const network = sound(compileSketch(fixed(document, misfit, 'Add Dense 16'), [cnn, mlp]));
    expect(network.layers.map(({ name }) => name)).toEqual([
      'a_conv',
      'a_flat',
      'a_features',
      'a_scores',
      'dense',
      'b_hidden',
      'b_scores',
    ]);
  });

  it('says nothing more of what follows from the mistake', () => {
    expect(codes(compileSketch(document, [cnn, mlp])).filter(code => code !== 'wire/does-not-fit')).toEqual(
      [],
    );
  });

  it('offers to drop the last softmax where probabilities flow on', () => {
    const cut = sketch(
      [
        input('image', [8, 8, 1]),
        model('a', cnn),
        layer('fit', 'Dense', { units: 16 }),
        model('b', mlp),
        output('digit'),
      ],
      ['image a', 'a b', 'b digit'],
    );
    const same = chain('same', [null, 10], [['scores', 'Dense', { units: 10, activation: 'softmax' }]]);
    const direct = sketch(
      [input('image', [8, 8, 1]), model('a', cnn), model('b', same), output('digit')],
      ['image a', 'a b', 'b digit'],
    );
    const hint = only(compileSketch(direct, [cnn, same]), 'wire/probabilities-flow-on');
    expect(hint.severity).toBe('hint');
    const network = sound(compileSketch(fixed(direct, hint, 'Drop the last softmax'), [cnn, same]));
    expect(network.layers.find(({ name }) => name === 'a_scores')?.config.activation).toBe('linear');
    expect(codes(compileSketch(cut, [cnn, mlp]))).not.toContain('wire/probabilities-flow-on');
  });
});

describe('probabilities', () => {
  const decide = chain('decide', [null, 6], [['scores', 'Dense', { units: 10, activation: 'softmax' }]]);
  const followedBy = (type: string, config: Config = {}, rest: readonly string[] = []) =>
    compileSketch(
      sketch(
        [input('x', [6]), model('a', decide), model('b', decide), layer('next', type, config), output('y')],
        ['x a', 'x b', 'a next', ...rest, 'next y'],
      ),
      [decide],
    );

  it('may be averaged, and are hinted at where features are joined or learned from', () => {
    const both = ['b next.in1'];
    expect(codes(followedBy('Average', {}, both))).not.toContain('wire/probabilities-flow-on');
    expect(
      codes(followedBy('Concatenate', {}, both)).filter(code => code === 'wire/probabilities-flow-on'),
    ).toHaveLength(2);
    expect(codes(followedBy('Dense', { units: 4, activation: 'softmax' }))).toContain(
      'wire/probabilities-flow-on',
    );
    expect(codes(followedBy('Dropout'))).not.toContain('wire/probabilities-flow-on');
  });

  it('of probabilities are flattened: said as a warning, with a way out', () => {
    const warning = only(followedBy('Softmax'), 'wire/softmax-twice');
    expect(warning.message).toContain('of 10 classes even a sure one gets at most 23 %');
    expect(warning.fixes.map(({ label }) => label)).toEqual(['Drop the last softmax']);
    const nodes = [
      input('x', [6]),
      layer('a', 'Dense', { units: 4, activation: 'softmax' }),
      layer('b', 'Activation', { activation: 'softmax' }),
      output('y'),
    ];
    const document = sketch(nodes, ['x a', 'a b', 'b y']);
    const twice = only(compileSketch(document), 'wire/softmax-twice');
    expect(fixed(document, twice, 'Make a linear').nodes.a).toMatchObject({
      config: { activation: 'linear' },
    });
  });
});

describe('adapters', () => {
  const labels = (from: readonly number[], to: readonly number[]) => {
    const target = chain('target', [null, ...to], [['same', 'Activation']]);
    const document = sketch([input('x', from), model('t', target), output('y')], ['x t', 't y']);
    return only(compileSketch(document, [target]), 'wire/does-not-fit').fixes.map(fix => fix.label);
  };

  it.each([
    [[8, 8, 16], [64], ['Add GlobalAveragePooling2D and Dense 64', 'Add Flatten and Dense 64']],
    [[8, 8, 16], [16], ['Add GlobalAveragePooling2D', 'Add Flatten and Dense 16']],
    [
      [4, 4, 4],
      [64],
      [
        'Add Reshape 64',
        'Add Flatten',
        'Add Flatten and Dense 64',
        'Add GlobalAveragePooling2D and Dense 64',
      ],
    ],
    [[64], [8, 8, 1], ['Add Reshape 8 × 8 × 1']],
    [[8, 8, 3], [8, 8, 1], ['Add 1×1 Conv2D 1']],
    [[16, 16, 3], [8, 8, 3], ['Add AveragePooling2D']],
    [[8, 8, 1], [8, 8], ['Add Reshape 8 × 8']],
    [[5, 7], [5, 9], ['Add Dense 9']],
  ])('from %j to %j', (from, to, expected) => {
    expect(labels(from, to)).toEqual(expect.arrayContaining(expected));
  });

  it('puts the smallest first', () => {
    expect(labels([8, 8, 16], [64])[0]).toBe('Add GlobalAveragePooling2D and Dense 64');
    expect(labels([5, 7], [5, 9])[0]).toBe('Add Dense 9');
  });
});

describe('parallel and merge', () => {
  const branches = (merge: string) =>
    sketch(
      [
        input('image', [8, 8, 1]),
        input('profile', [16]),
        model('a', cnn, { end: 'features' }),
        model('b', mlp, { end: 'hidden' }),
        layer('merge', merge),
        layer('head', 'Dense', { units: 10, activation: 'softmax' }),
        output('digit'),
      ],
      ['image a', 'profile b', 'a merge.in0', 'b merge.in1', 'merge head', 'head digit'],
    );

  it('concatenates cut models on two inputs under a head', () => {
    const result = compileSketch(branches('Concatenate'), [cnn, mlp]);
    const network = sound(result);
    expect(network.inputs.map(({ name }) => name)).toEqual(['image', 'profile']);
    expect(result.wires.get('wire-5')?.shape).toEqual([null, 28]);
    expect(network.layers.find(({ name }) => name === 'a_scores')).toBeUndefined();
    expect(network.layers.find(({ name }) => name === 'a_features')?.trainable).toBe(false);
    expect(result.nodes.get('head')).toMatchObject({ parameters: 290, trainableParameters: 290 });
    expect(result.nodes.get('a')).toMatchObject({ parameters: 40 + 144 * 16 + 16, trainableParameters: 0 });
  });

  it('reports branches of different sizes on the smaller one, with a way to adapt and another merge', () => {
    const document = branches('Add');
    const misfit = only(compileSketch(document, [cnn, mlp]), 'wire/does-not-fit');
    expect(misfit.subject).toEqual({ kind: 'wire', wire: 'wire-4' });
    expect(misfit.fixes.map(fix => fix.label)).toEqual(['Add Dense 16', 'Use Concatenate']);
    sound(compileSketch(fixed(document, misfit, 'Add Dense 16'), [cnn, mlp]));
    sound(compileSketch(fixed(document, misfit, 'Use Concatenate'), [cnn, mlp]));
  });

  it('brings an image down to go beside plain values in a Concatenate', () => {
    const document = sketch(
      [
        input('image', [4, 4, 8]),
        input('profile', [16]),
        layer('m', 'Concatenate'),
        layer('d', 'Dense'),
        output('y'),
      ],
      ['image m.in0', 'profile m.in1', 'm d', 'd y'],
    );
    const misfit = only(compileSketch(document), 'wire/does-not-fit');
    expect(misfit.subject).toEqual({ kind: 'wire', wire: 'wire-1' });
    expect(misfit.message).toContain('one axis beside the batch');
    expect(misfit.fixes.map(fix => fix.label)).toEqual(['Add Flatten', 'Add GlobalAveragePooling2D']);
    for (const fix of misfit.fixes) sound(compileSketch(fix.edit(document)));
  });

  it.each([
    ['Average', [1], [10]],
    ['Add', [1, 1, 8], [4, 4, 8]],
    ['Multiply', [8], [4, 4, 8]],
  ])('%s of %j and %j warns of the stretching and offers to adapt', (type, small, large) => {
    const document = sketch(
      [input('s', small), input('l', large), layer('m', type), layer('end', 'Dense'), output('y')],
      ['s m.in0', 'l m.in1', 'm end', 'end y'],
    );
    const result = compileSketch(document);
    sound(result);
    const warning = only(result, 'merge/stretched');
    expect(warning.severity).toBe('warning');
    expect(warning.subject).toEqual({ kind: 'wire', wire: 'wire-1' });
    const [fix] = warning.fixes;
    if (fix === undefined) throw new Error('No fix is offered');
    expect(codes(compileSketch(fix.edit(document)))).not.toContain('merge/stretched');
  });

  it('keeps two sources apart that have equal layer names', () => {
    const twin = chain(
      'twin',
      [null, 16],
      [
        ['hidden', 'Dense', { units: 12 }],
        ['scores', 'Dense', { units: 10 }],
      ],
    );
    const document = sketch(
      [
        input('x', [16]),
        model('mlp', mlp),
        model('mlp2', twin, { name: 'mlp' }),
        layer('m', 'Add'),
        output('y'),
      ],
      ['x mlp', 'x mlp2', 'mlp m.in0', 'mlp2 m.in1', 'm y'],
    );
    const names = sound(compileSketch(document, [mlp, twin])).layers.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(5);
  });
});

describe('shared trunk', () => {
  it('puts two heads on a cut model, one of them the tail of another', () => {
    const document = sketch(
      [
        input('image', [8, 8, 1]),
        model('trunk', cnn, { end: 'features', freeze: { kind: 'upTo', call: 'flat' } }),
        layer('narrow', 'Dense', { units: 12 }),
        model('tail', mlp, { start: 'hidden', freeze: { kind: 'none' } }),
        layer('even_head', 'Dense', { units: 1, activation: 'sigmoid' }),
        output('digit'),
        output('even', { loss: 'binary_crossentropy', lossWeight: 0.5 }),
      ],
      ['image trunk', 'trunk narrow', 'narrow tail', 'trunk even_head', 'tail digit', 'even_head even'],
    );
    const result = compileSketch(document, [cnn, mlp]);
    const network = sound(result);
    expect(network.layers.map(({ name, trainable }) => [name, trainable])).toEqual(
      expect.arrayContaining([
        ['trunk_conv', false],
        ['trunk_features', true],
        ['tail_scores', true],
      ]),
    );
    expect(network.layers.some(({ name }) => name === 'tail_hidden')).toBe(false);
    expect(result.heads.map(({ output: name, lossWeight }) => [name, lossWeight])).toEqual([
      ['digit', 1],
      ['even', 0.5],
    ]);
  });

  it('uses one set of weights in two places', () => {
    const document = sketch(
      [
        input('left', [16]),
        input('right', [16]),
        model('a', mlp, { end: 'hidden', freeze: { kind: 'none' } }),
        model('b', mlp, { end: 'hidden', sharesWith: 'a' }),
        layer('m', 'Subtract'),
        layer('head', 'Dense', { units: 2 }),
        output('y'),
      ],
      ['left a', 'right b', 'a m.in0', 'b m.in1', 'm head', 'head y'],
    );
    const network = sound(compileSketch(document, [mlp]));
    expect(network.layers.filter(({ type }) => type === 'Dense').map(({ name }) => name)).toEqual([
      'a_hidden',
      'head',
    ]);
    expect(network.calls.map(({ id, layer: name }) => [id, name])).toEqual(
      expect.arrayContaining([
        ['a_hidden', 'a_hidden'],
        ['a_hidden:1', 'a_hidden'],
      ]),
    );
    expect(network.layers.find(({ name }) => name === 'a_hidden')?.trainable).toBe(true);
  });

  it('keeps the activation of a shared layer where only one use drops it', () => {
    const document = sketch(
      [
        input('x', [16]),
        model('a', mlp, { linearEnd: true }),
        model('b', mlp, { sharesWith: 'a' }),
        layer('m', 'Concatenate'),
        output('y'),
      ],
      ['x a', 'x b', 'a m.in0', 'b m.in1', 'm y'],
    );
    const network = sound(compileSketch(document, [mlp]));
    expect(network.layers.find(({ name }) => name === 'a_scores')?.config.activation).toBe('linear');
    expect(network.calls.find(({ layer: name }) => name === 'm')?.inputs).toEqual([
      { call: 'a_scores', output: 0 },
      { call: 'a_scores_activation', output: 0 },
    ]);
  });

  it('drops the activation only at the end, not for what is tapped there or behind it', () => {
    const two = chain(
      'two',
      [null, 4],
      [
        ['scores', 'Dense', { units: 3, activation: 'softmax' }],
        ['after', 'Dense', { units: 2 }],
      ],
    );
    const document = sketch(
      [
        input('x', [4]),
        model('m', two, { end: 'scores', linearEnd: true, taps: ['scores', 'after'] }),
        ...['raw', 'tapped', 'behind'].map(id => output(id, { loss: 'mean_squared_error' })),
      ],
      ['x m', 'm raw', 'm.tap:scores tapped', 'm.tap:after behind'],
    );
    const network = sound(compileSketch(document, [two]));
    const active = { call: 'm_scores_activation', output: 0 };
    expect(network.outputs.map(({ from }) => from)).toEqual([
      { call: 'm_scores', output: 0 },
      active,
      { call: 'm_after', output: 0 },
    ]);
    expect(network.calls.find(({ id }) => id === 'm_after')?.inputs).toEqual([active]);
  });

  it('leaves the activation inside a recurrent layer alone', () => {
    const reader = chain('reader', [null, 3, 2], [['lstm', 'LSTM', { units: 2, activation: 'sigmoid' }]]);
    const taker = chain('taker', [null, 2], [['d', 'Dense', { units: 3 }]]);
    const document = sketch(
      [input('x', [3, 2]), model('a', reader, { linearEnd: true }), model('b', taker), output('y')],
      ['x a', 'a b', 'b y'],
    );
    const network = sound(compileSketch(document, [reader, taker]));
    expect(network.layers[0]?.config.activation).toBe('sigmoid');
    const kept = { ...document, nodes: { ...document.nodes, a: model('a', reader) } };
    expect(codes(compileSketch(kept, [reader, taker]))).not.toContain('wire/probabilities-flow-on');
  });

  it('gives a tapped layer as an extra output', () => {
    const document = sketch(
      [
        input('x', [16]),
        model('a', mlp, { taps: ['hidden'] }),
        layer('h', 'Dense'),
        output('y'),
        output('z'),
      ],
      ['x a', 'a.tap:hidden h', 'a y', 'h z'],
    );
    const result = compileSketch(document, [mlp]);
    sound(result);
    expect(result.nodes.get('a')?.outputs.map(({ port, shape }) => [port, shape])).toEqual([
      ['out0', [null, 10]],
      ['tap:hidden', [null, 12]],
    ]);
  });
});

describe('kinds of values', () => {
  const words = chain(
    'words',
    [null, 5],
    [
      ['embed', 'Embedding', { input_dim: 20, output_dim: 4 }],
      ['pool', 'GlobalAveragePooling1D'],
    ],
  );

  it('reports floats that flow into an Embedding and turns the input into whole numbers', () => {
    const document = sketch([input('x', [5]), model('w', words), output('y')], ['x w', 'w y']);
    const result = compileSketch(document, [words]);
    const mistake = only(result, 'wire/floats-into-tokens');
    expect(mistake.message).toContain('looks up whole numbers');
    sound(compileSketch(fixed(document, mistake, 'Make x whole numbers'), [words]));
  });

  it('reports tokens that flow into a network of floats, also through a Reshape', () => {
    const document = sketch(
      [
        input('x', [4, 4], { dtype: 'int32' }),
        layer('r', 'Reshape', { target_shape: [16] }),
        model('m', mlp),
        output('y'),
      ],
      ['x r', 'r m', 'm y'],
    );
    const mistake = only(compileSketch(document, [mlp]), 'wire/tokens-into-floats');
    expect(mistake.subject).toEqual({ kind: 'wire', wire: 'wire-2' });
  });
});

describe('mistakes', () => {
  it('names the nodes of a circle once and offers to remove each wire', () => {
    const document = sketch(
      [
        input('x', [4]),
        layer('a', 'Add'),
        layer('b', 'Dense', { units: 4 }),
        layer('c', 'Dense', { units: 4 }),
        output('y'),
      ],
      ['x a.in0', 'a b', 'b c', 'c a.in1', 'c y'],
    );
    const result = compileSketch(document);
    expect(codes(result)).toEqual(['graph/circle']);
    const circle = only(result, 'graph/circle');
    expect(circle.fixes).toHaveLength(3);
    for (const fix of circle.fixes)
      expect(codes(compileSketch(fix.edit(document)))).not.toContain('graph/circle');
  });

  it('says which input of a model is missing and adds one', () => {
    const document = sketch([model('a', cnn), output('y')], ['a y']);
    const missing = only(compileSketch(document, [cnn]), 'input/missing');
    sound(compileSketch(fixed(document, missing, 'Add Input 8 × 8 × 1'), [cnn]));
  });

  it('lets a model with an unknown layer be cut before it, and started after it', () => {
    const odd = chain(
      'odd',
      [null, 4],
      [
        ['d1', 'Dense', { units: 3 }],
        ['magic', 'Lambda', { function: 'lambda x: x' }],
        ['d2', 'Dense', { units: 2 }],
      ],
    );
    const document = sketch([input('x', [4]), model('m', odd), output('y')], ['x m', 'm y']);
    const unknown = only(compileSketch(document, [odd]), 'model/unknown-layer');
    expect(unknown.message).toContain("'magic' is a Lambda");
    const network = sound(compileSketch(fixed(document, unknown, 'Cut before magic'), [odd]));
    expect(network.layers.map(({ name }) => name)).toEqual(['m_d1']);
  });

  it('reports a cut at a layer that is gone, a missing model and a lost port', () => {
    const gone = sketch([input('x', [16]), model('m', mlp, { end: 'nowhere' }), output('y')], ['x m', 'm y']);
    expect(codes(compileSketch(gone, [mlp]))).toEqual(['model/cut-impossible']);
    expect(codes(compileSketch(gone, []))).toEqual(['model/missing']);
    const port = sketch([input('x', [16]), model('m', mlp), output('y')], ['x m', 'm.tap:hidden y']);
    expect(codes(compileSketch(port, [mlp]))).toContain('wire/no-such-port');
  });

  it('reports a model that is to be frozen up to a layer that is gone: all of it would train', () => {
    const freeze = { kind: 'upTo', call: 'nowhere' } as const;
    const document = sketch([input('x', [16]), model('m', mlp, { freeze }), output('y')], ['x m', 'm y']);
    const gone = only(compileSketch(document, [mlp]), 'model/freeze-impossible');
    expect(codes(compileSketch(fixed(document, gone, 'Freeze all of it'), [mlp]))).toEqual([
      'training/nothing-trainable',
    ]);
  });

  it('takes branches in their order across a gap, and one wire at each input', () => {
    const gap = sketch(
      [
        ...['x', 'w', 'v'].map(id => input(id, [3])),
        layer('m', 'Concatenate'),
        output('y', { loss: 'mean_squared_error' }),
      ],
      ['x m.in3', 'w m.in1', 'v m.in0', 'm y'],
    );
    const network = sound(compileSketch(gap));
    expect(network.calls[0]?.inputs).toEqual([{ input: 'v' }, { input: 'w' }, { input: 'x' }]);
    const twice = sketch([input('x', [3]), input('w', [3]), layer('d', 'Dense'), output('y')], []);
    const wired = sketch(Object.values(twice.nodes), ['x d', 'w d', 'd y']);
    const second = only(compileSketch(wired), 'wire/no-such-port');
    expect(codes(compileSketch(fixed(wired, second, 'Remove the wire')))).not.toContain('wire/no-such-port');
  });

  it('says that losses of weight 0 teach nothing, and not that all is frozen', () => {
    const document = sketch(
      [input('x', [3]), layer('d', 'Dense'), output('y', { loss: 'mean_squared_error', lossWeight: 0 })],
      ['x d', 'd y'],
    );
    const nothing = only(compileSketch(document), 'training/nothing-trainable');
    expect(nothing.message).toContain('weight');
    expect(codes(compileSketch(fixed(document, nothing, 'Give y the weight 1')))).toEqual([]);
  });

  it('tells apart two classes by one value or by two, and one class not at all', () => {
    const columns = [
      { name: 'profile', rowShape: [16], classes: null },
      { name: 'even', rowShape: [], classes: 2 },
      { name: 'same', rowShape: [], classes: 1 },
    ];
    const classify = (units: number, activation: string, loss: LossKind, column = 'even') =>
      sketch(
        [
          input('x', [16], { column: 'profile' }),
          layer('d', 'Dense', { units, activation }),
          output('y', { column, loss }),
        ],
        ['x d', 'd y'],
      );
    const two = classify(2, 'softmax', 'binary_crossentropy');
    const wide = only(compileSketch(two, [], columns), 'output/unsuited-shape');
    const widened = fixed(two, wide, 'Use sparse_categorical_crossentropy');
    expect(codes(compileSketch(widened, [], columns))).toEqual([]);
    const one = classify(1, 'sigmoid', 'categorical_crossentropy');
    const narrow = only(compileSketch(one, [], columns), 'output/unsuited-shape');
    const narrowed = fixed(one, narrow, 'Use binary_crossentropy');
    expect(codes(compileSketch(narrowed, [], columns))).toEqual([]);
    const single = classify(1, 'sigmoid', 'binary_crossentropy', 'same');
    expect(codes(compileSketch(single, [], columns))).toEqual(['output/unsuited-loss']);
  });

  it('feeds no input from a column of classes', () => {
    const columns = [{ name: 'digit', rowShape: [], classes: 10 }];
    const document = sketch(
      [
        input('x', [], { column: 'digit', dtype: 'int32' }),
        layer('e', 'Embedding'),
        layer('d', 'Dense', { units: 10, activation: 'softmax' }),
        output('y', { column: 'digit' }),
      ],
      ['x e', 'e d', 'd y'],
    );
    expect(codes(compileSketch(document, [], columns))).toEqual(['data/column-of-classes']);
  });

  it('asks for an output and adds it', () => {
    const document = sketch([input('x', [16]), model('m', mlp)], ['x m']);
    const absent = only(compileSketch(document, [mlp]), 'document/no-output');
    sound(compileSketch(fixed(document, absent, 'Add Output after m'), [mlp]));
  });

  it('warns of the softmax of one value, which is always 1', () => {
    const document = sketch(
      [
        input('x', [16]),
        layer('d', 'Dense', { units: 1, activation: 'softmax' }),
        output('y', { loss: 'binary_crossentropy' }),
      ],
      ['x d', 'd y'],
    );
    const warning = only(compileSketch(document), 'output/always-one');
    expect(codes(compileSketch(fixed(document, warning, 'Use sigmoid')))).toEqual([]);
  });

  it('warns of a cross-entropy on raw scores', () => {
    const document = sketch(
      [input('x', [16]), layer('d', 'Dense', { units: 10 }), output('y')],
      ['x d', 'd y'],
    );
    const warning = only(compileSketch(document), 'output/not-probabilities');
    expect(codes(compileSketch(fixed(document, warning, 'Use softmax')))).toEqual([]);
  });

  it('tells logits from probabilities, and offers a way out on either side', () => {
    const trained = (activation: string, fromLogits: boolean) =>
      sketch(
        [
          input('x', [16]),
          layer('d', 'Dense', { units: 10, activation }),
          output('y', { loss: makeLoss('sparse_categorical_crossentropy', { fromLogits }) }),
        ],
        ['x d', 'd y'],
      );
    const scores = trained('linear', false);
    const unsure = only(compileSketch(scores), 'output/not-probabilities');
    expect(codes(compileSketch(fixed(scores, unsure, 'Train from logits')))).toEqual([]);
    const twice = trained('softmax', true);
    const squeezed = only(compileSketch(twice), 'output/not-logits');
    expect(codes(compileSketch(fixed(twice, squeezed, 'Use linear')))).toEqual([]);
    expect(codes(compileSketch(fixed(twice, squeezed, 'Train from probabilities')))).toEqual([]);
    expect(codes(compileSketch(trained('linear', true)))).toEqual([]);
    expect(codes(compileSketch(trained('softmax', false)))).toEqual([]);
  });

  it('tells them apart at the end of a model too', () => {
    const ended = (linearEnd: boolean, fromLogits: boolean) =>
      sketch(
        [
          input('x', [16]),
          model('m', mlp, { linearEnd, freeze: { kind: 'none' } }),
          output('y', { loss: makeLoss('sparse_categorical_crossentropy', { fromLogits }) }),
        ],
        ['x m', 'm y'],
      );
    const twice = ended(false, true);
    const squeezed = only(compileSketch(twice, [mlp]), 'output/not-logits');
    expect(codes(compileSketch(fixed(twice, squeezed, 'Drop the last softmax'), [mlp]))).toEqual([]);
    const scores = ended(true, false);
    const unsure = only(compileSketch(scores, [mlp]), 'output/not-probabilities');
    expect(codes(compileSketch(fixed(scores, unsure, 'Keep the last softmax'), [mlp]))).toEqual([]);
    expect(codes(compileSketch(fixed(scores, unsure, 'Train from logits'), [mlp]))).toEqual([]);
  });

  it('takes classes and numbers where a loss does', () => {
    const columns = [
      { name: 'labels', rowShape: [3], classes: null },
      { name: 'even', rowShape: [], classes: 2 },
      { name: 'digit', rowShape: [], classes: 10 },
    ];
    const found = (column: string, loss: LossKind, units: number) =>
      codes(
        compileSketch(
          sketch(
            [
              input('x', [3], { column: 'labels' }),
              layer('d', 'Dense', { units, activation: loss === 'kl_divergence' ? 'softmax' : 'sigmoid' }),
              output('y', { column, loss }),
            ],
            ['x d', 'd y'],
          ),
          [],
          columns,
        ),
      );
    expect(found('labels', 'binary_crossentropy', 3)).toEqual([]);
    expect(found('labels', 'kl_divergence', 3)).toEqual([]);
    expect(found('even', 'hinge', 1)).toEqual([]);
    expect(found('digit', 'categorical_hinge', 10)).toEqual([]);
    expect(found('digit', 'hinge', 10)).toEqual(['output/unsuited-loss']);
    expect(found('digit', 'poisson', 10)).toEqual(['output/unsuited-loss']);
    expect(found('labels', 'categorical_crossentropy', 3)).toEqual(['output/unsuited-loss']);
  });

  it('compares with the columns of the data', () => {
    const columns = [
      { name: 'profile', rowShape: [16], classes: null },
      { name: 'digit', rowShape: [], classes: 10 },
    ];
    const document = sketch(
      [
        input('x', [8, 8], { column: 'profile' }),
        layer('f', 'Flatten'),
        layer('d', 'Dense', { units: 7, activation: 'softmax' }),
        output('y', { column: 'digit' }),
      ],
      ['x f', 'f d', 'd y'],
    );
    const result = compileSketch(document, [], columns);
    expect(codes(result)).toEqual(['output/unsuited-shape', 'input/column-differs']);
    expect(only(result, 'output/unsuited-shape').fixes[0]?.label).toBe('Add Dense 10');
    expect(result.wires.get('wire-3')).toEqual({ shape: [null, 7], wanted: [null, 10] });
    const loss = sketch(
      [
        input('x', [16], { column: 'profile' }),
        layer('d', 'Dense', { units: 10 }),
        output('y', { column: 'digit', loss: 'huber' }),
      ],
      ['x d', 'd y'],
    );
    expect(codes(compileSketch(loss, [], columns))).toEqual(['output/unsuited-loss']);
  });
});

it('never throws and never breaks an invariant, whatever is wired to whatever', () => {
  const seed = 20261122;
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const item = list[random.below(list.length)];
    if (item === undefined) throw new Error('Nothing to pick from');
    return item;
  };
  const ports = ['in0', 'in1', 'in2', 'in3', 'out0', 'out1', 'tap:hidden', 'nonsense'];
  const makers: readonly ((id: string) => GraphNode)[] = [
    id => input(id, pick([[16], [8, 8, 1], [null, 3], []])),
    id =>
      model(id, pick([cnn, mlp]), {
        end: pick([null, 'features', 'hidden']),
        linearEnd: pick([true, false]),
      }),
    id => model(id, mlp, { start: pick([null, 'hidden', 'scores']), sharesWith: pick([null, 'n0', 'n1']) }),
    id => layer(id, pick(['Add', 'Concatenate', 'Dense', 'Flatten', 'LSTM', 'Conv2D', 'Nonsense', 'Dot'])),
    id => layer(id, 'Reshape', { target_shape: pick([[4, 4], [16], [-1, 2], 'x']) }),
    id => output(id),
  ];
  for (let round = 0; round < 400; round++) {
    const nodes = Array.from({ length: 1 + random.below(7) }, (_, index) => pick(makers)(`n${index}`));
    const wires = Array.from(
      { length: random.below(10) },
      () => `${pick(nodes).id}.${pick(ports)} ${pick(nodes).id}.${pick(ports)}`,
    );
    const tied = () => ({ node: pick(nodes).id, layer: pick(['conv', 'hidden', 'scores', 'nothing']) });
    const ties = Array.from({ length: random.below(3) }, () => ({
      layers: Array.from({ length: random.below(4) }, tied),
      start: pick([{ kind: 'average' } as const, { kind: 'of', node: pick(nodes).id } as const]),
    }));
    const document = { ...sketch(nodes, wires), ties };
    const what = `seed ${seed}, round ${round}: ${JSON.stringify(wires)}`;
    const result = compileSketch(document, [cnn, mlp]);
    expect(result.network === null ? [] : findBrokenInvariants(result.network), what).toEqual([]);
    // Every fix is an edit that leaves a document which compiles, too.
    for (const { fixes } of result.diagnostics)
      for (const fix of fixes) compileSketch(fix.edit(document), [cnn, mlp]);
  }
}, 30_000);
