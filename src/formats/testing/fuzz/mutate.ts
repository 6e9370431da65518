/**
 * Damages model files as chance, broken downloads and people do, and as an attacker might: the same damage for the same random
 * numbers. What is within zips is damaged too, with checksums that fit, and JSON value by value, so that readers get far into it.
 */
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../base/json';
import type { Random } from '../../../base/random';

export interface PlainFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Mutation {
  readonly files: readonly PlainFile[];
  /** What was done, from the outside in. */
  readonly steps: readonly string[];
}

type Bytes = Uint8Array<ArrayBuffer>;
type Damage = (bytes: Bytes, random: Random) => Bytes;

export function mutate(files: readonly PlainFile[], random: Random): Mutation {
  const steps: string[] = [];
  const at = random.below(files.length);
  const mutated = files.map((file, i) =>
    i === at ? { ...file, bytes: mutateFile(file, random, steps) } : file,
  );
  return { files: mutated, steps };
}

function mutateFile({ path, bytes }: PlainFile, random: Random, steps: string[]): Bytes {
  steps.push(path);
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isZip && random.uniform() < 0.75) return mutateZip(bytes, random, steps);
  if (/\.json$/.test(path) && random.uniform() < 0.75) return mutateJson(bytes, random, steps);
  return mutateBytes(bytes, random, steps);
}

function mutateBytes(bytes: Bytes, random: Random, steps: string[]): Bytes {
  const [name, damage] = pick(DAMAGES, random);
  steps.push(name);
  return damage(bytes, random);
}

const DAMAGES: readonly (readonly [string, Damage])[] = [
  ['bits flipped', (bytes, random) => change(bytes, random, 8, byte => byte ^ (1 << random.below(8)))],
  ['bytes replaced', (bytes, random) => change(bytes, random, 16, () => random.below(256))],
  [
    'bytes among the first replaced',
    (bytes, random) => change(bytes, random, 4, () => random.below(256), 2048),
  ],
  ['cut off', (bytes, random) => bytes.slice(0, random.below(bytes.length))],
  ['begins later', (bytes, random) => bytes.slice(random.below(bytes.length))],
  ['sections swapped', swapSections],
  ['a section repeated', (bytes, random) => repeatSection(bytes, random)],
  ['a section left out', leaveOutSection],
  ['a section of zeros', (bytes, random) => fillSection(bytes, random, 0)],
  ['a length changed', changeLength],
  ['a text changed', changeText],
];

function change(
  bytes: Bytes,
  random: Random,
  most: number,
  to: (byte: number) => number,
  within = bytes.length,
): Bytes {
  const changed = bytes.slice();
  const end = Math.min(within, bytes.length);
  for (let left = 1 + random.below(most); left > 0; left--) {
    const at = random.below(end);
    changed[at] = to(changed[at] ?? 0);
  }
  return changed;
}

/** Two cuts, in order. */
function cuts(bytes: Bytes, random: Random): [number, number] {
  const [a, b] = [random.below(bytes.length + 1), random.below(bytes.length + 1)];
  return [Math.min(a, b), Math.max(a, b)];
}

function swapSections(bytes: Bytes, random: Random): Bytes {
  const length = 1 + random.below(Math.max(1, Math.min(4096, bytes.length / 4)));
  const last = Math.max(1, bytes.length - length);
  const [a, b] = [random.below(last), random.below(last)];
  const swapped = bytes.slice();
  swapped.set(bytes.subarray(a, a + length), b);
  swapped.set(bytes.subarray(b, b + length), a);
  return swapped;
}

function repeatSection(bytes: Bytes, random: Random): Bytes {
  const [from, to] = cuts(bytes, random);
  return join([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)]);
}

function leaveOutSection(bytes: Bytes, random: Random): Bytes {
  const [from, to] = cuts(bytes, random);
  return join([bytes.subarray(0, from), bytes.subarray(to)]);
}

function fillSection(bytes: Bytes, random: Random, value: number): Bytes {
  const [from, to] = cuts(bytes, random);
  return bytes.slice().fill(value, from, Math.min(to, from + 512));
}

/** Numbers that bounds are forgotten for. */
const ODD_LENGTHS = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0xffffn,
  0x7fffffffn,
  0xffffffffn,
  1n << 32n,
  1n << 40n,
  (1n << 64n) - 1n,
];

