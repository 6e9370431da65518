/** The rounds of `fuzz.mjs`: one reader in a thread, given one damaged file after the other. */
import { Worker } from 'node:worker_threads';
import { createRandom } from '../../src/base/random';
import { type Mutation, mutate } from '../../src/formats/testing/fuzz/mutate';
import type { Subject } from '../../src/formats/testing/fuzz/subjects';
import type { FromReader, ToReader } from './reader-thread';

/** In milliseconds: what the issue allows. */
const DEADLINE = 5000;
/** Rounds until the reader has what it keeps. */
const WARM_UP = 50;

export interface FuzzOptions {
  readonly rounds: number;
  readonly seed: number;
  /** One round alone, whose steps and answer are printed. */
  readonly only: number | null;
  /** `reader-thread.ts` as JavaScript. */
  readonly program: URL;
}

interface Tally {
  readonly kind: string;
  models: number;
  reports: number;
  ended: number;
  failed: number;
  /** In milliseconds, of those that weren't ended. */
  slowest: number;
}

/** Returns how many failed. */
export async function fuzz(subjects: readonly Subject[], options: FuzzOptions): Promise<number> {
  const reader = createReader(options.program);
  const tallies: Tally[] = [];
  let before: Memory | null = null;
  try {
    for (const subject of subjects) {
      const tally = { kind: subject.kind, models: 0, reports: 0, ended: 0, failed: 0, slowest: 0 };
      tallies.push(tally);
      for (const round of options.only === null
        ? Array.from({ length: options.rounds }, (_, i) => i)
        : [options.only]) {
        await playRound(subject, round, options, reader, tally);
        if (round === WARM_UP) before ??= await reader.memory();
      }
      console.info(formatTally(tally));
    }
    const after = await reader.memory();
    console.info(`\n${tallies.map(formatTally).join('\n')}`);
    console.info(
      `memory after ${WARM_UP} rounds and at the end: ${formatMemory(before)}; ${formatMemory(after)}`,
    );
  } finally {
    await reader.end();
  }
  return tallies.reduce((sum, { failed }) => sum + failed, 0);
}

/** The random numbers of a round depend on nothing but the seed, the kind's name and the round. */
export function mutationOf({ kind, models }: Subject, seed: number, round: number): Mutation {
  const letters = [...kind].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed);
  return mutate(models[round % models.length] ?? [], createRandom(letters + Math.imul(round, 0x9e3779b1)));
}

async function playRound(
  subject: Subject,
  round: number,
  options: FuzzOptions,
  reader: Reader,
  tally: Tally,
) {
  const { files, steps } = mutationOf(subject, options.seed, round);
  const start = performance.now();
  const answer = await reader.ask({ kind: 'read', files, onto: subject.onto });
  const took = performance.now() - start;
  const say = (what: string) =>
    console.info(`${subject.kind}, round ${round} (${steps.join(', ')}): ${what}`);
  if (answer === 'ended') {
    tally.ended += 1;
    say(`ended after ${DEADLINE / 1000} s`);
    return;
  }
  tally.slowest = Math.max(tally.slowest, took);
  const problem =
    typeof answer === 'string' ? answer : answer.kind === 'verdict' ? answer.verdict.problem : 'no verdict';
  if (problem !== null) {
    tally.failed += 1;
    say(problem);
  } else if (typeof answer !== 'string' && answer.kind === 'verdict') {
    if (answer.verdict.ended === 'model') tally.models += 1;
    else tally.reports += 1;
    if (options.only !== null) say(answer.verdict.ended);
  }
}

function formatTally({ kind, models, reports, ended, failed, slowest }: Tally): string {
  return `${kind.padEnd(30)} models ${String(models).padStart(5)}  reports ${String(reports).padStart(5)}  ended by deadline ${ended}  failed ${failed}  slowest ${Math.round(slowest)} ms`;
}

interface Memory {
  readonly held: number;
  readonly resident: number;
}

function formatMemory(memory: Memory | null): string {
  const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
  return memory === null
    ? 'not known'
    : `${megabytes(memory.held)} held, ${megabytes(memory.resident)} resident`;
}

interface Reader {
  /** As `nextAnswer`; after a string the next one gets a new thread. */
  ask(asked: ToReader): Promise<FromReader | string>;
  memory(): Promise<Memory | null>;
  end(): Promise<void>;
}

function createReader(program: URL): Reader {
  let thread: Promise<Worker> | null = null;
  const end = async () => {
    await (await thread)?.terminate();
    thread = null;
  };
  const ask: Reader['ask'] = async asked => {
    thread ??= startThread(program);
    const worker = await thread;
    const answer = await nextAnswer(worker, () => worker.postMessage(asked));
    if (typeof answer === 'string') await end();
    return answer;
  };
  return {
    ask,
    end,
    async memory() {
      const answer = await ask({ kind: 'memory' });
      return typeof answer !== 'string' && answer.kind === 'memory' ? answer : null;
    },
  };
}

async function startThread(program: URL): Promise<Worker> {
  const worker = new Worker(program);
  const answer = await nextAnswer(worker, () => {});
  if (typeof answer === 'string') throw new Error(`The reader doesn’t start: ${answer}`);
  return worker;
}

/** `ended`: it took too long. Another string: the thread died of that. */
function nextAnswer(worker: Worker, ask: () => void): Promise<FromReader | string> {
  return new Promise(resolve => {
    const settle = (answer: FromReader | string) => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const onError = (error: Error) => settle(`the thread died: ${error.message}`);
    const onExit = (code: number) => settle(`the thread ended with ${code}`);
    const timer = setTimeout(() => settle('ended'), DEADLINE);
    worker.on('message', settle).on('error', onError).on('exit', onExit);
    ask();
  });
}
