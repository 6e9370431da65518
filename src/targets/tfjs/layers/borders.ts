import { cropping1d as cropping1dType } from '../../../layers/defs/cropping1d';
import { cropping2d as cropping2dType } from '../../../layers/defs/cropping2d';
import { cropping3d as cropping3dType } from '../../../layers/defs/cropping3d';
import { zeroPadding1d as padding1dType } from '../../../layers/defs/zero-padding1d';
import { zeroPadding2d as padding2dType } from '../../../layers/defs/zero-padding2d';
import { zeroPadding3d as padding3dType } from '../../../layers/defs/zero-padding3d';
import { cropSpatial, padSpatial } from './along-axis';
import { implement } from './implementation';

export const zeroPadding1d = implement(padding1dType, ({ config, x }) =>
  padSpatial(x, [config.padding], config.data_format),
);
export const zeroPadding2d = implement(padding2dType, ({ config, x }) =>
  padSpatial(x, config.padding, config.data_format),
);
export const zeroPadding3d = implement(padding3dType, ({ config, x }) =>
  padSpatial(x, config.padding, config.data_format),
);
export const cropping1d = implement(cropping1dType, ({ config, x }) =>
  cropSpatial(x, [config.cropping], 'channels_last'),
);
export const cropping2d = implement(cropping2dType, ({ config, x }) =>
  cropSpatial(x, config.cropping, config.data_format),
);
export const cropping3d = implement(cropping3dType, ({ config, x }) =>
  cropSpatial(x, config.cropping, config.data_format),
);
