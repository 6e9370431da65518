/** What is written as a literal or comment stays one, whatever the text holds: nothing that a file says becomes code. */
import { expect, test } from 'vitest';
import { createRandom } from '../../base/random';
import { createJavaScriptVariables, toJavaScript } from './javascript';
import { inComment, quote } from './text';

const HOSTILE = [
  `it's "quoted" \\`,
  'a\nb\r\nc\td\u0000',
  'line\u2028separator\u2029',
  '*/ alert(1) /*',
  '`$' + '{alert(1)}`',
  '\u202Eevil\u2066',
  '"""\nimport os\n"""',
  'Zürich 数字 🎈 \ud800',
  '__proto__',
];

test.each(HOSTILE)('%j comes back from a literal as it was', text => {
  for (const mark of ['"', "'"] as const) expect(new Function(`return ${quote(text, mark)}`)()).toBe(text);
  const value = { [text]: [text, { inner: text }] };
  const back = new Function(`return ${toJavaScript(value)}`)();
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  expect(Object.entries(back)).toEqual(Object.entries(value));
  expect(new Function(`// ${inComment(text)}\nreturn 7`)()).toBe(7);
  expect(inComment(text)).not.toMatch(/[\r\n\u2028\u2029\u202e\u2066]/);
});

test('literals of any characters come back', () => {
  const random = createRandom(3);
  for (let round = 0; round < 300; round++) {
    const units = Array.from({ length: 12 }, () => random.below(0x10000));
    const text = String.fromCharCode(...units);
    expect(new Function(`return ${quote(text, "'")}`)(), JSON.stringify(units)).toBe(text);
  }
});

test('variables are new words of the language', () => {
  const variable = createJavaScriptVariables(['tf']);
  const wanted = ['class', 'tf', 'a-b', 'a b', '1st', '数字', 'Image', 'image'];
  expect(wanted.map(variable)).toEqual([
    'class_2',
    'tf_2',
    'aB',
    'aB_2',
    'layer1st',
    'layer',
    'image',
    'image_2',
  ]);
});
