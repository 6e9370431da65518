/**
 * What a file is, by its content: extensions lie. Only the first bytes and, for a zip, the list of its entries are looked
 * at; nothing is decoded. It knows what formats look like and nothing of how they are read.
 */
import { LFS_MARK } from './tfjs-layers/weights';

export type FileKind =
  | 'json'
  | 'zip'
  | 'hdf5'
  | 'onnx'
  | 'tflite'
  | 'saved-model'
  | 'frozen-graph'
  | 'pytorch'
  | 'safetensors'
  | 'gguf'
  | 'core-ml'
  | 'lfs-pointer'
  | 'picture'
  | 'text'
  | 'binary'
  | 'empty';

/** How much of a file's start is looked at. */
export const HEAD_BYTES = 2 ** 20 + 8;

const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const PICTURES = [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], ascii('GIF8'), ascii('RIFF'), ascii('BM')];

export function sniffFile(path: string, bytes: Uint8Array): FileKind {
  if (bytes.byteLength === 0) return 'empty';
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const starts = (signature: readonly number[], at = 0) =>
    signature.every((byte, i) => bytes[at + i] === byte);
  if (starts(ascii(LFS_MARK))) return 'lfs-pointer';
  if (starts(ascii('PK\u0003\u0004')) || starts(ascii('PK\u0005\u0006'))) return 'zip';
  // HDF5's signature may stand at 0, 512, 1024, 2048, …
  for (let at = 0; at < Math.min(bytes.byteLength, 2 ** 20); at = at === 0 ? 512 : at * 2) {
    if (starts(HDF5, at)) return 'hdf5';
  }
  if (starts(ascii('TFL3'), 4)) return 'tflite';
  if (starts(ascii('GGUF'))) return 'gguf';
  if (PICTURES.some(signature => starts(signature))) return 'picture';
  const text = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  // The protocols of Python's pickle.
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5) return 'pytorch';
  // An 8-byte length, then a JSON header.
  if (starts([0, 0], 6) && starts(ascii('{"'), 8)) return 'safetensors';
  return sniffProtobuf(bytes, ending) ?? (isText(bytes) ? 'text' : 'binary');
}

function ascii(text: string): number[] {
  return Array.from(text, char => char.charCodeAt(0));
}

/**
 * ONNX and SavedModel are protobufs, which have no signature. Both start with a small number in field 1. ONNX: its version
 * (1 to 20), then strings. SavedModel: 1, then the graph in field 2, far longer than any name.
 */
function sniffProtobuf(bytes: Uint8Array, ending: string): FileKind | null {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  if (first === 0x08 && second <= 20) {
    const isLong = fourth >= 0x80;
    if (second === 1 && third === 0x12 && (isLong || ending === 'pb')) return 'saved-model';
    if (ending === 'onnx' || (third === 0x12 && !isLong) || third === 0x3a) return 'onnx';
  }
  if (ending === 'onnx') return 'onnx';
  if (ending === 'pb') return 'frozen-graph';
  return ending === 'mlmodel' ? 'core-ml' : null;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every(byte => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

export type ZipKind = 'keras' | 'pytorch' | 'other';

/** What a zip is, by the names in it. */
export function sniffZip(names: readonly string[]): ZipKind {
  const has = (name: string) => names.includes(name);
  if (has('config.json') && (has('metadata.json') || has('model.weights.h5') || has('model.weights.npz')))
    return 'keras';
  if (names.some(name => /(^|\/)data\.pkl$/.test(name))) return 'pytorch';
  return 'other';
}
