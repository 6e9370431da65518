/** SimpleRNN, LSTM and GRU: a cell each, led over the steps. */
import * as gru from '../../../layers/defs/gru';
import * as lstm from '../../../layers/defs/lstm';
import * as simpleRnn from '../../../layers/defs/simple-rnn';
import { type CellPlace, gruCell, lstmCell, simpleRnnCell } from './dense-cells';
import { implement, type LayerCall, type Mask } from './implementation';
import { type Cell, runSteps, type Sequence } from './run-steps';

export const simpleRnnLayer = implement(simpleRnn.simpleRnn, lead(simpleRnnCell), stepMasks);
export const lstmLayer = implement(lstm.lstm, lead(lstmCell), stepMasks);
export const gruLayer = implement(gru.gru, lead(gruCell), stepMasks);

function lead<C>(makeCell: (config: C, place: CellPlace) => Cell) {
  return ({ config, x, inputs, masks, weights, training }: LayerCall<C & Sequence['config']>) => {
    const cell = makeCell(config, { weights, training, batch: x.shape[0] ?? 1 });
    return runSteps(cell, { x, mask: maskOf({ inputs, masks }), states: inputs.slice(1), config });
  };
}

/** The mask that a recurrent layer heeds: Keras 3 hands it none if it is called on states too (`Layer.__call__`, step 6). */
export function maskOf({ inputs, masks }: Pick<LayerCall, 'inputs' | 'masks'>): Mask {
  return inputs.length === 1 ? (masks[0] ?? null) : null;
}

/** Keras: what is returned for each step has the mask of the steps; a single result has none, and states have none. */
export function stepMasks({
  config,
  masks,
}: Pick<LayerCall<{ readonly return_sequences: boolean }>, 'config' | 'masks'>): readonly Mask[] {
  return [config.return_sequences ? (masks[0] ?? null) : null];
}
