/** `npm test`: all checks, then the end-to-end tests on the built site. Works from a fresh clone. */
import { join } from 'node:path';
import { testEndToEnd } from './e2e.mjs';
import { prepare, ROOT, run } from './machine.mjs';

await prepare();
const checked = (await run(process.execPath, [join(ROOT, 'scripts', 'check.mjs')])) === 0;
const walked = await testEndToEnd();
console.log(checked && walked ? 'All tests passed.' : 'Not all tests passed.');
process.exitCode = checked && walked ? 0 : 1;
