/** Weights without a model: which of the models here they are for, or what to do where none is. */
import { type Fits, fittingNodes } from '../../store/import-flow';
import type { Shown } from '../../store/import-slice';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Notice } from '../../ui-kit/notice';
import styles from './import-reports.module.css';

export function WeightsOffer({ shown }: { readonly shown: Extract<Shown, { kind: 'weights' }> }) {
  const store = useGraftStore();
  const { id, name, file, fits } = shown;
  const document = useGraft(state => state.document);
  const models = useGraft(state => state.models);
  const nodes = fittingNodes(document, fits);
  const isTrying = Object.keys(models).some(model => fits[model] === undefined);
  return (
    <Notice
      tone="good"
      title={`${name} holds weights without a model`}
      onClose={() => store.getState().dismissReport(id)}
    >
      <p>{say(nodes.length, Object.keys(models).length, isTrying, fits)}</p>
      {nodes.length > 0 && (
        <div className={styles.offers}>
          {nodes.map((node, index) => (
            <Button
              key={node.id}
              size="small"
              look={index === 0 ? 'primary' : 'normal'}
              onClick={() => void store.getState().loadWeights(file, node.id)}
            >
              Load into {node.name}
            </Button>
          ))}
        </div>
      )}
    </Notice>
  );
}

const BRING =
  'Drop the model that they belong to; or drop these weights again together with the model’s structure, which model.to_json() gives.';

function say(fitting: number, models: number, isTrying: boolean, fits: Fits): string {
  if (isTrying) return 'Trying which models they fit…';
  if (fitting > 0) return 'They fit. What is cut, frozen and wired stays; only the values change.';
  if (models === 0) return BRING;
  if (Object.values(fits).some(fit => fit !== null))
    return 'They fit a model that is not on the canvas: bring it there from the palette.';
  return `They fit no model here. ${BRING}`;
}
