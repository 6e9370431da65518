/** See scripts/graft-layers-plugin.ts. */
declare module 'virtual:graft-layers' {
  /** The text of `graft-layers.js`. */
  export const source: string;
}
