/** What the Python looks like; that it is right is asked of Keras itself, by `scripts/keras/code.mjs`. */
import { expect, test } from 'vitest';
import { makeLoss, makeMetric } from '../../graph/objectives';
import { lookUpLayer } from '../../layers/table';
import { draw, mixedNetworks } from '../../layers/testing/networks';
import type { Network } from '../../network/network';
import { makeHead, makePhase, makePlan } from '../code/testing/plans';
import { writePythonScript } from './write-script';
import type { PythonTraining } from './write-training';

const write = (network: Network, training: PythonTraining | null = null) =>
  writePythonScript({ network, folder: 'digits', training }, lookUpLayer);

/** From the first line with this to the last line that isn't empty before the second. */
const between = (code: string, from: string, to: string) =>
  code.slice(code.indexOf(from), code.indexOf(to)).trimEnd().split('\n');

test('one statement a call, what is shared once, and only what Keras does not assume', () => {
  const draft = draw('Twins');
  const [left, right] = [draft.input('Left eye', [null, 6, 3]), draft.input('right', [null, 6, 3])];
  const read = draft.layer('read', 'Bidirectional', { layer: { class_name: 'LSTM', config: { units: 4 } } });
  const [a, b] = [draft.call(read, left), draft.call(read, right)];
  const drop = draft.call(draft.layer('drop', 'Dropout', { rate: 0.5 }, false), b);
  const regular = { kernel_regularizer: { class_name: 'L2', config: {} } };
  const join = draft.call(draft.layer('join', 'Add', {}), a, drop);
  draft.output('y', draft.call(draft.layer('y', 'Dense', { units: 2, ...regular }, false), join));
  expect(between(write(draft.finish()), '# Twins', 'def load_weights')).toEqual([
    '# Twins',
    'left_eye = keras.Input(shape=(6, 3), name="Left eye")',
    'right = keras.Input(shape=(6, 3), name="right")',
    '',
    'read = layers.Bidirectional(layer=layers.LSTM(units=4), name="read")',
    'read_out = read(left_eye)',
    'read_out_2 = read(right)',
    'drop = layers.Dropout(rate=0.5, name="drop")(read_out_2)',
    'join = layers.Add(name="join")([read_out, drop])',
    'y = layers.Dense(units=2, kernel_regularizer=keras.regularizers.L2(0.01), trainable=False, name="y")(join)',
    '',
    'model = keras.Model(inputs=[left_eye, right], outputs=y, name="Twins")',
    'for name in ["drop"]:',
    '    freeze(model.get_layer(name))',
  ]);
});

test('training is a function of its own', () => {
  const draft = draw('Digits');
  const dense = draft.layer('digit', 'Dense', { units: 10, activation: 'softmax' });
  draft.output('digit', draft.call(dense, draft.input('image', [null, 64])));
  const network = draft.finish();
  const head = makeHead('digit', makeLoss('sparse_categorical_crossentropy'), [makeMetric('accuracy')]);
  const plan = makePlan(network, [head], { phases: [makePhase('adamw')], batchSize: 32, seed: 7 });
  const code = write(network, { ...plan, classes: [null] });
  expect(between(`${code}END`, 'def train', 'END')).toEqual([
    'def train(model, x, y, sample_weight=None):',
    '    # x: image (rows, 64)',
    '    # y: digit (the number of the class)',
    '    # Graft holds back as many rows, but others: as nearly as it can the same part of each class.',
    '    order = np.random.default_rng(7).permutation(len(x))',
    '    count = round(len(x) * 0.5)',
    '    held_back = take((x, y, sample_weight), order[:count])',
    '    x, y, sample_weight = take((x, y, sample_weight), order[count:])',
    '    model.compile(',
    '        optimizer=keras.optimizers.AdamW(learning_rate=0.001),',
    '        loss=keras.losses.SparseCategoricalCrossentropy(),',
    '        metrics=["accuracy"],',
    '    )',
    '    model.fit(x, y, batch_size=32, epochs=1, validation_data=held_back, sample_weight=sample_weight)',
  ]);
});

