/** `npm start`: from a fresh clone to Graft in the browser. What follows `--` goes to Vite. */
import { prepare, program, run } from './machine.mjs';

await prepare();
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const open = hasDisplay && !process.env.CI ? ['--open'] : [];
// Vite prints the address. Ctrl+C reaches it too: it ends first, then this.
process.on('SIGINT', () => {});
process.exitCode = await run(process.execPath, [program('vite'), ...open, ...process.argv.slice(2)]);
