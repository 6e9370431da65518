import * as tf from '@tensorflow/tfjs';
import { depthwiseConv1d as depthwise1dType } from '../../../layers/defs/depthwise-conv1d';
import { depthwiseConv2d as depthwise2dType } from '../../../layers/defs/depthwise-conv2d';
import { separableConv1d as separable1dType } from '../../../layers/defs/separable-conv1d';
import { separableConv2d as separable2dType } from '../../../layers/defs/separable-conv2d';
import type { ConfigOf } from '../../../layers/params';
import { sizeAt, toChannelsLast } from './along-axis';
import { convolveDepthwise, finishConvolution } from './convolve';
import { type Forward, implement } from './implementation';

const depthwise: Forward<ConfigOf<typeof depthwise2dType.params>> = call => {
  const x = toChannelsLast(call.x, call.config.data_format);
  return finishConvolution(convolveDepthwise(x, call.weights.get('depthwise_kernel'), call.config), call);
};

/** The pointwise kernel sees one place at a time: a product of matrices. */
const separable: Forward<ConfigOf<typeof separable2dType.params>> = call => {
  const { config, weights } = call;
  const x = toChannelsLast(call.x, config.data_format);
  const patterns = convolveDepthwise(x, weights.get('depthwise_kernel'), config);
  const channels = sizeAt(patterns, patterns.rank - 1);
  const mixed = tf.matMul(
    tf.reshape(patterns, [-1, channels]),
    tf.reshape(weights.get('pointwise_kernel'), [channels, config.filters]),
  );
  return finishConvolution(tf.reshape(mixed, [...patterns.shape.slice(0, -1), config.filters]), call);
};

export const depthwiseConv1d = implement(depthwise1dType, depthwise);
export const depthwiseConv2d = implement(depthwise2dType, depthwise);
export const separableConv1d = implement(separable1dType, separable);
export const separableConv2d = implement(separable2dType, separable);
