/** The first rows of a column of images, each drawn as it is: one canvas pixel per value. */
import { useEffect, useMemo, useRef } from 'react';
import type { ClassesColumn, NumbersColumn } from '../../data/dataset';
import styles from './data.module.css';

const SHOWN = 24;

interface RowStripProps {
  readonly column: NumbersColumn;
  /** Written under each row. */
  readonly labels: ClassesColumn | null;
}

export function RowStrip({ column, labels }: RowStripProps) {
  const [height = 1, width = 1] = column.rowShape;
  const size = height * width;
  const rows = Math.min(SHOWN, column.values.length / size);
  const range = useMemo(() => rangeOf(column.values.subarray(0, rows * size)), [column, rows, size]);
  return (
    <figure>
      <figcaption className={styles.caption}>
        {column.name}
        {labels !== null && <>, with {labels.name}</>}: the first {rows} rows
      </figcaption>
      <div className={styles.strip}>
        {Array.from({ length: rows }, (_, row) => (
          // Rows have no name but their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <figure key={row}>
            <Picture
              values={column.values.subarray(row * size, (row + 1) * size)}
              width={width}
              height={height}
              range={range}
              label={`Row ${row + 1}`}
            />
            {labels !== null && <figcaption>{labels.classes[labels.values[row] ?? -1]}</figcaption>}
          </figure>
        ))}
      </div>
    </figure>
  );
}

interface PictureProps {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly range: readonly [number, number];
  readonly label: string;
}

/** Low values are clear and high ones dark, as ink on paper, in both themes. */
function Picture({ values, width, height, range, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(width, height);
    const [low, high] = range;
    for (const [i, value] of values.entries()) {
      image.data[i * 4 + 3] = Math.round(((value - low) / (high - low || 1)) * 255);
    }
    context.putImageData(image, 0, 0);
  }, [values, width, height, range]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={styles.picture}
      role="img"
      aria-label={label}
    />
  );
}

function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
