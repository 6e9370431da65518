/**
 * Arguments of Keras' calls that say what a layer computes, such as `use_causal_mask`: the layer table has them as parameters. It
 * knows nothing of tensors.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../../base/json';
import { callOptions } from '../../layers/attention-rules';
import { type Notes, shorten } from '../notes';

export const CALL_OPTIONS: ReadonlySet<string> = new Set(Object.keys(callOptions));

/** What all calls of a layer say alike. Where they differ, it is noted: a layer has one set of parameters. */
export function readCallOptions(inboundNodes: Json | undefined, layer: string, notes: Notes): JsonObject {
  const calls = isJsonArray(inboundNodes) ? inboundNodes.map(optionsOf) : [];
  const alike: Record<string, Json> = {};
  for (const name of CALL_OPTIONS) {
    const [first, ...others] = calls.map(options => options[name] ?? null);
    if (first === undefined || (first === null && others.every(other => other === null))) continue;
    if (others.every(other => jsonEquals(other, first))) alike[name] = first;
    else {
      notes.add('left-out', 'call options', `${name} of ${shorten(layer)}`, items => {
        return `Arguments in which the calls of one layer differ: ${items.join(', ')}.`;
      });
    }
  }
  return alike;
}

/** `{args, kwargs}` as Keras 3 writes a call, or `[[name, node, tensor, kwargs], …]`. */
function optionsOf(node: Json): JsonObject {
  const holders = isJsonArray(node) ? node.map(ref => (isJsonArray(ref) ? ref[3] : undefined)) : [];
  const all = [...holders, isJsonObject(node) ? node.kwargs : undefined].filter(isJsonObject);
  return Object.fromEntries(
    all.flatMap(kwargs => Object.entries(kwargs).filter(([name]) => CALL_OPTIONS.has(name))),
  );
}
