/** The browser's own file dialog; what is chosen goes the same way as what is dropped. */
import { sourceFiles } from '../../store/dropped-files';
import { useGraftStore } from '../../store/store';

export function useFilePicker(): { readonly pickFiles: () => void; readonly pickFolder: () => void } {
  const store = useGraftStore();
  const pick = (folder: boolean) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.addEventListener('change', () => {
      void store.getState().importFiles(sourceFiles([...(input.files ?? [])]), null);
    });
    input.click();
  };
  return { pickFiles: () => pick(false), pickFolder: () => pick(true) };
}
