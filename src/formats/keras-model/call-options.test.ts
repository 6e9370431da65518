import { expect, it } from 'vitest';
import { createNotes } from '../notes';
import { readCallOptions } from './call-options';
import { readNode } from './nodes';

const tensor = (layer: string) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 4, 5], dtype: 'float32', keras_history: [layer, 0, 0] },
});

/** As Keras 3.15 writes `MultiHeadAttention(2, 3)(a, b, use_causal_mask=True, return_attention_scores=True)`. */
const causal = {
  args: [tensor('a'), tensor('b')],
  kwargs: { use_causal_mask: true, return_attention_scores: true },
};

it('reads what the calls of a layer say of what it computes', () => {
  const notes = createNotes();
  const options = { use_causal_mask: true, return_attention_scores: true };
  expect(readCallOptions([causal], 'mha', notes)).toEqual(options);
  expect(readCallOptions([causal, causal], 'mha', notes)).toEqual(options);
  expect(readCallOptions([[['a', 0, 0, { use_causal_mask: true }]]], 'mha', notes)).toEqual({
    use_causal_mask: true,
  });
  expect(readCallOptions(undefined, 'mha', notes)).toEqual({});
  expect(notes.sentences('left-out')).toEqual([]);
});

it('notes where the calls of one layer differ', () => {
  const notes = createNotes();
  const plain = { args: causal.args, kwargs: { return_attention_scores: true } };
  expect(readCallOptions([causal, plain], 'mha', notes)).toEqual({ return_attention_scores: true });
  expect(notes.sentences('left-out')).toEqual([
    'Arguments in which the calls of one layer differ: use_causal_mask of mha.',
  ]);
});

it('takes query, value and key in their order, however they are written, and leaves out masks', () => {
  const notes = createNotes();
  const context = { dialect: 'keras3', notes, path: ['model'] } as const;
  const kwargs = { key: tensor('k'), attention_mask: tensor('m'), value: tensor('v'), use_causal_mask: true };
  const refs = readNode({ args: [tensor('q')], kwargs }, { layer: 'mha', argumentsRead: false }, context);
  expect(refs.map(({ layer }) => layer)).toEqual(['q', 'v', 'k']);
  expect(notes.sentences('left-out')).toEqual([expect.stringMatching(/^The masks that are handed to .*mha/)]);
});

/** `LSTM(3)(x, initial_state=[h, c])`. */
it('takes the states that a recurrent layer begins with as its further inputs', () => {
  const context = { dialect: 'keras3', notes: createNotes(), path: ['model'] } as const;
  const node = { args: [tensor('x')], kwargs: { initial_state: [tensor('h'), tensor('c')] } };
  const refs = readNode(node, { layer: 'lstm', argumentsRead: false }, context);
  expect(refs.map(({ layer }) => layer)).toEqual(['x', 'h', 'c']);
});
