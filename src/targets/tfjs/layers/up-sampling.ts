import { upSampling1d as upSampling1dType } from '../../../layers/defs/up-sampling1d';
import { upSampling2d as upSampling2dType } from '../../../layers/defs/up-sampling2d';
import { upSampling3d as upSampling3dType } from '../../../layers/defs/up-sampling3d';
import { repeatAlong, sizeAt, spatialAxes } from './along-axis';
import { implement } from './implementation';
import { resizeAlong } from './resize';

export const upSampling1d = implement(upSampling1dType, ({ config, x }) => repeatAlong(x, 1, config.size));

export const upSampling2d = implement(upSampling2dType, ({ config, x }) => {
  const { size, interpolation, data_format } = config;
  return spatialAxes(x, data_format).reduce((larger, axis, i) => {
    const times = size[i] ?? 1;
    return interpolation === 'nearest'
      ? repeatAlong(larger, axis, times)
      : resizeAlong(larger, axis, sizeAt(x, axis) * times, interpolation);
  }, x);
});

export const upSampling3d = implement(upSampling3dType, ({ config, x }) =>
  spatialAxes(x, config.data_format).reduce(
    (larger, axis, i) => repeatAlong(larger, axis, config.size[i] ?? 1),
    x,
  ),
);
