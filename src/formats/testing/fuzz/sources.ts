/** Files in memory as the readers take them. */
import type { SourceFile } from '../../protocol';
import type { PlainFile } from './mutate';

export function toSources(files: readonly PlainFile[]): SourceFile[] {
  return files.map(({ path, bytes }) => ({ path, blob: new Blob([bytes]) }));
}
