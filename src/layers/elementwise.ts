/** The merges that work value by value. */
import { shapeFits } from '../network/shape';
import { defineLayer, type TfjsStep } from './layer-type';
import { elementwiseShape } from './merge-rules';

export function defineElementwise(def: {
  readonly type: string;
  readonly help: string;
  readonly tfjs: string | { readonly steps: () => readonly TfjsStep[] };
  readonly max?: number;
  /** Whether sizes of 1 may be stretched: TensorFlow.js has no gradient for it in some merges. */
  readonly stretch?: boolean;
}) {
  return defineLayer({
    type: def.type,
    category: 'Merge',
    help: def.help,
    inputs: { min: 2, max: def.max ?? null, minRank: 2 },
    stretches: true,
    params: {},
    tfjs: def.tfjs,
    example: {
      config: {},
      inputs: [
        [null, 4],
        [null, 4],
      ],
      outputs: [[null, 4]],
    },
    outputShapes(_, inputs) {
      const [first = []] = inputs;
      const odd = inputs.findIndex(input => !shapeFits(input, first));
      if (def.stretch === false && odd >= 0) {
        const message = `${def.type} needs branches of equal sizes.`;
        return { problem: { kind: 'sizes-differ', input: odd, wanted: first, message } };
      }
      return elementwiseShape(def.type, inputs);
    },
  });
}
