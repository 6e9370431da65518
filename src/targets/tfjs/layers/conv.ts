import { conv1d as conv1dType } from '../../../layers/defs/conv1d';
import { conv2d as conv2dType } from '../../../layers/defs/conv2d';
import { conv3d as conv3dType } from '../../../layers/defs/conv3d';
import type { ConfigOf } from '../../../layers/params';
import { toChannelsLast } from './along-axis';
import { convolve, finishConvolution } from './convolve';
import { type Forward, implement } from './implementation';

const forward: Forward<ConfigOf<typeof conv2dType.params>> = call => {
  const { config, weights } = call;
  const x = toChannelsLast(call.x, config.data_format);
  return finishConvolution(convolve(x, weights.get('kernel'), config, config.groups), call);
};

export const conv1d = implement(conv1dType, forward);
export const conv2d = implement(conv2dType, forward);
export const conv3d = implement(conv3dType, forward);
