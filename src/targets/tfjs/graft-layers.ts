/** The entry of `graft-layers.js`, which downloads carry: importing it registers the layers. */
import { registerGraftLayers } from './graft-layer';

registerGraftLayers();
