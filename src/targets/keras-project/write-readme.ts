/** The one page that explains a training project to whoever unpacks it. */
import { inComment } from '../code/text';
import { OLDEST_PYTHON, VERSIONS } from './requirements';

export function writeReadme(name: string, credit: string): string {
  return `# ${inComment(name)}

A neural network made with Graft, to be trained further with [Keras 3](https://keras.io) on JAX: on one GPU, on several, or on
several computers. Nothing in the code has to be changed for that.

## Install

Python ${OLDEST_PYTHON} or newer, in this folder:

    python -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/pip install "jax[cuda13]==${VERSIONS.jax}"     # with an NVIDIA GPU; cuda12 for older drivers
    venv/bin/python train.py --check             # answers the recorded probes as Graft did?

## Train

| on | command |
| --- | --- |
| all GPUs of this computer, be it one | \`python train.py\` |
| some of them | \`python train.py --devices 2\`, or \`CUDA_VISIBLE_DEVICES=0,3 python train.py\` |
| several computers | on each: \`python train.py --coordinator 10.0.0.1:1234 --processes 2 --process 0\` (the next one: \`--process 1\`, …) |
| Slurm, Open MPI, Cloud TPU | \`srun python train.py --cluster\` |

Computer 0 is the coordinator; the others must reach it at that port. Each one needs this whole folder and reads only its share of the
rows. The addresses can stand in KERAS_DISTRIBUTION_JOB_ADDRESSES, _NUM_PROCESSES and _PROCESS_ID as well.

First the untouched model is measured; its loss should be the one that Graft reported. Then it trains as it would in Graft: the same
rows in the same order, phases, frozen layers, losses, weights, schedules and early stopping. What layers draw (dropout, noise)
is drawn by JAX. A batch is shared by all devices: the number of devices doesn't change what is computed, so with more of them
take a larger \`--batch-size\`, and perhaps a higher learning rate in graft.json.

    python train.py --evaluate-only              measures the loss, trains nothing
    python train.py --epochs 5 --batch-size 256  instead of what graft.json says
    python train.py --model checkpoint.keras     goes on from the last epoch of an earlier run

## What is here

| file | |
| --- | --- |
| model.keras | the network with its weights |
| graft.json | how it trains: change what you like |
| data/ | the rows as NumPy arrays; \`rows-…\` says which of them train, validate and test |
| train.py | reads all that |

It writes checkpoint.keras after each epoch and at the end trained.keras and history.json; only process 0 writes.
${credit === '' ? '' : `\nThe data: ${inComment(credit)}\n`}
## Back to Graft

Drop trained.keras on Graft: it is the same network with other weights, and opens like any Keras file.
`;
}
