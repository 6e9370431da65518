import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function declarations(after: string): string[] {
  const start = css.indexOf('{', css.indexOf(after));
  return css
    .slice(start + 1, css.indexOf('}', start))
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
}

test('dark is the same whether the system or the person asks for it', () => {
  expect(declarations(':root[data-theme="dark"]')).toEqual(declarations(':root:not([data-theme="light"])'));
});

test('every colour of dark is one of light', () => {
  const names = (lines: string[]) => lines.map(line => line.split(':')[0]);
  expect(names(declarations(':root {'))).toEqual(
    expect.arrayContaining(names(declarations(':root[data-theme="dark"]'))),
  );
});
