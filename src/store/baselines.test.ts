import { describe, expect, test } from 'vitest';
import { compile } from '../compiler/compile';
import type { Column, Dataset } from '../data/dataset';
import {
  EMPTY_DOCUMENT,
  type GraphNode,
  type ModelNode,
  type OutputNode,
  type ProjectDocument,
} from '../graph/document';
import { addNode, connect, inOrder } from '../graph/edits';
import { makeLoss, makeMetric } from '../graph/objectives';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import { deriveSources, type Source } from './baselines';

const at = { x: 0, y: 0 };

/** Dense layers of these sizes, the last with softmax: `dense_0`, `dense_1`, … */
function mlp(name: string, input: number, ...sizes: readonly number[]): Network {
  const layers = sizes.map((units, index) => {
    const before = sizes[index - 1] ?? input;
    return {
      name: `dense_${index}`,
      type: 'Dense',
      config: { units, activation: index === sizes.length - 1 ? 'softmax' : 'relu' },
      weights: {
        kernel: {
          shape: [before, units],
          dtype: 'float32' as const,
          values: new Float32Array(before * units),
        },
        bias: { shape: [units], dtype: 'float32' as const, values: new Float32Array(units) },
      },
      trainable: true,
    };
  });
  return {
    name,
    inputs: [{ name: 'x', shape: [null, input], dtype: 'float32' }],
    layers,
    calls: layers.map((layer, index) => ({
      id: layer.name,
      layer: layer.name,
      inputs: [index === 0 ? { input: 'x' } : { call: `dense_${index - 1}`, output: 0 }],
    })),
    outputs: [{ name: 'y', from: { call: `dense_${sizes.length - 1}`, output: 0 } }],
  };
}

const rows = 4;
const numbers = (name: string, size: number): Column => ({
  kind: 'numbers',
  name,
  help: '',
  rowShape: [size],
  values: new Float32Array(rows * size),
});
const digit: Column = {
  kind: 'classes',
  name: 'digit',
  help: '',
  classes: ['0', '1', '2'],
  values: new Int32Array(rows),
};
const parity: Column = { ...digit, name: 'parity', classes: ['even', 'odd'] };

function data(...columns: readonly Column[]): Dataset {
  return { id: 'd', name: 'D', credit: '', rows, columns, testRows: Uint32Array.of(2, 3) };
}

function input(id: string, size: number, column: string): GraphNode {
  return { kind: 'input', id, name: id, position: at, rowShape: [size], dtype: 'float32', column };
}

function model(id: string, network: string, patch: Partial<ModelNode> = {}): ModelNode {
  return {
    kind: 'model',
    id,
    name: id,
    position: at,
    model: network,
    start: null,
    end: null,
    taps: [],
    linearEnd: false,
    freeze: { kind: 'all' },
    sharesWith: null,
    ...patch,
  };
}

function layer(id: string, type: string, config = {}): GraphNode {
  return { kind: 'layer', id, name: id, position: at, type, config, trainable: true };
}

function output(id: string, column: string): OutputNode {
  return {
    kind: 'output',
    id,
    name: id,
    position: at,
    column,
    loss: makeLoss('categorical_crossentropy'),
    lossWeight: 1,
    metrics: [makeMetric('accuracy')],
    classWeights: null,
  };
}

/** Wires as `a>b`, or `a>b:1` for another branch than the first. */
function draw(nodes: readonly GraphNode[], wires: readonly string[]): ProjectDocument {
  const edits = wires.map(text => {
    const [from = '', to = ''] = text.split('>');
    const [target = '', branch = '0'] = to.split(':');
    return connect({ node: from, port: 'out0' }, { node: target, port: `in${branch}` });
  });
  return inOrder(...nodes.map(addNode), ...edits)(EMPTY_DOCUMENT);
}

function derive(
  document: ProjectDocument,
  networks: Readonly<Record<string, Network>>,
  dataset: Dataset,
): readonly Source[] {
  const map = new Map(Object.entries(networks));
  const run = (each: ProjectDocument) => compile(each, map, lookUpLayer);
  const compiled = run(document);
  expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return deriveSources({ document, heads: compiled.heads, dataset, networks: map, compile: run });
}

function summary(sources: readonly Source[]): readonly (readonly (string | null)[])[] {
  return sources.map(({ head, name, comparison }) => [
    head,
    name,
    comparison.kind === 'comparable' ? (comparison.note ?? 'as it stands') : comparison.reason,
  ]);
}

describe('models side by side', () => {
  const document = draw(
    [
      input('image', 5, 'image'),
      model('a', 'A', { end: 'dense_0' }),
      model('b', 'B', { linearEnd: true }),
      layer('join', 'Concatenate'),
      layer('head', 'Dense', { units: 3, activation: 'softmax' }),
      output('digit', 'digit'),
    ],
    ['image>a', 'image>b', 'a>join', 'b>join:1', 'join>head', 'head>digit'],
  );
  const sources = derive(
    document,
    { A: mlp('A', 5, 8, 3), B: mlp('B', 5, 4, 3) },
    data(numbers('image', 5), digit),
  );

  test('are compared whole and fed as they stand', () => {
    expect(summary(sources)).toEqual([
      ['digit', 'a', 'as it stands'],
      ['digit', 'b', 'as it stands'],
    ]);
  });

  test('are uncut, with their last activation, and every layer has its weights', () => {
    for (const { comparison } of sources) {
      if (comparison.kind !== 'comparable') throw new Error(comparison.reason);
      const network = comparison.compiled.network;
      expect(network?.layers.map(({ config }) => config.activation)).toEqual(['relu', 'softmax']);
      expect(network?.layers.every(({ weights }) => 'kernel' in weights)).toBe(true);
      expect(comparison.compiled.heads[0]?.column).toBe('digit');
    }
  });
});

