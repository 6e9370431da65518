import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CATEGORIES } from './layer-type';
import { ACTIVATIONS } from './params';
import { LAYER_TYPES } from './table';

const text = readFileSync('docs/layers.md', 'utf8');
const [computed = '', missing = ''] = text.split('## Not computed');

describe('docs/layers.md', () => {
  test.each(CATEGORIES.map(category => [category]))('lists the types of %s', category => {
    const types = LAYER_TYPES.filter(type => type.category === category);
    const words = types.map(({ type, tfjs }) => (tfjs === null ? `${type}*` : type));
    expect(computed).toContain(`**${category}.** ${words.join(', ')}\n`);
  });

  test('names no computed layer among those that aren’t', () => {
    const [table = ''] = missing.split('Options that');
    const named = table.match(/\b[A-Z][A-Za-z0-9]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(30);
    const types = new Set(LAYER_TYPES.map(({ type }) => type));
    expect(named.filter(name => types.has(name))).toEqual([]);
  });

  test('names every activation', () => {
    for (const name of ACTIVATIONS) expect(computed).toMatch(new RegExp(`\\b${name}\\b`));
  });
});
