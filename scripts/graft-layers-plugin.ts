/**
 * Gives `virtual:graft-layers` to the app: the text of `graft-layers.js`, one module that registers Graft's layers with
 * whatever `@tensorflow/tfjs` its receiver has. It is built from the sources that train here, so both compute the same.
 */
import { build, type Plugin } from 'vite';

const ID = 'virtual:graft-layers';
const ENTRY = 'src/targets/tfjs/graft-layers.ts';

export function graftLayers(): Plugin {
  let text: Promise<string> | null = null;
  let root = process.cwd();
  return {
    name: 'graft-layers',
    configResolved(config) {
      root = config.root;
    },
    resolveId: id => (id === ID ? `\0${ID}` : null),
    async load(id) {
      if (id !== `\0${ID}`) return null;
      text ??= bundle(root);
      return `export const source = ${JSON.stringify(await text)};`;
    },
    // In development the next load bundles again.
    handleHotUpdate({ file }) {
      if (/\/src\/(layers|targets|network|base|formats)\//.test(file)) text = null;
    },
  };
}

async function bundle(root: string): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: ENTRY, formats: ['es'], fileName: 'graft-layers' },
      rollupOptions: { external: ['@tensorflow/tfjs'] },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new Error(`${ENTRY} gave no bundle.`);
  return chunk.code;
}
