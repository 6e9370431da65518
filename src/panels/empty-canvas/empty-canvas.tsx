/** What an empty canvas says: how to begin. */
import { FolderOpen, Upload } from 'lucide-react';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { useFilePicker } from '../import-reports/file-picker';
import styles from './empty-canvas.module.css';
import { JoinPicture } from './join-picture';

export function EmptyCanvas() {
  const store = useGraftStore();
  const reading = useGraft(state => state.imports.length > 0);
  const { pickFiles, pickFolder } = useFilePicker();
  // While an example or a file is being read, the notice says so; an invitation would only flash.
  if (reading) return null;
  return (
    <div className={styles.empty}>
      <div className={styles.box}>
        <h2 className={styles.title}>Drop two models here</h2>
        <p className={styles.formats}>
          Keras models (.keras, .h5), TensorFlow.js Layers models (model.json with its weight files), as
          files, a folder or a zip. Graft’s own exports bring their whole project back.
        </p>
        <div className={styles.buttons}>
          <Button look="primary" onClick={pickFiles}>
            <Upload size={15} strokeWidth={1.75} aria-hidden="true" />
            Choose files
          </Button>
          <Button onClick={pickFolder}>
            <FolderOpen size={15} strokeWidth={1.75} aria-hidden="true" />
            Choose a folder
          </Button>
        </div>
        <div className={styles.examples}>
          {store
            .getState()
            .listExamples()
            .map(example => (
              <button
                key={example.id}
                type="button"
                className={styles.example}
                onClick={() => void store.getState().openExample(example.id)}
              >
                <JoinPicture example={example.id} />
                <span className={styles.name}>{example.name}</span>
                <span className={styles.about}>{example.about}</span>
              </button>
            ))}
        </div>
      </div>
    </div>
  );
}
