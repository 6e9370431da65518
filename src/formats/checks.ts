/** Ten lines that whoever receives a model can run: they ask it the probes and compare its answers with those given here. */

/** The largest difference that another program on another machine may have. */
export const CHECK_TOLERANCE = 1e-4;

export function checkInJavaScript(needsGraftLayers: boolean): string {
  return `// npm install @tensorflow/tfjs, then: node check.mjs
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
${needsGraftLayers ? "import './graft-layers.js';\n" : ''}
const read = name => readFileSync(new URL(name, import.meta.url));
const { modelTopology, weightsManifest } = JSON.parse(read('model.json'));
const weightData = new Uint8Array(read('weights.bin')).buffer;
const weightSpecs = weightsManifest.flatMap(group => group.weights);
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
const { inputs, outputs } = JSON.parse(read('probes.json'));
const answers = [model.predict(inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype)))].flat();
const off = outputs.flatMap(({ values }, i) => answers[i].arraySync().flat(Infinity).map((y, k) => Math.abs(y - values[k])));
const worst = Math.max(...off);
console.log(\`largest difference: \${worst}\`);
if (!(worst <= ${CHECK_TOLERANCE})) process.exit(1);
`;
}

export function checkInPython(file: string): string {
  return `# pip install keras jax, then: python check.py
import json, os, sys
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
model = keras.models.load_model(os.path.join(here, ${JSON.stringify(file)}), compile=False)
probes = json.load(open(os.path.join(here, "probes.json")))
arrays = {side: [np.array(p["values"], p["dtype"]).reshape(p["shape"]) for p in probes[side]] for side in probes}
answers = model.predict(arrays["inputs"] if len(arrays["inputs"]) > 1 else arrays["inputs"][0], verbose=0)
answers = answers if isinstance(answers, (list, tuple)) else [answers]
worst = max(float(np.abs(np.asarray(y) - expected).max()) for y, expected in zip(answers, arrays["outputs"]))
print("largest difference:", worst)
sys.exit(0 if worst <= ${CHECK_TOLERANCE} else 1)
`;
}
