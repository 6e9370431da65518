/** The whole Python script: the network, the weights that Graft exported, and its training. */
import type { LayerLookup } from '../../layers/layer-type';
import type { Network } from '../../network/network';
import { inComment } from '../code/text';
import { toPython } from './python';
import { FREEZE, needsFreeze } from './write-freezing';
import { writePythonNetwork } from './write-network';
import { type PythonTraining, trainingImports, writePythonTraining } from './write-training';

export interface PythonSource {
  readonly network: Network;
  /** The folder in which the exported zip is unpacked. */
  readonly folder: string;
  /** null: the code ends with the network and its weights. */
  readonly training: PythonTraining | null;
}

/** Names that the script uses beside the network's, Python's own among them. */
const TAKEN = [
  'int',
  'isinstance',
  'len',
  'list',
  'object',
  'round',
  'tuple',
  'vars',
  'json',
  'math',
  'np',
  'pathlib',
  'freeze',
  'load_weights',
  'take',
  'train',
  'weigh_classes',
  'inputs',
  'outputs',
];

/** Reads what `formats/write-project.ts` writes: names begin with the layer's, values stand in Keras' order. */
const LOAD_WEIGHTS = `def load_weights(model, folder):
    """Fills the model with the weights that Graft exported; the zip is unpacked in the folder."""
    folder = pathlib.Path(folder)
    group = json.loads((folder / "model.json").read_text("utf-8"))["weightsManifest"][0]
    data, at, weights = (folder / "weights.bin").read_bytes(), 0, {}
    for spec in group["weights"]:
        values = np.frombuffer(data, spec["dtype"], int(np.prod(spec["shape"])), at)
        at += values.nbytes
        weights.setdefault(spec["name"].split("/")[0], []).append(values.reshape(spec["shape"]))
    for layer in model.layers:
        if layer.name in weights:
            layer.set_weights(weights[layer.name])
            if isinstance(layer, layers.Normalization):
                layer.finalize_state()  # it computes with copies of its weights`;

export function writePythonScript({ network, folder, training }: PythonSource, table: LayerLookup): string {
  const { functions, lines, hasModel, isWhole } = writePythonNetwork(network, table, TAKEN);
  const trains = isWhole && training !== null && training.heads.length > 0;
  const train = trains ? ['', '', writePythonTraining(network, training, table)] : [];
  const freezes = hasModel && needsFreeze(network, trains ? training.trainable : [], table);
  // The first two lines are ours alone: see `inComment`.
  const head = [
    '# A neural network made with Graft, for Keras 3 (https://keras.io).',
    ...(hasModel
      ? [
          'import json',
          ...(trains ? trainingImports(training).map(name => `import ${name}`) : []),
          'import pathlib',
          '',
        ]
      : []),
    'import keras',
    ...(hasModel ? ['import numpy as np'] : []),
    'from keras import layers',
    ...functions,
    ...(freezes ? ['', '', FREEZE, ''] : []),
    '',
    `# ${inComment(network.name)}`,
  ];
  const weights = hasModel ? ['', '', LOAD_WEIGHTS, '', '', `load_weights(model, ${toPython(folder)})`] : [];
  return `${[...head, ...lines, ...weights, ...train].join('\n')}\n`;
}
