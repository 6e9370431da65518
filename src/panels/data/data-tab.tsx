/** What there is to train on: its columns, how its rows are split, what they look like. */
import { useMemo } from 'react';
import type { Column, Dataset, NumbersColumn } from '../../data/dataset';
import type { Split } from '../../data/split';
import { selectCompiled } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { splitFor } from '../../store/training-job';
import { Button } from '../../ui-kit/button';
import { ClassBalance } from './class-balance';
import { ColumnTable } from './column-table';
import { Credit } from './credit';
import styles from './data.module.css';
import { RowStrip } from './row-strip';

export function DataTab() {
  const dataset = useGraft(state => state.dataset);
  return dataset === null ? <NoData /> : <Contents dataset={dataset} />;
}

function NoData() {
  const { listDatasets, chooseDataset } = useGraftStore().getState();
  return (
    <div className={styles.none}>
      <p>This project has no data yet. Choose what it is trained on.</p>
      {listDatasets().map(({ id, name }) => (
        <Button key={id} onClick={() => void chooseDataset(id)}>
          Use {name.toLowerCase()}
        </Button>
      ))}
    </div>
  );
}

function Contents({ dataset }: { readonly dataset: Dataset }) {
  const settings = useGraft(state => state.document.training);
  const compiled = useGraft(selectCompiled);
  const split = useMemo(() => splitFor(settings, compiled, dataset), [settings, compiled, dataset]);
  const images = dataset.columns.find(isImage);
  const classes = dataset.columns.filter(column => column.kind === 'classes');
  return (
    <div className={styles.tab}>
      <section className={styles.about} aria-label="Data set">
        <h3 className={styles.name}>{dataset.name}</h3>
        <SplitBar split={split} rows={dataset.rows} />
        <Credit text={dataset.credit} />
      </section>
      <section aria-label="Columns">
        <ColumnTable dataset={dataset} />
      </section>
      <section className={styles.looks} aria-label="What the rows look like">
        {images !== undefined && <RowStrip column={images} labels={classes[0] ?? null} />}
        {classes.map(column => (
          <ClassBalance key={column.name} column={column} />
        ))}
      </section>
    </div>
  );
}

/** Height, width, and one channel. */
function isImage(column: Column): column is NumbersColumn {
  return column.kind === 'numbers' && column.rowShape.length === 3 && column.rowShape[2] === 1;
}

function SplitBar({ split, rows }: { readonly split: Split; readonly rows: number }) {
  const parts = [
    { name: 'train', count: split.train.length },
    { name: 'validate', count: split.validation.length },
    { name: 'test', count: split.test.length },
  ];
  return (
    <div>
      <p className={styles.rows}>{rows.toLocaleString('en')} rows</p>
      <div className={styles.split} aria-hidden="true">
        {parts.map(({ name, count }) => (
          <i key={name} data-part={name} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className={styles.parts}>
        {parts.map(({ name, count }) => (
          <li key={name}>
            <i data-part={name} />
            {count.toLocaleString('en')} {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