test('frees and freezes what changes, what acts in training by a function, and no dead end', () => {
  const draft = draw('Idle');
  const x = draft.call(draft.layer('drop', 'Dropout', { rate: 0.5 }), draft.input('x', [null, 4]));
  draft.output('y', draft.call(draft.layer('y', 'Dense', { units: 1 }), x));
  draft.output('z', draft.call(draft.layer('z', 'Dense', { units: 1 }, false), x));
  draft.call(draft.layer('nowhere', 'Dense', { units: 1 }), x);
  const network = draft.finish();
  const heads = [
    makeHead('y', makeLoss('hinge'), [makeMetric('f1_score')]),
    makeHead('z', makeLoss('hinge')),
  ];
  const phases = [makePhase(), makePhase()] as const;
  const plan = makePlan(network, heads, { phases, validationSplit: 0 }, [
    new Set('y'),
    new Set(['z', 'drop']),
  ]);
  const lines = write(network, { ...plan, classes: [null, null] }).split('\n');
  const [first, second] = [
    lines.indexOf('    # Phase 1: Training'),
    lines.indexOf('    # Phase 2: Training'),
  ];
  expect(lines.slice(first + 1, first + 3)).toEqual([
    '    for name in ["drop"]:',
    '        freeze(model.get_layer(name))',
  ]);
  expect(lines.slice(second + 1, second + 7)).toEqual([
    '    for name in ["y"]:',
    '        model.get_layer(name).trainable = False',
    '    for name in ["z"]:',
    '        model.get_layer(name).trainable = True',
    '    for name in ["drop"]:',
    '        freeze(model.get_layer(name), False)',
  ]);
  // The highest of one value would always be yes.
  expect(lines.join('')).toContain('F1Score(average="macro", threshold=0.5');
});

test('class weights stand by number, and a head that counts 0 is said', () => {
  const draft = draw('Weighed');
  const x = draft.input('x', [null, 4]);
  for (const [name, units] of [
    ['kind', 3],
    ['yes', 1],
  ] as const)
    draft.output(name, draft.call(draft.layer(name, 'Dense', { units }), x));
  const network = draft.finish();
  const kind = {
    ...makeHead('kind', makeLoss('sparse_categorical_crossentropy')),
    classWeights: { c: 0.25, a: 2 },
  };
  const yes = makeHead('yes', makeLoss('hinge'), [], 0);
  const classes = [['a', 'b', 'c'], null];
  const both = write(network, { ...makePlan(network, [kind, yes]), classes });
  expect(both).toContain('sample_weight = [own, own]');
  expect(both).toContain('sample_weight[0] = sample_weight[0] * weigh_classes(y[0], [2, 1, 0.25])');
  expect(both).toContain('# The loss of yes counts 0: what only it needs is frozen.');
  const one = { ...network, outputs: network.outputs.slice(0, 1) };
  const alone = write(one, { ...makePlan(one, [kind]), classes });
  expect(alone).toContain('def train(model, x, y):');
  expect(alone).toContain('class_weight={0: 2, 2: 0.25}');
  expect(write(one, { ...makePlan(one, [kind]), classes: [null] })).toContain(
    '# Graft weighs the classes of kind',
  );
});

test('says what is missing, and writes what does not need it', () => {
  const draft = draw('Part');
  const x = draft.input('x', [null, 4]);
  const known = draft.call(draft.layer('known', 'Dense', { units: 2 }), x);
  const odd = draft.call(draft.layer('odd', 'Mine\nimport os', { a: 1 }), known);
  draft.output('lost', draft.call(draft.layer('after', 'ReLU', {}), odd));
  draft.output('kept', known);
  expect(between(write(draft.finish()), 'known =', 'def load_weights')).toEqual([
    'known = layers.Dense(units=2, name="known")(x)',
    "# MISSING: odd is a Mine import os, which Graft doesn't know, so its code isn't here.",
    '# What needs its result is left out too. Add it where it says:',
    '# odd = odd(known)',
    '# after = after(odd) (a ReLU; needs odd)',
    '',
    '# The output lost needs what is missing above.',
    'model = keras.Model(inputs=x, outputs=known, name="Part")',
  ]);
});

test('no name reaches the two lines that may set a file’s encoding, nor leaves its line', () => {
  const hostile = mixedNetworks().find(({ name }) => name.includes('coding'));
  if (hostile === undefined) throw new Error('The network with hostile names is gone.');
  const code = write(hostile.network);
  expect(code.split('\n').slice(0, 2).join()).not.toMatch(/coding[:=]/);
  expect(code).not.toMatch(/^# coding/m);
});

test('what stands in square brackets is a slice or no code at all', () => {
  const draft = draw('Cut');
  const x = draft.input('x', [null, 3, 4]);
  draft.output('first', draft.call(draft.layer('first', 'ops.GetItem', { key: ':,0' }), x));
  draft.output('bad', draft.call(draft.layer('bad', 'ops.GetItem', { key: '0]; import os; x[0' }), x));
  const added = draft.layer('added', 'ops.Add', { x1: null, x2: [1, 2, 3, 4] });
  draft.output('added', draft.call(added, x));
  expect(between(write(draft.finish()), 'first =', 'model =')).toEqual([
    'first = x[:, 0]',
    'bad = x["0]; import os; x[0"]',
    'added = keras.ops.add(x, np.array((1, 2, 3, 4), "float32"))',
  ]);
});