/** A whole number of 1 to 8 bytes somewhere: another one, or a little more or less. */
function changeLength(bytes: Bytes, random: Random): Bytes {
  const changed = bytes.slice();
  const width = 2 ** random.below(4);
  const at = random.below(Math.max(1, bytes.length - width)) & -(random.below(2) === 0 ? 1 : width);
  const old = changed.subarray(at, at + width).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const near = [old + 1n, old - 1n, old * 2n, old * 256n, old / 2n];
  const value = pick(random.below(2) === 0 ? near : ODD_LENGTHS, random);
  for (let i = 0; i < width && at + i < changed.length; i++) {
    changed[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  }
  return changed;
}

/** A letter or digit of some text: in HDF5 the configuration of the model stands among the rest. */
function changeText(bytes: Bytes, random: Random): Bytes {
  const changed = bytes.slice();
  const isText = (at: number) => (bytes[at] ?? 0) >= 0x20 && (bytes[at] ?? 0) < 0x7f;
  for (let left = 1 + random.below(4); left > 0; left--) {
    let at = random.below(bytes.length);
    for (let tries = 0; tries < 2000 && !(isText(at) && isText(at + 1) && isText(at + 2)); tries++) {
      at = (at + 1) % bytes.length;
    }
    changed[at] = 0x20 + random.below(0x5f);
  }
  return changed;
}

function mutateZip(bytes: Bytes, random: Random, steps: string[]): Bytes {
  const entries = Object.entries(unzipSync(bytes)) as [string, Bytes][];
  const at = random.below(entries.length);
  const [name = '', content = new Uint8Array()] = entries[at] ?? [];
  const how = random.uniform();
  if (how < 0.7) {
    const inner = mutateFile({ path: name, bytes: content }, random, steps);
    return zip(entries.map((entry, i) => (i === at ? [name, inner] : entry)));
  }
  if (how < 0.78) {
    steps.push(`without ${name}`);
    return zip(entries.filter((_, i) => i !== at));
  }
  if (how < 0.86) {
    const renamed = pick(
      [`../${name}`, `/${name}`, `x\\${name}`, `x/${name}`, 'constructor', '', `${name}/`],
      random,
    );
    steps.push(`${name} as ‘${renamed}’`);
    return zip(entries.map((entry, i) => (i === at ? [renamed, content] : entry)));
  }
  if (how < 0.93) return repeatEntry(entries, name, random, steps);
  steps.push('header of an entry changed');
  return changeZipHeader(bytes, random);
}

/** fflate takes names as keys: the second of the same name gets it afterwards. */
function repeatEntry(
  entries: readonly [string, Bytes][],
  name: string,
  random: Random,
  steps: string[],
): Bytes {
  steps.push(`${name} twice`);
  const other = `${'~'.repeat(name.length - 1)}!`;
  const [, content] = pick(entries, random);
  return replaceAll(zip([...entries, [other, content]]), strToU8(other), strToU8(name));
}

function replaceAll(bytes: Bytes, from: Uint8Array, to: Uint8Array): Bytes {
  const changed = Buffer.from(bytes);
  for (let at = changed.indexOf(from); at >= 0; at = changed.indexOf(from, at + 1)) changed.set(to, at);
  return new Uint8Array(changed);
}

/** A byte of the 46 and 30 that stand before names: sizes, methods, flags, offsets, checksums. */
function changeZipHeader(bytes: Bytes, random: Random): Bytes {
  const headers: number[] = [];
  for (let at = 0; at + 4 < bytes.length; at++) {
    if (bytes[at] === 0x50 && bytes[at + 1] === 0x4b && (bytes[at + 2] ?? 99) <= 8) headers.push(at);
  }
  const changed = bytes.slice();
  for (let left = 1 + random.below(3); left > 0; left--) {
    changed[pick(headers, random) + 4 + random.below(42)] = random.below(256);
  }
  return changed;
}

function zip(entries: readonly (readonly [string, Bytes])[]): Bytes {
  const files: Zippable = Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, { level: 0 }]]));
  return zipSync(files) as Bytes;
}

