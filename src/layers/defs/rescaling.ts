import { isJsonArray } from '../../base/json';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/ */
export const rescaling = defineLayer({
  type: 'Rescaling',
  category: 'Preprocessing',
  help: 'Multiplies each value with a number and adds another: 1/255 brings the bytes of a picture to 0 to 1.',
  inputs: { values: 'any' },
  params: {
    scale: p.numbers(1 / 255, {
      required: true,
      help: 'The number that each value is multiplied with; a list has one for each channel.',
    }),
    offset: p.numbers(0, { help: 'The number that is added then; a list has one for each channel.' }),
  },
  masking: 'passes',
  tfjs: 'rescaling',
  example: { config: { scale: 0.5, offset: -1 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: { scale: [1, 2, 3] }, inputs: [[null, 2, 2, 3]] },
    { config: { scale: 2, offset: [0.5, -1] }, inputs: [[null, 3, 2]] },
    { config: { scale: [[1], [2]], offset: [0, 1, 2] }, inputs: [[null, 2, 3]] },
  ],
  // The stock class takes single numbers.
  isStock: ({ scale, offset }) => typeof scale === 'number' && typeof offset === 'number',
  outputShapes({ scale, offset }, [input = []]) {
    for (const [name, value] of Object.entries({ scale, offset })) {
      const shape = p.shapeOfNumbers(value);
      if (shape === null) return problem(`The lists in ${name} must be equally long.`);
      const fits =
        shape.length < Math.max(input.length, 1) &&
        shape.every((size, i) => {
          const dim = input[input.length - shape.length + i] ?? null;
          return size === 1 || dim === null || size === dim;
        });
      if (isJsonArray(value) && !fits) {
        return problem(
          `The ${name} of Rescaling has the sizes ${shape.join(' × ')}, which must be those of its input’s last axes.`,
        );
      }
    }
    return shapes(input);
  },
});
