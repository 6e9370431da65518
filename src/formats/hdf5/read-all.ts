/** Many arrays of one file, with word of how far it is. */
import type { Weight } from '../../network/network';
import { sizeOf } from '../../network/shape';
import type { ReadProgress } from '../protocol';
import type { Hdf5Dataset } from './tree';

/** Throws a `Refusal`. */
export function readAll(
  datasets: readonly Hdf5Dataset[],
  tell: (progress: ReadProgress) => void,
): readonly Weight[] {
  const bytes = datasets.map(({ shape }) => sizeOf(shape) * 4);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  return datasets.map((dataset, i) => {
    tell({ file: dataset.path, done, total });
    done += bytes[i] ?? 0;
    return dataset.read();
  });
}