function mutateJson(bytes: Bytes, random: Random, steps: string[]): Bytes {
  let json = JSON.parse(strFromU8(bytes)) as Json;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const [name, edit] = pick(EDITS, random);
    steps.push(`JSON: ${name}`);
    json = edit(json, random);
  }
  return strToU8(JSON.stringify(json)) as Bytes;
}

type Edit = (json: Json, random: Random) => Json;

const EDITS: readonly (readonly [string, Edit])[] = [
  ['a value replaced', (json, random) => editOne(json, random, () => pick(ODD_VALUES, random))],
  ['a value replaced', (json, random) => editOne(json, random, value => nudge(value, random))],
  [
    'a value replaced by another of it',
    (json, random) => {
      const all = listPlaces(json);
      return editOne(json, random, () => valueAt(json, pick(all, random)));
    },
  ],
  [
    'a key or item left out',
    (json, random) => editParent(json, random, (entries, at) => entries.toSpliced(at, 1)),
  ],
  [
    'a key or item repeated',
    (json, random) =>
      editParent(json, random, (entries, at) => {
        const [key, value] = entries[at] ?? ['', null];
        return entries.toSpliced(at, 0, [key.toUpperCase(), value]);
      }),
  ],
  [
    'a key renamed',
    (json, random) =>
      editParent(json, random, (entries, at) =>
        entries.with(at, [pick(ODD_KEYS, random), entries[at]?.[1] ?? null]),
      ),
  ],
  [
    'items in another order',
    (json, random) =>
      editParent(json, random, (entries, at) => [...entries.slice(at), ...entries.slice(0, at)]),
  ],
];

const ODD_KEYS = ['constructor', 'toString', '', 'class_name', 'config', 'name', 'layers', 'length', '0'];
const ODD_VALUES: readonly Json[] = [
  ...[null, true, false, '', 'x', 'constructor', '__proto__', 'Dense', 'x'.repeat(100_000)],
  ...[0, -1, 1, 0.5, 2 ** 31, 2 ** 40, 2 ** 53, -(2 ** 40), 1e308, -1e-308],
  [],
  {},
  [[]],
  [null],
  [2 ** 20, 2 ** 20, 2 ** 20],
  { class_name: 'Dense', config: {} },
  { class_name: '__keras_tensor__', config: { keras_history: ['x', 0, 0] } },
  Array.from({ length: 5000 }, (_, i) => i),
];

function nudge(value: Json, random: Random): Json {
  if (typeof value === 'number')
    return pick([value + 1, value - 1, value * 1000, -value, value + 0.5], random);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `${value}${pick(['_1', '/', '\u0000', '…'], random)}`;
  return isJsonArray(value) ? [...value, ...value] : null;
}

type Place = readonly (string | number)[];

function listPlaces(json: Json): Place[] {
  const places: Place[] = [];
  const visit = (value: Json, place: Place) => {
    places.push(place);
    if (isJsonArray(value)) for (const [i, item] of value.entries()) visit(item, [...place, i]);
    else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) visit(item ?? null, [...place, key]);
    }
  };
  visit(json, []);
  return places;
}

function valueAt(json: Json, place: Place): Json {
  return place.reduce<Json>((value, key) => (value as JsonObject)[key] ?? null, json);
}

function editOne(json: Json, random: Random, edit: (value: Json) => Json): Json {
  return replaceAt(json, pick(listPlaces(json), random), edit);
}

type Entries = readonly (readonly [string, Json])[];

/** An object or array that isn't empty, entry by entry, and the place of one of them. */
function editParent(json: Json, random: Random, edit: (entries: Entries, at: number) => Entries): Json {
  const isFull = (value: Json) =>
    typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  const parents = listPlaces(json).filter(place => isFull(valueAt(json, place)));
  if (parents.length === 0) return null;
  return replaceAt(json, pick(parents, random), value => {
    const entries = edit(
      Object.entries(value as JsonObject) as Entries,
      random.below(Object.keys(value as JsonObject).length),
    );
    return isJsonArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
  });
}

function replaceAt(json: Json, place: Place, edit: (value: Json) => Json): Json {
  const [key, ...rest] = place;
  if (key === undefined) return edit(json);
  if (isJsonArray(json)) return json.map((item, i) => (i === key ? replaceAt(item, rest, edit) : item));
  const object = json as JsonObject;
  return { ...object, [key]: replaceAt(object[key] ?? null, rest, edit) };
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

function join(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
