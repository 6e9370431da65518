import type { Dim } from '../../network/shape';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, resolveAxis, shapes } from '../shape-rules';

/** https://keras.io/api/layers/merging_layers/concatenate/ */
export const concatenate = defineLayer({
  type: 'Concatenate',
  category: 'Merge',
  help: 'Puts the branches side by side and keeps all of both. Choose it when they know different things.',
  inputs: { min: 2, max: null, minRank: 2 },
  params: { axis: p.int(-1, { help: 'The axis along which they are put side by side; -1 is the last.' }) },
  masking: 'own',
  tfjs: 'concatenate',
  example: {
    config: {},
    inputs: [
      [null, 4],
      [null, 3],
    ],
    outputs: [[null, 7]],
  },
  cases: [
    {
      config: { axis: 1 },
      inputs: [
        [null, 3, 2],
        [null, 2, 2],
      ],
    },
    {
      config: {},
      inputs: [
        [null, 3, 2],
        [null, 3, 1],
        [null, 3, 3],
      ],
    },
    {
      config: { axis: -2 },
      inputs: [
        [null, 2, 3, 2],
        [null, 2, 1, 2],
      ],
    },
  ],
  // tfjs-layers 4.22 takes every negative axis for the last one (backend/tfjs_backend.js).
  isStock: ({ axis }) => axis >= -1,
  outputShapes(config, inputs) {
    const first = inputs[0] ?? [];
    const axis = resolveAxis(config.axis, first.length);
    if (axis === null || axis === 0) {
      return problem(
        `Concatenate can't use axis ${config.axis}: its branches have axes 1 to ${first.length - 1}.`,
      );
    }
    let joined: Dim = 0;
    for (const [index, input] of inputs.entries()) {
      const fits =
        input.length === first.length &&
        input.every(
          (dim, i) => i === axis || i === 0 || dim === null || first[i] === null || dim === first[i],
        );
      if (!fits) {
        const wanted = first.map((dim, i) => (i === axis ? null : dim));
        const message = 'Concatenate needs branches that are equal on every other axis.';
        return { problem: { kind: 'sizes-differ', input: index, wanted, message } };
      }
      const size: Dim = input[axis] ?? null;
      joined = joined === null || size === null ? null : joined + size;
    }
    return shapes(first.map((dim, i) => (i === axis ? joined : dim)));
  },
});
