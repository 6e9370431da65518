import { expect, test } from 'vitest';
import type { ImportReport } from '../../formats/protocol';
import { isQuiet, reportAsText } from './report-text';

const READ: ImportReport = {
  file: 'places.keras',
  format: 'Keras model (.keras)',
  writtenBy: 'Keras 3.10.0, 2025-06-01',
  found: ['12 layers, 4,096 parameters, 1 input, 1 output.', 'A licence: MIT.'],
  warnings: ["Some weights are no numbers (NaN) or infinite, in 'embedding/embeddings'."],
  repairs: [],
  leftOut: ['The state of the optimizer.'],
  refusal: null,
};

test('the text has everything that the report says, and no empty heading', () => {
  expect(reportAsText('places', READ)).toBe(`Import of places
File: places.keras
Format: Keras model (.keras)
Written by: Keras 3.10.0, 2025-06-01

Warnings
- Some weights are no numbers (NaN) or infinite, in 'embedding/embeddings'.

Read
- 12 layers, 4,096 parameters, 1 input, 1 output.
- A licence: MIT.

Left out
- The state of the optimizer.
`);
});

test('a refusal says why and what to do', () => {
  const refusal = { reason: 'It was cut off.', wayOut: 'Download it again.' };
  const text = reportAsText('a.h5', {
    ...READ,
    writtenBy: null,
    found: [],
    warnings: [],
    leftOut: [],
    refusal,
  });
  expect(text).toBe(`Import of a.h5
File: places.keras
Format: Keras model (.keras)

Not read
It was cut off.
Download it again.
`);
});

test('only a report with nothing to be known beyond the reading goes by itself', () => {
  const plain = { ...READ, warnings: [], leftOut: [] };
  expect(isQuiet(plain)).toBe(true);
  expect(isQuiet({ ...plain, warnings: READ.warnings })).toBe(false);
  expect(isQuiet({ ...plain, leftOut: READ.leftOut })).toBe(false);
  expect(isQuiet({ ...plain, repairs: ['One thing.'] })).toBe(false);
});
