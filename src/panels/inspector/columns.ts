import type { Column } from '../../data/dataset';
import type { Option } from '../../ui-kit/fields';

/** No column can be called this: the empty name. */
export const NO_COLUMN = '';

/** The columns to choose from. One that is chosen and isn't there stays in the list, so that it is seen. */
export function optionsFor(columns: readonly Column[], chosen: string | null): readonly Option<string>[] {
  const missing = chosen !== null && columns.every(column => column.name !== chosen);
  return [
    { value: NO_COLUMN, label: 'Not chosen' },
    ...columns.map(column => ({ value: column.name, label: column.name })),
    ...(missing ? [{ value: chosen, label: `${chosen} (not in the data)` }] : []),
  ];
}
