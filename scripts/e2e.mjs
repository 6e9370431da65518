/** `npm run test:e2e`: builds the site and runs the end-to-end tests on it. What follows `--` goes to Playwright. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { prepare, program, RESULTS, run } from './machine.mjs';
import { formatResults, readResults } from './results.mjs';

/** Resolves to whether all went well. Needs the packages. */
export async function testEndToEnd(args = []) {
  const results = join(RESULTS, 'e2e.json');
  mkdirSync(RESULTS, { recursive: true });
  rmSync(results, { force: true });
  const env = {
    ...process.env,
    GRAFT_BROWSER: await ensureBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_FILE: results,
  };
  console.log(`End-to-end tests in ${env.GRAFT_BROWSER}`);
  let code = await run(process.execPath, [program('vite'), 'build']);
  if (code === 0) {
    const playwright = [program('playwright'), 'test', '--reporter=list,json', ...args];
    code = await run(process.execPath, playwright, { env });
  }
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} playwright  ${formatResults(readResults(results, code))}`);
  return code === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await prepare();
  process.exitCode = (await testEndToEnd(process.argv.slice(2))) ? 0 : 1;
}
