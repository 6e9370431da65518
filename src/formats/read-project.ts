/** A project as `write-project.ts` wrote it, from the files in its zip or folder. Throws a `Refusal`. */
import * as v from 'valibot';
import { isJsonObject, type Json } from '../base/json';
import { parseDocument } from '../graph/parse-document';
import type { Weights } from '../network/network';
import { parseJsonBytes } from './json-file';
import type { Architecture } from './keras-model/build-network';
import { hashNetwork } from './network-id';
import { createNotes } from './notes';
import type { ReadItem, SourceModel } from './protocol';
import { Refusal } from './refusal';
import { readLayersModel } from './tfjs-layers/read';

export const PROJECT_FORMAT = 'graft-project';

const texts = v.array(v.string());

const projectSchema = v.object({
  format: v.literal(PROJECT_FORMAT),
  version: v.literal(1),
  document: v.unknown(),
  models: v.array(
    v.object({
      folder: v.string(),
      id: v.string(),
      name: v.string(),
      labels: v.nullable(texts),
      /** Since Graft reads other weights into models. */
      architecture: v.optional(
        v.nullable(
          v.object({ modelConfig: v.record(v.string(), v.unknown()), kerasVersion: v.nullable(v.string()) }),
        ),
        null,
      ),
      report: v.object({
        file: v.string(),
        format: v.string(),
        writtenBy: v.nullable(v.string()),
        found: v.optional(texts, []),
        warnings: v.optional(texts, []),
        repairs: texts,
        leftOut: texts,
      }),
    }),
  ),
  /** Whether the main model's weights are those of a training. */
  trained: v.boolean(),
});

const WAY_OUT =
  'Take the file as it was downloaded. If that is lost: model.json and weights.bin in it can be dropped as a plain model.';

/** `files` by their paths within the project; `place` is the zip or folder. */
export function readProject(place: string, byPath: ReadonlyMap<string, Uint8Array>): ReadItem {
  const json = readJson('graft/project.json', byPath);
  if (isJsonObject(json) && typeof json.version === 'number' && json.version > 1) {
    throw new Refusal(
      'The project was saved by a newer Graft.',
      'Reload the page to update, and drop it again.',
    );
  }
  const parsed = v.safeParse(projectSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Refusal(
      `Its graft/project.json is damaged at ${v.getDotPath(issue) ?? 'its top'}: ${issue.message}.`,
      WAY_OUT,
    );
  }
  const { models: listed, trained: isTrained } = parsed.output;
  // `v.unknown` loses the type that JSON has.
  const document = parseDocument((isJsonObject(json) ? json.document : undefined) ?? null);
  if ('problem' in document) throw new Refusal(document.problem, WAY_OUT);
  const models = listed.map(({ folder, id, name, labels, architecture, report }): SourceModel => {
    const network = { ...readModel(`graft/${folder}/`, byPath), name };
    if (hashNetwork(network) !== id) {
      throw new Refusal(
        `Its source model '${name}' was changed or damaged after the project was saved.`,
        WAY_OUT,
      );
    }
    return {
      id,
      name,
      labels,
      network,
      // `v.unknown` loses the type that JSON has.
      architecture: architecture as Architecture | null,
      report: { ...report, refusal: null },
    };
  });
  const trained = isTrained ? trainedWeights(byPath) : null;
  return {
    kind: 'project',
    project: { document: document.document, models, trained },
    report: {
      file: place,
      format: 'Graft project',
      writtenBy: 'Graft',
      found: [
        `${models.length} model${models.length === 1 ? '' : 's'}${isTrained ? ', and trained weights' : ''}.`,
      ],
      warnings: [],
      repairs: document.notes,
      leftOut: [],
      refusal: null,
    },
  };
}

function trainedWeights(byPath: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, Weights>> {
  const { layers } = readModel('', byPath);
  return Object.fromEntries(
    layers.flatMap(({ name, weights }) => (Object.keys(weights).length === 0 ? [] : [[name, weights]])),
  );
}

function readModel(folder: string, byPath: ReadonlyMap<string, Uint8Array>) {
  const json = readJson(`${folder}model.json`, byPath);
  if (!isJsonObject(json)) throw new Refusal(`Its ${folder}model.json isn’t a model.`, WAY_OUT);
  return readLayersModel(json, path => byPath.get(`${folder}${path}`), createNotes()).network;
}

function readJson(path: string, byPath: ReadonlyMap<string, Uint8Array>): Json {
  const bytes = byPath.get(path);
  if (bytes === undefined) throw new Refusal(`The project lacks its ${path}.`, WAY_OUT);
  return parseJsonBytes(bytes, path);
}
