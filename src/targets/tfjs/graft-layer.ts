/**
 * The layers that stock TensorFlow.js lacks, as classes that it can load: what a file names `GraftGroupNormalization`. Shapes and
 * weights come from the layer table, what is computed from the implementations that training runs too. It goes into every
 * download that needs it, so it must not know the rest of Graft.
 */
import * as tf from '@tensorflow/tfjs';
import { isJsonArray, type Json } from '../../base/json';
import { fromGraftConfig, graftClassName, toGraftConfig } from '../../formats/tfjs-layers/graft-class';
import { parseConfig } from '../../layers/config';
import type { LayerType } from '../../layers/layer-type';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import type { Config } from '../../network/network';
import type { Shape } from '../../network/shape';
import type { LayerWeights, Mask } from './layers/implementation';
import { applyLayer, computeMasks, lookUpImplementation } from './layers/table';

/** After this, `tf.loadLayersModel` opens files with layers of Graft's own. */
export function registerGraftLayers(): void {
  for (const type of LAYER_TYPES) {
    if (lookUpImplementation(type.type) !== undefined) tf.serialization.registerClass(classOf(type));
  }
}

interface LayerArgs {
  readonly name?: string;
  readonly trainable?: boolean;
}

function classOf(type: LayerType) {
  return class extends tf.layers.Layer {
    /** @nocollapse */
    static readonly className = graftClassName(type.type);
    private readonly config: Config;
    private readonly byRole = new Map<string, ReturnType<tf.layers.Layer['addWeight']>>();

    constructor(args: LayerArgs & Readonly<Record<string, Json>>) {
      super(args);
      this.supportsMasking = true;
      const layer = fromGraftConfig(args);
      if (layer === null) throw new Error(`The layer '${args.name}' lacks its settings.`);
      this.config = parseConfig(type, layer.config, lookUpLayer).config;
    }

    override build(given: tf.Shape | tf.Shape[]): void {
      for (const { role, shape, trainable } of type.weights(this.config, shapesOf(given), lookUpLayer)) {
        const variable = this.addWeight(
          role,
          [...shape],
          'float32',
          tf.initializers.zeros(),
          undefined,
          trainable,
        );
        this.byRole.set(role, variable);
      }
      this.built = true;
    }

    override computeOutputShape(given: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
      const result = type.outputShapes(this.config, shapesOf(given), lookUpLayer);
      if ('problem' in result) throw new Error(result.problem.message);
      const shapes = result.shapes.map(shape => [...shape]);
      return shapes.length === 1 ? (shapes[0] ?? []) : shapes;
    }

    override call(given: tf.Tensor | tf.Tensor[], kwargs: { readonly training?: boolean }) {
      return tf.tidy(() => {
        const inputs = listOf(given);
        const { outputs } = applyLayer(this.layer(), this.callOn(inputs, kwargs.training ?? false));
        // TensorFlow.js hangs the mask on what comes out, which must not be what came in.
        const own = outputs.map(output => (inputs.includes(output) ? output.clone() : output));
        return own.length === 1 ? (own[0] ?? []) : own;
      });
    }

    /**
     * Of each thing that comes out. The masks that TensorFlow.js hands over may be those of another branch, so that those are
     * taken that hang on the inputs.
     */
    override computeMask(given: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
      const inputs = listOf(given);
      // While a model is put together there are no values, and nothing else asks.
      if (!inputs.every(input => input instanceof tf.Tensor)) return none;
      const shape = this.computeOutputShape(inputs.map(({ shape }) => shape));
      const count = isListOfShapes(shape) ? shape.length : 1;
      return tf.tidy(() => {
        const masks = computeMasks(this.layer(), this.callOn(inputs, false));
        // A tensor takes its mask with it when it is disposed: none may hang on two.
        const all = Array.from({ length: count }, (_, i) => masks[i]?.clone() ?? none);
        return count === 1 ? (all[0] ?? none) : all;
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        ...toGraftConfig(type.type, this.config),
      } as tf.serialization.ConfigDict;
    }

    private layer() {
      return { type: type.type, config: this.config };
    }

    private callOn(inputs: readonly tf.Tensor[], training: boolean) {
      return {
        inputs,
        masks: inputs.map(maskOf),
        training,
        weights: this.weightsAt(''),
        addPenalty: () => {},
      };
    }

    private weightsAt(prefix: string): LayerWeights {
      const find = (role: string) => this.byRole.get(prefix + role) ?? null;
      return {
        find: role => find(role)?.read() ?? null,
        get: role => find(role)?.read() ?? fail(`${this.name} has no weight '${prefix}${role}'.`),
        assign: (role, value) => find(role)?.write(value),
        inside: place => this.weightsAt(`${prefix}${place}/`),
      };
    }
  };
}

/** The mask that TensorFlow.js has hung on a tensor. */
function maskOf(tensor: tf.Tensor): Mask {
  const { kerasMask } = tensor as { kerasMask?: tf.Tensor | null };
  return kerasMask ?? null;
}

/** What TensorFlow.js takes for "no mask", though its types don't say so. */
const none = null as unknown as tf.Tensor;

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function shapesOf(given: tf.Shape | tf.Shape[]): readonly Shape[] {
  return isListOfShapes(given) ? given : [given];
}

function isListOfShapes(given: tf.Shape | tf.Shape[]): given is tf.Shape[] {
  return isJsonArray(given[0]);
}

function fail(message: string): never {
  throw new Error(message);
}
