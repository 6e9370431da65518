import { describe, expect, it } from 'vitest';
import type { ModelNode, ProjectDocument } from '../graph/document';
import { removeNodes } from '../graph/edits';
import { findBrokenInvariants } from '../network/invariants';
import type { Config, Network } from '../network/network';
import type { CompileResult } from './result';
import { chain, codes, compileSketch, input, layer, model, output, sketch } from './sketch';

type Layers = readonly (readonly [string, string, Config?])[];
const BASE: Layers = [
  ['conv', 'Conv2D', { filters: 3, kernel_size: [3, 3], activation: 'relu' }],
  ['norm', 'BatchNormalization'],
  ['pool', 'GlobalAveragePooling2D'],
];
const image = [null, 8, 8, 1];

/** BASE with weights of `seed`, and a head of its own behind it; its layers and its input named as Keras might. */
function fineTuned(name: string, units: number, seed: number): Network {
  const whole = chain(name, image, [...BASE, ['head', 'Dense', { units, activation: 'softmax' }]], seed);
  const rename = (text: string) => `${text}_${name}`;
  return {
    ...whole,
    inputs: whole.inputs.map(each => ({ ...each, name: rename(each.name) })),
    layers: whole.layers.map(each => ({ ...each, name: rename(each.name) })),
    calls: whole.calls.map(call => ({
      id: rename(call.id),
      layer: rename(call.layer),
      inputs: call.inputs.map(ref =>
        'input' in ref ? { input: rename(ref.input) } : { ...ref, call: rename(ref.call) },
      ),
    })),
    outputs: whole.outputs.map(each => ({
      ...each,
      from: 'call' in each.from ? { ...each.from, call: rename(each.from.call) } : each.from,
    })),
  };
}

const one = fineTuned('one', 4, 1);
/** The base is drawn from the same seed, so it is the same; the head has another size. */
const two = fineTuned('two', 5, 1);
const stranger = fineTuned('stranger', 5, 2);

function joined(a: Partial<ModelNode>, b: Partial<ModelNode>, network: Network = two): ProjectDocument {
  return sketch(
    [
      input('image', [8, 8, 1]),
      model('a', one, a),
      model('b', network, b),
      layer('join', 'Concatenate'),
      layer('dense', 'Dense', { units: 3, activation: 'softmax' }),
      output('y'),
    ],
    ['image a', 'image b', 'a join.in0', 'b join.in1', 'join dense', 'dense y'],
  );
}

function hintOf(result: CompileResult) {
  return result.diagnostics.find(({ code }) => code === 'model/shared-base');
}

function useOnce(document: ProjectDocument): ProjectDocument {
  const hint = hintOf(compileSketch(document, [one, two, stranger]));
  const [fix] = hint?.fixes ?? [];
  if (fix === undefined) throw new Error('No base was found');
  return fix.edit(document);
}

function sound(document: ProjectDocument): Network {
  const result = compileSketch(document, [one, two, stranger]);
  expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (result.network === null) throw new Error('There is no network');
  expect(findBrokenInvariants(result.network)).toEqual([]);
  return result.network;
}

