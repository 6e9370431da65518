import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json';
import { readOperation } from './operations';

const tensor = (layer: string): Json => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 4], dtype: 'float32', keras_history: [layer, 0, 0] },
});
const call = (args: Json[], kwargs: JsonObject = {}): Json => [{ args, kwargs }];

test('numbers before and after the tensor are told apart', () => {
  const read = (args: Json[]) => readOperation('Subtract', { name: 's' }, call(args), 'keras3');
  expect(read([2, tensor('x')])).toEqual({
    className: 'ops.Subtract',
    settings: { x1: 2, x2: null },
    isWhole: true,
  });
  expect(read([tensor('x'), 2])).toMatchObject({ settings: { x1: null, x2: 2 } });
  expect(read([tensor('x'), tensor('y')])).toEqual({ className: 'Subtract', settings: {}, isWhole: true });
});

test('settings come by name too, and what Graft can’t read as one is said to be missing', () => {
  expect(
    readOperation('Power', { name: 'p' }, call([], { x1: tensor('x'), x2: 3 }), 'keras3')?.settings,
  ).toEqual({ x1: null, x2: 3 });
  const slice = { class_name: '__slice__', config: { start: null, stop: null, step: null } };
  const item = (key: Json) => readOperation('GetItem', { name: 'g' }, call([tensor('x'), key]), 'keras3');
  expect(item([slice, -1])).toEqual({ className: 'ops.GetItem', settings: { key: ':, -1' }, isWhole: true });
  expect(item([slice, 0.5])).toEqual({ className: 'ops.GetItem', settings: {}, isWhole: false });
  const twice: Json = [...(call([tensor('x'), 1]) as Json[]), ...(call([tensor('x'), 2]) as Json[])];
  expect(readOperation('Add', { name: 'a' }, twice, 'keras3')?.isWhole).toBe(false);
});

test('layers and older files have no operations', () => {
  const layer = { name: 'a', trainable: true, dtype: 'float32' };
  expect(readOperation('Add', layer, call([[tensor('x'), tensor('y')]]), 'keras3')).toBeNull();
  expect(readOperation('Add', { name: 'a' }, [[['x', 0, 0, {}]]], 'keras2')).toBeNull();
  expect(readOperation('Cast', { name: 'c', dtype: 'int32' }, call([tensor('x')]), 'keras3')?.className).toBe(
    'ops.Cast',
  );
});
