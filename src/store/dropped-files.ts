/** Files and whole folders out of a drop, with their paths: weights lie beside the file that names them. */
import type { SourceFile } from '../formats/protocol';

/** Entries must be asked for at once: the browser forgets the drop when its handler returns. */
export async function readDrop(transfer: DataTransfer): Promise<readonly SourceFile[]> {
  const entries = [...transfer.items].flatMap(item => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [entry];
  });
  if (entries.length === 0) return sourceFiles([...transfer.files]);
  return (await Promise.all(entries.map(entry => readEntry(entry, '')))).flat();
}

export function sourceFiles(files: readonly File[]): readonly SourceFile[] {
  return files.map(file => ({ path: file.webkitRelativePath || file.name, blob: file }));
}

async function readEntry(entry: FileSystemEntry, folder: string): Promise<readonly SourceFile[]> {
  const path = `${folder}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, blob: file }];
  }
  const children = await listFolder((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(children.map(child => readEntry(child, `${path}/`)))).flat();
}

/** A reader hands out a hundred entries at a time, until it hands out none. */
async function listFolder(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  return part.length === 0 ? [] : [...part, ...(await listFolder(reader))];
}
