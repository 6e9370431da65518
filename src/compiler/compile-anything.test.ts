/** `compile` never throws: documents of every layer type with settings, wires and nodes that nobody would choose. */
import { expect, test } from 'vitest';
import type { Json } from '../base/json';
import { createRandom, type Random } from '../base/random';
import type { GraphNode, ProjectDocument, Wire } from '../graph/document';
import { LAYER_TYPES } from '../layers/table';
import { findBrokenInvariants } from '../network/invariants';
import { compileSketch, input, layer, output, sketch } from './sketch';

const SEED = 3_112_026;

function pick<T>(random: Random, list: readonly T[]): T {
  // null may be among them.
  return list[random.below(list.length)] as T;
}

function anyJson(random: Random): Json {
  const leaf = pick<Json>(random, [null, true, 0, -1, 1, 2, 1e9, 0.5, '', 'same', 'relu', [], [1, 2], [[1]]]);
  const nested = pick(random, LAYER_TYPES);
  return random.uniform() < 0.2 ? { class_name: nested.type, config: { ...nested.example.config } } : leaf;
}

function anyNode(random: Random, id: string): GraphNode {
  const kind = random.uniform();
  if (kind < 0.25) {
    const shape = pick(random, [[], [4], [null], [5, 3], [null, 3], [6, 5, 2], [2, 5, 4, 1], [0], [-1]]);
    return input(id, shape, { dtype: pick(random, ['float32', 'int32']) });
  }
  if (kind < 0.4) return output(id);
  const type = pick(random, LAYER_TYPES);
  const { config } = pick(random, [type.example, ...type.cases]);
  const mutated: Record<string, Json> = { ...config };
  for (const name of Object.keys(type.params)) if (random.uniform() < 0.1) mutated[name] = anyJson(random);
  return layer(id, type.type, mutated, { trainable: random.uniform() < 0.8 });
}

/** Inputs that a layer takes, the layer, and an output: so that some documents come to something. */
function anySoundDocument(random: Random): ProjectDocument {
  const type = pick(random, LAYER_TYPES);
  const { config, inputs } = pick(random, [type.example, ...type.cases]);
  const dtype = type.inputs.values === 'tokens' ? 'int32' : 'float32';
  const nodes = [
    ...inputs.map((shape, i) => input(`x${i}`, shape.slice(1), { dtype })),
    layer('it', type.type, config),
    output('y'),
  ];
  return sketch(nodes, [...inputs.map((_, i) => `x${i} it.in${i}`), 'it y']);
}

test(`compile never throws and returns sound networks, whatever the document (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  let networks = 0;
  for (let round = 0; round < 600; round++) {
    const nodes = Array.from({ length: 1 + random.below(8) }, (_, i) => anyNode(random, `n${i}`));
    // To itself, in circles, to nodes and ports that there aren't.
    const end = () => `n${random.below(nodes.length + 1)}`;
    const wires = Array.from(
      { length: random.below(12) },
      () => `${end()}.out${random.below(2)} ${end()}.in${random.below(3)}`,
    );
    const document = random.uniform() < 0.3 ? anySoundDocument(random) : sketch(nodes, wires);
    const what = `round ${round}: ${JSON.stringify(document)}`;
    let result: ReturnType<typeof compileSketch>;
    try {
      result = compileSketch(document, []);
    } catch (error) {
      throw new Error(what, { cause: error });
    }
    if (result.network === null) continue;
    networks++;
    expect(findBrokenInvariants(result.network), what).toEqual([]);
  }
  expect(networks).toBeGreaterThan(30);
}, 60_000);

test(`compile takes documents whose parts have gone (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const nodes = [input('n0', [4]), layer('n1', 'Dense', { units: 3 }), output('n2')];
  const whole = sketch(nodes, ['n0 n1', 'n1 n2']);
  expect(compileSketch(whole, []).network).not.toBeNull();
  for (let round = 0; round < 50; round++) {
    const keep = <T>(parts: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(parts).filter(() => random.uniform() < 0.6));
    const wires: Record<string, Wire> = keep(whole.wires);
    expect(() => compileSketch({ ...whole, nodes: keep(whole.nodes), wires }, [])).not.toThrow();
  }
});
