/** JSON files that hold the structure of a model, among all the JSON that people drop. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../base/json';
import { parseJsonBytes } from './json-file';
import type { ReadItem } from './protocol';
import { Refusal } from './refusal';
import { attempt, refuseForeign } from './reports';
import { bytesOf, type Piece, placeOf, type Scope } from './scope';
import { isLayersModelJson } from './tfjs-layers/read';

export interface FoundStructure {
  readonly piece: Piece;
  /** A model.json of TensorFlow.js, or what Keras’ `to_json` returns. */
  readonly json: JsonObject;
}

/** A structure to be read, a refusal, or null for JSON that has nothing to do with models. */
export async function findStructure(scope: Scope, piece: Piece): Promise<FoundStructure | ReadItem | null> {
  const place = placeOf(scope, piece.path);
  // Broken JSON of another kind is no concern of ours.
  const looksLikeModel =
    /(^|\/)model[^/]*\.json$/i.test(piece.path) ||
    /"(modelTopology|weightsManifest|class_name)"/.test(await piece.blob.slice(0, 20_000).text());
  if (!looksLikeModel) return null;
  return attempt(place, 'JSON file', async () => {
    const json = parseJsonBytes(await bytesOf(piece), place);
    if (isLayersModelJson(json)) return { piece, json };
    if (isGraphModelJson(json)) return refuseForeign(place, 'tfjs-graph');
    if (isJsonObject(json) && json.weightsManifest !== undefined) {
      throw new Refusal(
        'It lists weights but holds no structure of a model (modelTopology).',
        'Export the model again.',
      );
    }
    return null;
  });
}

function isGraphModelJson(json: Json): boolean {
  if (!isJsonObject(json)) return false;
  const { modelTopology } = json;
  return json.format === 'graph-model' || (isJsonObject(modelTopology) && isJsonArray(modelTopology.node));
}
