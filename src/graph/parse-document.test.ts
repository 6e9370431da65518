import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../base/json';
import { EMPTY_DOCUMENT, type ProjectDocument } from './document';
import { LOSS_KINDS, METRIC_KINDS, makeLoss, makeMetric } from './objectives';
import { kindsOf, makeSettings } from './options';
import { parseDocument } from './parse-document';
import version1 from './testing/project-version-1.json';
import {
  CLIPPINGS,
  DEFAULT_PHASE,
  OPTIMIZERS,
  type Phase,
  SCHEDULES,
  VALIDATION_LOSS,
} from './training-settings';

const position = { x: 0.5, y: -3 };

const full: ProjectDocument = {
  version: 2,
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
      loss: makeLoss('categorical_crossentropy', { fromLogits: true, labelSmoothing: 0.1 }),
      lossWeight: 0.5,
      metrics: METRIC_KINDS.map(kind => makeMetric(kind)),
      classWeights: { 'class 1': 2, '2': 0.5 },
    },
  },
  wires: { w: { id: 'w', from: { node: 'i', port: 'out0' }, to: { node: 'm', port: 'in0' } } },
  ties: [
    {
      layers: [
        { node: 'm', layer: 'conv' },
        { node: 'n', layer: 'conv_1' },
      ],
      start: { kind: 'of', node: 'm' },
    },
  ],
  data: { dataset: 'digits', sampleWeight: 'importance' },
  training: {
    phases: [
      {
        name: 'Head',
        epochs: 3,
        optimizer: makeSettings(OPTIMIZERS, 'adamw', { learningRate: 0.01, weightDecay: 0.1 }),
        schedule: {
          ...makeSettings(SCHEDULES, 'plateau'),
          monitor: { rows: 'training', output: 'o', value: 'auc' },
        },
        freeze: { m: { kind: 'all' } },
        trainable: { l: true },
      },
      { ...DEFAULT_PHASE, name: 'Top of the trunk', freeze: { m: { kind: 'upTo', call: 'a' } } },
    ],
    batchSize: 16,
    validationSplit: 0,
    seed: -4,
    earlyStopping: { monitor: VALIDATION_LOSS, minDelta: 0.001, patience: 3, restoreBest: true },
    clipping: { kind: 'globalNorm', limit: 1 },
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
    [{ ...copy(full), version: 3 }, /^The project was saved by a newer Graft \(version 3/],
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

  it('reads what version 1 saved: one phase, and options at the values that they had then', () => {
    const parsed = parseDocument(version1 as Json);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const { nodes, data, training } = parsed.document;
    expect(parsed.notes).toEqual([]);
    expect(nodes.o).toEqual({
      ...version1.nodes.o,
      loss: { kind: 'sparse_categorical_crossentropy', fromLogits: false },
      metrics: [{ kind: 'accuracy' }, { kind: 'mean_absolute_error' }],
      classWeights: null,
    });
    expect(nodes.p).toMatchObject({ loss: { kind: 'huber', delta: 1 } });
    expect(nodes.m).toEqual(version1.nodes.m);
    expect(data).toEqual({ dataset: 'digits', sampleWeight: null });
    expect(training).toEqual({
      phases: [
        {
          name: 'Training',
          epochs: 3,
          optimizer: {
            kind: 'adamw',
            learningRate: 0.01,
            weightDecay: 0.1,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-7,
            amsgrad: false,
          },
          schedule: { kind: 'constant' },
          freeze: {},
          trainable: {},
        },
      ],
      batchSize: 16,
      validationSplit: 0.25,
      seed: -4,
      earlyStopping: null,
      clipping: null,
    });
  });

  it('returns every optimiser, schedule, clipping and loss as it was, and gives what is not said its default', () => {
    const schedules = kindsOf(SCHEDULES).map(kind => ({
      ...makeSettings(SCHEDULES, kind),
      ...(kind === 'plateau' ? { monitor: VALIDATION_LOSS } : {}),
    }));
    const said = [
      ...kindsOf(OPTIMIZERS).map(kind => ({ optimizer: makeSettings(OPTIMIZERS, kind) })),
      ...schedules.map(schedule => ({ schedule }) as Pick<Phase, 'schedule'>),
    ];
    const withPhase = (phase: object): Json =>
      JSON.parse(
        JSON.stringify({ ...full, training: { ...full.training, phases: [{ ...DEFAULT_PHASE, ...phase }] } }),
      );
    for (const phase of said) {
      const bare = Object.entries(phase).map(([name, { kind }]) => [name, { kind }]);
      for (const json of [withPhase(phase), withPhase(Object.fromEntries(bare))]) {
        expect(parseDocument(json)).toMatchObject({ document: { training: { phases: [phase] } } });
      }
    }
    for (const kind of kindsOf(CLIPPINGS)) {
      const clipping = makeSettings(CLIPPINGS, kind);
      const json = copy({ ...full, training: { ...full.training, clipping } });
      expect(parseDocument(json)).toMatchObject({ document: { training: { clipping } } });
    }
    const { o } = full.nodes;
    if (o?.kind !== 'output') throw new Error('No output');
    for (const kind of LOSS_KINDS) {
      const json = copy({ ...full, nodes: { ...full.nodes, o: { ...o, loss: makeLoss(kind) } } });
      expect(parseDocument(json)).toMatchObject({ document: { nodes: { o: { loss: makeLoss(kind) } } } });
    }
  });

  it('needs a phase', () => {
    const json = { ...copy(full), training: { ...copy(full.training as never), phases: [] } };
    expect(parseDocument(json)).toEqual({ problem: expect.stringMatching(/damaged at training\.phases/) });
  });

  it('drops wires to missing nodes, and sharing with them, with a note', () => {
    const { m: _, ...nodes } = full.nodes;
    const parsed = parseDocument(copy({ ...full, nodes }));
    if ('problem' in parsed) throw new Error(parsed.problem);
    expect(parsed.document.wires).toEqual({});
    expect(parsed.document.training.phases.map(({ freeze, trainable }) => [freeze, trainable])).toEqual([
      [{}, { l: true }],
      [{}, {}],
    ]);
    expect(parsed.document.nodes.n).toMatchObject({ sharesWith: null });
    expect(parsed.notes).toEqual([
      "'twin' shared the weights of a model that is gone, and has its own now.",
      "A wire from 'i' to 'm' was dropped: one of them is gone.",
      'Layers were tied to those of a model that is gone, and are not any more.',
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
