/** One picture per kind; layers get that of their type, else that of their category. */
import {
  Box,
  ChevronsDown,
  ChevronsUp,
  CircleDot,
  Divide,
  Gauge,
  Grid3x3,
  Image,
  Layers,
  type LucideIcon,
  Merge,
  Minus,
  Plus,
  Repeat,
  Shapes,
  Shrink,
  Shuffle,
  SlidersHorizontal,
  Spline,
  Table,
  Target,
  X,
} from 'lucide-react';

export const MODEL_ICON: LucideIcon = Box;
export const IMAGE_ICON: LucideIcon = Image;
export const TABLE_ICON: LucideIcon = Table;
export const OUTPUT_ICON: LucideIcon = Target;

const BY_TYPE: Readonly<Record<string, LucideIcon>> = {
  Concatenate: Merge,
  Add: Plus,
  Average: Divide,
  Multiply: X,
  Maximum: ChevronsUp,
  Minimum: ChevronsDown,
  Subtract: Minus,
  Dot: CircleDot,
};

const BY_CATEGORY: Readonly<Record<string, LucideIcon>> = {
  Core: Layers,
  Convolution: Grid3x3,
  Pooling: Shrink,
  Recurrent: Repeat,
  Normalization: Gauge,
  Regularization: Shuffle,
  Activation: Spline,
  Reshape: Shapes,
  Merge,
  Preprocessing: SlidersHorizontal,
};

export function layerIcon(type: string, category: string | undefined): LucideIcon {
  return BY_TYPE[type] ?? BY_CATEGORY[category ?? ''] ?? Layers;
}
