/** How reading ends when it doesn't end in a model: as a report that says why, and what its owner can do. */
import { FOREIGN, type ForeignKind } from './foreign';
import { shorten } from './notes';
import type { ReadItem } from './protocol';
import { Refusal } from './refusal';

export const NO_MODEL =
  'Drop a Keras model (.keras or .h5), the model.json of a TensorFlow.js Layers model with its weight files, a folder or zip of them, or a project saved by Graft.';

export function refuse(file: string, format: string, reason: string, wayOut: string): ReadItem {
  const report = {
    file,
    format,
    writtenBy: null,
    found: [],
    warnings: [],
    repairs: [],
    leftOut: [],
    refusal: { reason, wayOut },
  };
  return { kind: 'refused', report };
}

export function refuseForeign(file: string, kind: ForeignKind): ReadItem {
  const { format, reason, wayOut } = FOREIGN[kind];
  return refuse(file, format, reason, wayOut);
}

/** Whatever goes wrong within becomes a report. */
export async function attempt<T>(
  file: string,
  format: string,
  action: () => T | Promise<T>,
): Promise<T | ReadItem> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refusal) return refuse(file, format, error.reason, error.wayOut);
    const why = error instanceof Error ? error.message : String(error);
    return refuse(
      file,
      format,
      `Reading it failed in a way that nobody foresaw: ${shorten(why, 200)}.`,
      'That is a mistake in Graft: please report it, with the file if you may.',
    );
  }
}
