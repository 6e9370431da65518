/** The merges that work value by value. */
import type { Shape } from '../network/shape';
import { defineLayer, type TfjsStep } from './layer-type';
import { elementwiseShape } from './merge-rules';

export function defineElementwise(def: {
  readonly type: string;
  readonly help: string;
  readonly tfjs: string | { readonly steps: () => readonly TfjsStep[] };
  readonly max?: number;
}) {
  return defineLayer({
    type: def.type,
    category: 'Merge',
    help: def.help,
    inputs: { min: 2, max: def.max ?? null, minRank: 2 },
    stretches: true,
    params: {},
    masking: 'own',
    tfjs: def.tfjs,
    example: {
      config: {},
      inputs: [
        [null, 4],
        [null, 4],
      ],
      outputs: [[null, 4]],
    },
    cases: [...PAIRS, ...(def.max === 2 ? [] : LISTS)].map(inputs => ({ config: {}, inputs })),
    outputShapes: (_, inputs) => elementwiseShape(def.type, inputs),
  });
}

/** Equal, with sizes of 1 on either side, and of different ranks. */
const PAIRS: readonly (readonly Shape[])[] = [
  [
    [null, 3, 4],
    [null, 3, 4],
  ],
  [
    [null, 3, 4],
    [null, 1, 4],
  ],
  [
    [null, 3, 1],
    [null, 1, 4],
  ],
  [
    [null, 4],
    [null, 3, 4],
  ],
];

const LISTS: readonly (readonly Shape[])[] = [
  [
    [null, 3, 4],
    [null, 3, 4],
    [null, 3, 4],
  ],
  [
    [null, 3, 1],
    [null, 3, 4],
    [null, 4],
  ],
  Array.from({ length: 9 }, () => [null, 3]),
];
