import { Download } from 'lucide-react';
import { selectCompiled } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { isBusy } from '../../store/training-state';
import { Button } from '../../ui-kit/button';
import { ExportDialog } from './export-dialog';

/** Opens the proof that stands before every download. */
export function ExportButton() {
  const open = useGraft(state => state.exporting.kind === 'open');
  const whole = useGraft(state => selectCompiled(state).network !== null);
  const busy = useGraft(state => isBusy(state.training));
  const openExport = useGraft(state => state.openExport);
  const why = !whole
    ? 'There is no whole network to export yet: see the problems.'
    : busy
      ? 'Training is under way. Export when it has ended.'
      : 'Check the network and download it';
  return (
    <>
      <Button disabled={!whole || busy} title={why} onClick={() => void openExport()}>
        <Download size={15} strokeWidth={1.75} aria-hidden="true" />
        Export
      </Button>
      {open && <ExportDialog />}
    </>
  );
}
