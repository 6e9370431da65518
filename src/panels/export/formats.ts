/** What is said of each format: what it is for, what it holds, how it is proved. */
import type { ExportStep } from '../../store/export-flow';
import type { ExportChoice } from '../../store/export-slice';

export interface FormatWords {
  readonly name: string;
  readonly ending: string;
  /** Whom it is for. */
  readonly use: string;
  /** `The file holds the trained …` */
  readonly holds: string;
  readonly mime: string;
  /** The model alone: probes and a check go in a zip beside it. */
  readonly isBare: boolean;
  /** Only those that there are. */
  readonly steps: Readonly<Partial<Record<ExportStep, string>>>;
}

const KERAS_STEPS: FormatWords['steps'] = {
  write: 'Write the file, and probes with their answers',
  read: 'Read it back with a fresh reader, as others do, and compare',
  run: 'Run what was read, and compare its answers to the probes',
};

export const FORMATS: Readonly<Record<ExportChoice, FormatWords>> = {
  tfjs: {
    name: 'TensorFlow.js',
    ending: '.zip',
    use: 'For the web, and to go on here: holds this project too',
    holds: 'model for TensorFlow.js and this project.',
    mime: 'application/zip',
    isBare: false,
    steps: {
      write: 'Write the files, with probes and their answers',
      read: 'Read them back with a fresh reader and compare',
      run: 'Open them in stock TensorFlow.js and run the probes',
    },
  },
  keras: {
    name: 'Keras 3',
    ending: '.keras',
    use: 'For Python: Keras 3 on TensorFlow, JAX or PyTorch',
    holds: 'model as Keras 3 saves it.',
    mime: 'application/octet-stream',
    isBare: true,
    steps: KERAS_STEPS,
  },
  h5: {
    name: 'Keras 2 and 3',
    ending: '.h5',
    use: 'For older TensorFlow: Keras 2.15, tf-keras, and Keras 3',
    holds: 'model as Keras 2 saves it.',
    mime: 'application/octet-stream',
    isBare: true,
    steps: KERAS_STEPS,
  },
  training: {
    name: 'Keras training project',
    ending: '.zip',
    use: 'To go on training in Python, on one or many GPUs, with the same data and phases',
    holds: 'model for Keras 3, your data and a script that trains it on.',
    mime: 'application/zip',
    isBare: false,
    steps: { ...KERAS_STEPS, pack: 'Measure the loss that training goes on from, and pack data and script' },
  },
};
