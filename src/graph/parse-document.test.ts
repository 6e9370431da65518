import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../base/json';
import { EMPTY_DOCUMENT, LOSSES, METRICS, type ProjectDocument } from './document';
import { parseDocument } from './parse-document';

const position = { x: 0.5, y: -3 };

const full: ProjectDocument = {
  version: 1,
  name: 'Everything',
  nodes: {
    i: {
      kind: 'input',
      id: 'i',
      name: 'in',
      position,
      rowShape: [8, null, 1],
      dtype: 'float32',
      column: 'image',
    },
    m: {
      kind: 'model',
      id: 'm',
      name: 'base',
      position,
      model: 'abc',
      start: null,
      end: 'conv:1',
      taps: ['a', 'b'],
      linearEnd: false,
      freeze: { kind: 'upTo', call: 'a' },
      sharesWith: null,
    },
    n: {
      kind: 'model',
      id: 'n',
      name: 'twin',
      position,
      model: 'abc',
      start: 'a',
      end: null,
      taps: [],
      linearEnd: true,
      freeze: { kind: 'asSaved' },
      sharesWith: 'm',
    },
    l: {
      kind: 'layer',
      id: 'l',
      name: 'd',
      position,
      type: 'Dense',
      config: { units: 3, kernel_initializer: { class_name: 'Zeros', config: {} } },
      trainable: false,
    },
    o: {
      kind: 'output',
      id: 'o',
      name: 'out',
      position,
      column: null,
      loss: LOSSES[0],
      lossWeight: 0.5,
      metrics: [...METRICS],
    },
  },
  wires: { w: { id: 'w', from: { node: 'i', port: 'out0' }, to: { node: 'm', port: 'in0' } } },
  data: { dataset: 'digits' },
  training: {
    optimizer: { kind: 'adamw', learningRate: 0.01, weightDecay: 0.1 },
    batchSize: 16,
    epochs: 3,
    validationSplit: 0,
    seed: -4,
  },
};

const copy = (document: ProjectDocument): JsonObject => JSON.parse(JSON.stringify(document));

describe('parseDocument', () => {
  it('returns documents as they were', () => {
    for (const document of [full, EMPTY_DOCUMENT]) {
      expect(parseDocument(copy(document))).toEqual({ document, notes: [] });
    }
  });

  it.each([
    [null, /says no version/],
    [[], /says no version/],
    [{ ...copy(full), version: 2 }, /^The project was saved by a newer Graft \(version 2/],
    [{ ...copy(full), version: 0 }, /^There was no version 0/],
    [{ ...copy(full), name: 3 }, /^The project is damaged at name/],
    [
      { ...copy(full), training: { ...copy(full.training as never), batchSize: 0 } },
      /damaged at training\.batchSize/,
    ],
    [{ ...copy(full), nodes: { x: { ...copy(full.nodes.l as never) } } }, /the node 'x' calls itself 'l'/],
  ] as readonly (readonly [Json, RegExp])[])('says what is wrong (%#)', (json, problem) => {
    expect(parseDocument(json)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('drops wires to missing nodes, and sharing with them, with a note', () => {
    const { m: _, ...nodes } = full.nodes;
    const parsed = parseDocument(copy({ ...full, nodes }));
    if ('problem' in parsed) throw new Error(parsed.problem);
    expect(parsed.document.wires).toEqual({});
    expect(parsed.document.nodes.n).toMatchObject({ sharesWith: null });
    expect(parsed.notes).toEqual([
      "'twin' shared the weights of a model that is gone, and has its own now.",
      "A wire from 'i' to 'm' was dropped: one of them is gone.",
    ]);
  });

  it('takes nodes named like properties of every object', () => {
    const json = JSON.parse(
      JSON.stringify({
        ...EMPTY_DOCUMENT,
        wires: {
          w: { id: 'w', from: { node: 'constructor', port: 'out0' }, to: { node: 'toString', port: 'in0' } },
        },
      }),
    );
    expect(parseDocument(json)).toMatchObject({ document: { wires: {} } });
  });
});
