/** A finished network in the format that was asked for, with all that goes with it. */
import { checkInPython } from './checks';
import { type KerasStamp, writeKerasFile } from './keras-write/write-keras-file';
import { writeKerasH5 } from './keras-write/write-keras-h5';
import { listNames } from './notes';
import type { WriteParams, WrittenFile, WrittenFiles } from './protocol';
import { writeProject } from './write-project';

/** The version whose forms are written, and against which they are tested. */
const KERAS_VERSION = '3.15.1';

/** Throws a `Refusal` where a layer can't be written. */
export async function writeExport(params: WriteParams): Promise<WrittenFiles> {
  const { format, network, savedAt } = params;
  switch (format) {
    case 'tfjs':
      return writeProject(params);
    case 'keras': {
      const stamp: KerasStamp = { kerasVersion: KERAS_VERSION, savedAt: toKerasTime(savedAt) };
      const file = await writeKerasFile(network, stamp);
      return bareModel(params, 'model.keras', file, ['Opens in Keras 3.']);
    }
    case 'h5': {
      const { bytes, opensIn, because } = await writeKerasH5(network, KERAS_VERSION);
      const remarks =
        opensIn === 'keras3'
          ? [`Opens in Keras 3 only. ${because.slice(0, 3).join(' ')}`]
          : ['Opens in Keras 2.15, tf-keras and Keras 3.'];
      return bareModel(params, 'model.h5', bytes, remarks);
    }
  }
}

/** `2026-11-22T18:30:00.000Z` as Keras writes it: `2026-11-22@18:30:00`. */
function toKerasTime(iso: string): string {
  return iso.slice(0, 19).replace('T', '@');
}

function bareModel(
  { network, probes }: WriteParams,
  name: string,
  file: Uint8Array<ArrayBuffer>,
  remarks: readonly string[],
): WrittenFiles {
  const inputs = network.inputs.map(
    input => `  ${input.name}: [${input.shape.map(size => size ?? 'batch').join(', ')}], ${input.dtype}`,
  );
  const readme = `${network.name}

A neural network made with Graft, as a Keras model. ${remarks.join(' ')}

${name.padEnd(14)}the model: keras.models.load_model("${name}")
probes.json   inputs, and what the model answered to them
check.py      asks your copy the same and compares: pip install keras jax, then python check.py

Inputs, in this order:
${inputs.join('\n')}

Outputs, in this order: ${listNames(
    network.outputs.map(output => output.name),
    100,
  )}
`;
  return {
    file,
    companions: [
      textFile('probes.json', JSON.stringify(probes)),
      textFile('check.py', checkInPython(name)),
      textFile('README.txt', readme),
    ],
    remarks,
    layersModel: null,
  };
}

function textFile(path: string, text: string): WrittenFile {
  return { path, bytes: new TextEncoder().encode(text) };
}
