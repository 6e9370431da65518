/** Files and whole folders out of a drop, with their paths: weights lie beside the file that names them. */
import type { FileBytes } from '../formats/protocol';

/** Entries must be asked for at once: the browser forgets the drop when its handler returns. */
export function readDrop(transfer: DataTransfer): Promise<readonly FileBytes[]> {
  const entries = [...transfer.items].flatMap(item => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [entry];
  });
  if (entries.length === 0) return readFiles([...transfer.files]);
  return Promise.all(entries.map(entry => readEntry(entry, ''))).then(lists => lists.flat());
}

export function readFiles(files: readonly File[]): Promise<readonly FileBytes[]> {
  return Promise.all(files.map(file => readFile(file, file.webkitRelativePath || file.name)));
}

async function readEntry(entry: FileSystemEntry, folder: string): Promise<readonly FileBytes[]> {
  const path = `${folder}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [await readFile(file, path)];
  }
  const children = await listFolder((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(children.map(child => readEntry(child, `${path}/`)))).flat();
}

/** A reader hands out a hundred entries at a time, until it hands out none. */
async function listFolder(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  return part.length === 0 ? [] : [...part, ...(await listFolder(reader))];
}

async function readFile(file: File, path: string): Promise<FileBytes> {
  return { path, bytes: new Uint8Array(await file.arrayBuffer()) };
}
