/**
 * What a runner found, as `{ passed, failed }`, from the JSON that Vitest and Playwright write, or from the words that runners
 * end with. A runner that left nothing, or that failed without a failed test, counts as one failure: it must not look good.
 *
 *     node scripts/results.mjs <file> [exit code]     prints `N passed, N failed`
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export function readResults(file, code = 0) {
  const { passed, failed } = count(file);
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}

export function formatResults({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

function count(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { passed: 0, failed: 1 };
  }
  if (!file.endsWith('.json')) return countWords(text);
  const json = JSON.parse(text);
  if (json.stats !== undefined) {
    // Playwright: a flaky test passed in the end.
    const { expected, unexpected, flaky } = json.stats;
    return { passed: expected + flaky, failed: Math.max(unexpected, json.errors.length > 0 ? 1 : 0) };
  }
  return { passed: json.numPassedTests, failed: Math.max(json.numFailedTests, json.success ? 0 : 1) };
}

/** The last `N passed` and the last `N failed` in it. */
function countWords(text) {
  const last = word =>
    Number([...text.matchAll(new RegExp(`(\\d+) ${word}\\b`, 'g'))].at(-1)?.[1] ?? Number.NaN);
  const [passed, failed] = [last('passed'), last('failed')];
  if (Number.isNaN(passed) && Number.isNaN(failed)) return { passed: 0, failed: 1 };
  return { passed: passed || 0, failed: failed || 0 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [file = '', code = '0'] = process.argv.slice(2);
  console.log(formatResults(readResults(file, Number(code))));
}
