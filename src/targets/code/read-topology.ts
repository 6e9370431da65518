/**
 * The network of a model.json that Graft writes, as TensorFlow.js will make it: its layers in stock form, Graft's own as the
 * table knows them. Code is written from this, so that it can't differ from the file. It reads nothing but what `emit.ts` writes.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../base/json';
import { fromGraftConfig } from '../../formats/tfjs-layers/graft-class';
import type { Call, Layer, Network, TensorRef } from '../../network/network';
import type { Dtype } from '../../network/shape';

export interface StockNetwork {
  /** The configs of stock layers are as the file says them. */
  readonly network: Network;
  /** The names of those layers whose classes `graft-layers.js` registers. */
  readonly own: ReadonlySet<string>;
}

/** `outputs`: their names, which a model.json doesn't say. */
export function readTopology(modelTopology: JsonObject, outputs: readonly string[]): StockNetwork {
  const config = objectOf(modelTopology.config);
  const entries = listOf(config.layers).map(objectOf);
  const own = new Set<string>();
  const inputs: Network['inputs'][number][] = [];
  const layers: Layer[] = [];
  const waiting: Call[] = [];
  const isInput = new Set(
    entries.filter(entry => entry.class_name === 'InputLayer').map(entry => String(entry.name)),
  );
  const toRef = (node: Json | undefined): TensorRef => {
    const [layer, index, output] = listOf(node);
    const name = String(layer);
    return isInput.has(name)
      ? { input: name }
      : { call: callId(name, Number(index)), output: Number(output) };
  };
  for (const entry of entries) {
    const name = String(entry.name);
    const className = String(entry.class_name);
    const given = objectOf(entry.config);
    if (className === 'InputLayer') {
      const shape = listOf(given.batch_input_shape).map(size => (typeof size === 'number' ? size : null));
      inputs.push({ name, shape, dtype: given.dtype as Dtype });
      continue;
    }
    const ownLayer = fromGraftConfig(given);
    if (ownLayer !== null) own.add(name);
    layers.push({
      name,
      type: ownLayer?.class_name ?? className,
      config: ownLayer?.config ?? given,
      weights: {},
      trainable: given.trainable !== false,
    });
    for (const [index, node] of listOf(entry.inbound_nodes).entries()) {
      waiting.push({ id: callId(name, index), layer: name, inputs: listOf(node).map(toRef) });
    }
  }
  return {
    network: {
      name: String(config.name),
      inputs,
      layers,
      calls: putInOrder(waiting),
      outputs: listOf(config.output_layers).map((node, index) => ({
        name: outputs[index] ?? '',
        from: toRef(node),
      })),
    },
    own,
  };
}

function callId(layer: string, index: number): string {
  return `${layer}:${index}`;
}

/** A shared layer stands in the file once, where its first call is: later calls wait for what they need. */
function putInOrder(calls: readonly Call[]): Call[] {
  const ordered: Call[] = [];
  const made = new Set<string>();
  for (let waiting = calls; waiting.length > 0; ) {
    const later: Call[] = [];
    for (const call of waiting) {
      if (call.inputs.every(ref => 'input' in ref || made.has(ref.call))) {
        ordered.push(call);
        made.add(call.id);
      } else later.push(call);
    }
    if (later.length === waiting.length) throw new Error('The calls of the file go in a circle.');
    waiting = later;
  }
  return ordered;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}
