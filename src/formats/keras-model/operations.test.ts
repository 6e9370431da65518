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
    settings: { name: 's', x1: 2, x2: null },
    isWhole: true,
    isNothing: false,
  });
  expect(read([tensor('x'), 2])).toMatchObject({ settings: { x1: null, x2: 2 } });
  expect(read([tensor('x'), tensor('y')])).toMatchObject({ className: 'Subtract', isWhole: true });
});

test('settings come by name too, and what Graft can’t read as one is said to be missing', () => {
  expect(
    readOperation('Power', { name: 'p' }, call([], { x1: tensor('x'), x2: 3 }), 'keras3')?.settings,
  ).toEqual({ name: 'p', x1: null, x2: 3 });
  const slice = { class_name: '__slice__', config: { start: null, stop: null, step: null } };
  const item = (key: Json) => readOperation('GetItem', { name: 'g' }, call([tensor('x'), key]), 'keras3');
  expect(item([slice, -1])).toMatchObject({ settings: { key: ':, -1' }, isWhole: true });
  expect(item([slice, 0.5])).toMatchObject({ isWhole: false });
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

test('casts among floats do nothing here', () => {
  const cast = (from: string, dtype: string) => {
    const input: Json = {
      class_name: '__keras_tensor__',
      config: { dtype: from, keras_history: ['x', 0, 0] },
    };
    return readOperation('Cast', { name: 'c', dtype }, call([input]), 'keras3');
  };
  expect(cast('float32', 'bfloat16')).toMatchObject({ isNothing: true, settings: { dtype: 'float32' } });
  expect(cast('int32', 'float16')).toMatchObject({ isNothing: false, settings: { dtype: 'float32' } });
  expect(cast('float32', 'int64')).toMatchObject({ isNothing: false, settings: { dtype: 'int32' } });
});

test('TensorFlow’s functions in files of Keras 2 are operations, where all of their arguments are known', () => {
  const read = (name: string, kwargs: JsonObject, first: Json = ['x', 0, 0]) =>
    readOperation(
      'TFOpLambda',
      { name: 'f', trainable: true, dtype: 'float32', function: name },
      [[...(first as Json[]), { ...kwargs, name: null }]],
      'keras2',
    );
  expect(read('math.subtract', { y: ['x', 0, 0] }, ['_CONSTANT_VALUE', -1, 2])).toMatchObject({
    className: 'ops.Subtract',
    settings: { x1: 2, x2: null },
  });
  expect(read('__operators__.add', { y: ['z', 0, 0] })).toMatchObject({ className: 'Add', settings: {} });
  // TensorFlow’s own default, where Keras has another.
  expect(read('nn.gelu', {})?.settings).toEqual({ approximate: false });
  expect(read('linalg.matmul', { b: ['z', 0, 0], transpose_a: false })?.className).toBe('ops.Matmul');
  expect(read('linalg.matmul', { b: ['z', 0, 0], transpose_a: true })).toBeNull();
  expect(read('image.resize', { size: [2, 2] })).toBeNull();
  expect(read('keras.activations.relu', { max_value: 6 })).toBeNull();
});