describe('two fine-tunings of one base', () => {
  const document = joined({}, {});

  it('are hinted at, up to the right layer, though nothing is called the same', () => {
    const hint = hintOf(compileSketch(document, [one, two]));
    expect(hint?.severity).toBe('hint');
    expect(hint?.subject).toEqual({ kind: 'node', node: 'b' });
    expect(hint?.message).toContain("the same 2 layers with weights ('conv_one' to 'norm_one') as a");
    expect(hint?.message).toContain('42 parameters');
  });

  it('compute the base once after the fix, and the hint is gone', () => {
    const fixed = useOnce(document);
    expect(fixed.nodes.a).toMatchObject({ taps: ['pool_one'] });
    expect(fixed.nodes.b).toMatchObject({ start: 'pool_two' });
    const network = sound(fixed);
    expect(network.layers.filter(({ type }) => type === 'Conv2D')).toHaveLength(1);
    expect(network.layers.map(({ name }) => name)).not.toContain('b_conv_two');
    expect(codes(compileSketch(fixed, [one, two]))).not.toContain('model/shared-base');
  });

  it('take the output of a model that is cut there as it is', () => {
    const cut = joined({ end: 'pool_one' }, {});
    const fixed = useOnce(cut);
    expect(fixed.nodes.a).toMatchObject({ taps: [] });
    expect(Object.values(fixed.wires).filter(({ to }) => to.node === 'b')).toMatchObject([
      { from: { node: 'a', port: 'out0' } },
    ]);
    sound(fixed);
  });

  it('need only one of them where the other is all base', () => {
    const fixed = useOnce(joined({}, { end: 'pool_two' }));
    expect(fixed.nodes.b).toBeUndefined();
    const network = sound(fixed);
    expect(network.layers.filter(({ type }) => type === 'Conv2D')).toHaveLength(1);
  });

  it('carry the taps within the base over', () => {
    const document = sketch(
      [
        ...Object.values(joined({}, { taps: ['conv_two', 'pool_two'] }).nodes),
        layer('flat', 'Flatten'),
        output('z'),
      ],
      [
        'image a',
        'image b',
        'a join.in0',
        'b join.in1',
        'join dense',
        'dense y',
        'b.tap:conv_two flat',
        'flat z',
      ],
    );
    const fixed = useOnce(document);
    expect(fixed.nodes.b).toMatchObject({ taps: [], start: 'pool_two' });
    expect(Object.values(fixed.wires).find(({ to }) => to.node === 'flat')?.from).toEqual({
      node: 'a',
      port: 'tap:conv_one',
    });
    sound(fixed);
  });

  it('leave a last activation that only one of them drops to that one', () => {
    const again = { ...one, name: 'again' };
    const document = sketch(
      Object.values({ ...joined({}, {}).nodes, b: model('b', again, { linearEnd: true }) }),
      ['image a', 'image b', 'a join.in0', 'b join.in1', 'join dense', 'dense y'],
    );
    const [fix] = hintOf(compileSketch(document, [one, again]))?.fixes ?? [];
    const fixed = fix?.edit(document);
    expect(fixed?.nodes.b).toMatchObject({ start: 'pool_one', linearEnd: true });
  });

  it('say so where freezing would follow the other one', () => {
    const hint = hintOf(compileSketch(joined({}, { freeze: { kind: 'none' } }), [one, two]));
    expect(hint?.message).toContain('It is then frozen or trained as a says.');
    expect(hintOf(compileSketch(document, [one, two]))?.message).not.toContain('frozen');
  });
});

it('needs no second model where the whole of it is the same', () => {
  const again = { ...one, name: 'again' };
  const document = sketch(Object.values({ ...joined({}, {}).nodes, b: model('b', again) }), [
    'image a',
    'image b',
    'a join.in0',
    'b join.in1',
    'join dense',
    'dense y',
  ]);
  const hint = hintOf(compileSketch(document, [one, again]));
  expect(hint?.message).toContain('b has nothing else');
  const fixed = hint?.fixes[0]?.edit(document);
  expect(fixed?.nodes.b).toBeUndefined();
  expect(Object.values(fixed?.wires ?? {}).filter(({ to }) => to.node === 'join')).toMatchObject([
    { from: { node: 'a', port: 'out0' } },
    { from: { node: 'a', port: 'out0' } },
  ]);
});

describe('no base is found', () => {
  it('where models are only of the same shapes', () => {
    expect(codes(compileSketch(joined({}, {}, stranger), [one, stranger]))).not.toContain(
      'model/shared-base',
    );
  });

  it('where they see different data', () => {
    const document = sketch(
      [
        ...Object.values(joined({}, {}).nodes).filter(({ id }) => id !== 'image'),
        input('left', [8, 8, 1]),
        input('right', [8, 8, 1]),
      ],
      ['left a', 'right b', 'a join.in0', 'b join.in1', 'join dense', 'dense y'],
    );
    expect(codes(compileSketch(document, [one, two]))).not.toContain('model/shared-base');
  });

  it('where one of them leads to no output', () => {
    const document = removeNodes(['join'])(joined({}, {}));
    expect(codes(compileSketch(document, [one, two]))).not.toContain('model/shared-base');
  });
});