describe('a stack', () => {
  const networks = { A: mlp('A', 5, 8, 3), B: mlp('B', 6, 4, 3) };
  const document = draw(
    [
      input('image', 5, 'image'),
      model('encoder', 'A', { end: 'dense_0' }),
      layer('adapter', 'Dense', { units: 6 }),
      model('classifier', 'B'),
      output('digit', 'digit'),
    ],
    ['image>encoder', 'encoder>adapter', 'adapter>classifier', 'classifier>digit'],
  );

  test('feeds the second model from a column of its shape', () => {
    const sources = derive(document, networks, data(numbers('image', 5), numbers('profile', 6), digit));
    expect(summary(sources)).toEqual([
      ['digit', 'encoder', 'as it stands'],
      ['digit', 'classifier', 'fed with the column profile'],
    ]);
    const [, second] = sources;
    expect(second?.comparison.kind === 'comparable' && second.comparison.compiled.feeds[0]?.column).toBe(
      'profile',
    );
  });

  test('says why the second model is not comparable without such a column', () => {
    const sources = derive(document, networks, data(numbers('image', 5), digit));
    expect(summary(sources)[1]?.[2]).toBe(
      'encoder stands before it, and no column of the data has rows of 6, which it takes.',
    );
  });

  test('never feeds a model with what is to be predicted', () => {
    const target = numbers('target', 6);
    const regress: OutputNode = {
      ...output('out', 'target'),
      loss: makeLoss('mean_squared_error'),
      metrics: [],
    };
    const sources = derive(
      draw(
        [
          input('image', 5, 'image'),
          layer('adapter', 'Dense', { units: 6 }),
          model('b', 'B'),
          layer('last', 'Dense', { units: 6 }),
          regress,
        ],
        ['image>adapter', 'adapter>b', 'b>last', 'last>out'],
      ),
      networks,
      data(numbers('image', 5), target),
    );
    expect(sources[0]?.comparison.kind).toBe('not-comparable');
  });
});

describe('a shared trunk', () => {
  const document = draw(
    [
      input('image', 5, 'image'),
      model('trunk', 'A', { end: 'dense_0' }),
      model('tail', 'A', { start: 'dense_0', sharesWith: 'trunk' }),
      layer('parity-head', 'Dense', { units: 2, activation: 'softmax' }),
      output('digit', 'digit'),
      output('parity', 'parity'),
    ],
    ['image>trunk', 'trunk>tail', 'tail>digit', 'trunk>parity-head', 'parity-head>parity'],
  );

  test('is one source, comparable where its classes are as many as the target has', () => {
    const sources = derive(document, { A: mlp('A', 5, 8, 3) }, data(numbers('image', 5), digit, parity));
    expect(summary(sources)).toEqual([
      ['digit', 'trunk', 'as it stands'],
      ['parity', 'trunk', 'It gives 3, and parity has 2 classes.'],
    ]);
  });
});

test('one model on two inputs is two sources', () => {
  const document = draw(
    [
      input('left', 5, 'left'),
      input('right', 5, 'right'),
      model('first', 'A', { end: 'dense_0' }),
      model('second', 'A', { end: 'dense_0', sharesWith: 'first' }),
      layer('join', 'Concatenate'),
      layer('head', 'Dense', { units: 3, activation: 'softmax' }),
      output('digit', 'digit'),
    ],
    ['left>first', 'right>second', 'first>join', 'second>join:1', 'join>head', 'head>digit'],
  );
  const sources = derive(
    document,
    { A: mlp('A', 5, 8, 3) },
    data(numbers('left', 5), numbers('right', 5), digit),
  );
  const columns = sources.map(({ comparison }) =>
    comparison.kind === 'comparable' ? comparison.compiled.feeds.map(feed => feed.column) : comparison.reason,
  );
  expect(columns).toEqual([['left'], ['right']]);
});

test('whole models are fed as they mean their inputs, whatever type and axes file and data give', () => {
  // Keras saves the input of an Embedding as floats.
  const reader: Network = {
    name: 'R',
    inputs: [{ name: 'words', shape: [null, 4], dtype: 'float32' }],
    layers: [
      {
        name: 'embedding',
        type: 'Embedding',
        config: { input_dim: 5, output_dim: 3 },
        weights: { embeddings: { shape: [5, 3], dtype: 'float32', values: new Float32Array(15) } },
        trainable: true,
      },
      { name: 'pool', type: 'GlobalAveragePooling1D', config: {}, weights: {}, trainable: true },
    ],
    calls: [
      { id: 'embedding', layer: 'embedding', inputs: [{ input: 'words' }] },
      { id: 'pool', layer: 'pool', inputs: [{ call: 'embedding', output: 0 }] },
    ],
    outputs: [{ name: 'y', from: { call: 'pool', output: 0 } }],
  };
  const values = new Float32Array(rows);
  const age: Column = { kind: 'numbers', name: 'age', help: '', rowShape: [], values };
  const document = draw(
    [
      input('wide', 5, 'wide'),
      layer('narrow', 'Dense', { units: 1 }),
      model('late', 'A'),
      layer('steps', 'RepeatVector', { n: 4 }),
      model('tail', 'R', { start: 'embedding' }),
      output('digit', 'digit'),
    ],
    ['wide>narrow', 'narrow>late', 'late>steps', 'steps>tail', 'tail>digit'],
  );
  const networks = { A: mlp('A', 1, 3), R: reader };
  const sources = derive(document, networks, data(numbers('wide', 5), age, numbers('words', 4), digit));
  expect(summary(sources)).toEqual([
    ['digit', 'late', 'fed with the column age'],
    ['digit', 'tail', 'fed with the column words'],
  ]);
});
