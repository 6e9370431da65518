import { expect, test } from 'vitest';
import { highlight } from './highlight';

const kinds = (text: string, language: 'python' | 'javascript') =>
  highlight(text, language)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text: piece }) => `${kind} ${piece}`);

test('finds what is coloured, and loses nothing', () => {
  const python = 'from keras import layers  # "not a string"\nx = layers.Dense(units=3, name="a # b")(y_2)\n';
  expect(kinds(python, 'python')).toEqual([
    'keyword from',
    'keyword import',
    'comment # "not a string"',
    'number 3',
    'string "a # b"',
  ]);
  const tokens = highlight(python, 'python');
  expect(tokens.map(({ text }) => text).join('')).toBe(python);
  const code = "const x = tf.layers.dense({units: 1e-7, name: 'it\\'s // no'}).apply(y); // yes";
  expect(kinds(code, 'javascript')).toEqual([
    'keyword const',
    'number 1e-7',
    "string 'it\\'s // no'",
    'comment // yes',
  ]);
});
