/** RNN with its cells, and the cells as layers that compute one step (https://keras.io/api/layers/recurrent_layers/rnn/). */
import * as tf from '@tensorflow/tfjs';
import { cellsIn } from '../../../layers/cell-rules';
import * as gru from '../../../layers/defs/gru-cell';
import * as lstm from '../../../layers/defs/lstm-cell';
import * as rnn from '../../../layers/defs/rnn';
import * as simple from '../../../layers/defs/simple-rnn-cell';
import * as stacked from '../../../layers/defs/stacked-rnn-cells';
import type { ConfigOf, KerasObject } from '../../../layers/params';
import { type CellPlace, gruCell, lstmCell, simpleRnnCell } from './dense-cells';
import { implement, type LayerCall } from './implementation';
import { maskOf, stepMasks } from './recurrent';
import { type Cell, runSteps } from './run-steps';

export const simpleRnnCellLayer = implement(simple.simpleRnnCell, call =>
  takeStep(simpleRnnCell(call.config, placeOf(call)), call),
);
export const lstmCellLayer = implement(lstm.lstmCell, call =>
  takeStep(lstmCell(call.config, placeOf(call)), call),
);
export const gruCellLayer = implement(gru.gruCell, call =>
  takeStep(gruCell(call.config, placeOf(call)), call),
);
export const stackedRnnCellsLayer = implement(stacked.stackedRnnCells, call => {
  const cell = { class_name: 'StackedRNNCells', config: call.config };
  return takeStep(makeCell(cell, placeOf(call)), call);
});

export const rnnLayer = implement(
  rnn.rnn,
  call => {
    const { config, x, inputs, weights } = call;
    const cell = makeCell(config.cell, { ...placeOf(call), weights: weights.inside('cell') });
    return runSteps(cell, { x, mask: maskOf(call), states: inputs.slice(1), config });
  },
  stepMasks,
);

function placeOf({ x, weights, training }: Pick<LayerCall, 'x' | 'weights' | 'training'>): CellPlace {
  return { weights, training, batch: x.shape[0] ?? 1 };
}

/** The result and the states after it. */
function takeStep(cell: Cell, { x, inputs }: Pick<LayerCall, 'x' | 'inputs'>): tf.Tensor[] {
  const states = cell.step(tf.squeeze(cell.project(tf.expandDims(x, 1)), [1]), inputs.slice(1));
  return [states[cell.result] as tf.Tensor, ...states];
}

function makeCell(object: KerasObject, place: CellPlace): Cell {
  if (object.class_name !== 'StackedRNNCells') return makeOne(object, place);
  const cells = cellsIn(object).map(({ cell, place: prefix }) =>
    makeOne(cell, { ...place, weights: place.weights.inside(prefix.replace('/', '')) }),
  );
  return cells.slice(1).reduce<Cell>(onTop, cells[0] as Cell);
}

/** Each reads what the one below returned for the same step. */
function onTop(below: Cell, above: Cell): Cell {
  const count = below.stateShapes.length;
  return {
    project: below.project,
    step(projected, states) {
      const lower = below.step(projected, states.slice(0, count));
      const between = tf.expandDims(lower[below.result] as tf.Tensor, 1);
      return [...lower, ...above.step(tf.squeeze(above.project(between), [1]), states.slice(count))];
    },
    result: count + above.result,
    stateShapes: [...below.stateShapes, ...above.stateShapes],
  };
}

function makeOne({ class_name, config }: KerasObject, place: CellPlace): Cell {
  // A wrapped layer's config is canonical as the wrapper's own is.
  switch (class_name) {
    case 'LSTMCell':
      return lstmCell(config as ConfigOf<typeof lstm.lstmCell.params>, place);
    case 'GRUCell':
      return gruCell(config as ConfigOf<typeof gru.gruCell.params>, place);
    default:
      return simpleRnnCell(config as ConfigOf<typeof simple.simpleRnnCell.params>, place);
  }
}
