/** What is said of each format: what it is for, what it holds, how it is proved. */
import type { ExportFormat } from '../../formats/protocol';
import type { ExportStep } from '../../store/export-flow';

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
  readonly steps: Readonly<Record<ExportStep, string>>;
}

const KERAS_STEPS: FormatWords['steps'] = {
  write: 'Write the file, and probes with their answers',
  read: 'Read it back with a fresh reader, as others do, and compare',
  run: 'Run what was read, and compare its answers to the probes',
};

export const FORMATS: Readonly<Record<ExportFormat, FormatWords>> = {
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
};
