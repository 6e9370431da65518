/** Asks real Keras (`goldens.py`) about the cases of layer types: from the layer table to golden files, in memory. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { ROOT } from '../machine.mjs';
import { ensureKeras } from './environment.mjs';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'goldens.py');

/** Calls `use` with modules of the app, loaded as Vite would: `load('/src/…')`. */
export async function withAppModules(use) {
  const server = await createServer({
    root: ROOT,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    return await use(path => server.ssrLoadModule(path));
  } finally {
    await server.close();
  }
}

/**
 * The golden file of each type, as `src/targets/tfjs/goldens/golden-files.ts` describes it. `types` are entries of the layer
 * table with their `goldenCases`. Types with a problem have no file.
 */
export async function askKeras(types) {
  const questions = types.flatMap(({ type, cases }) =>
    cases.map((one, place) => ({ type, place, one, question: toQuestion(one) })),
  );
  const { keras, answers } = await answerAll(questions.map(({ question }, id) => ({ id, ...question })));
  const problems = [];
  const files = new Map();
  for (const { type } of types) {
    const own = questions.flatMap((question, id) =>
      question.type === type ? [{ ...question, reply: answers.get(id) }] : [],
    );
    const failed = own.filter(({ reply }) => reply?.answer === undefined);
    for (const { one, reply } of failed) {
      const shapes = JSON.stringify(one.shapes);
      const told = reply?.problem ?? 'no answer';
      problems.push(`${type.type} ${JSON.stringify(one.config)} of ${shapes}: ${told}`);
    }
    if (failed.length > 0) continue;
    const cases = own.map(({ one, reply }) => {
      const { shapes, runs } = reply.answer;
      return { config: one.config, inputs: one.shapes, drawn: one.drawn, shapes, runs };
    });
    files.set(type.type, { type: type.type, keras, masking: own[0].reply.answer.masking, cases });
  }
  return { files, problems };
}

function toQuestion({ type, config, quiet, shapes, inputs, weights, targets, runs }) {
  return {
    type: type.type,
    config,
    quiet,
    shapes,
    inputs: inputs.map(pack),
    weights: weights.map(weight => ({ ...pack(weight), role: weight.role, trainable: weight.trainable })),
    targets: targets.map(pack),
    runs: runs.map(({ name, masks }) => ({ name, masks: masks.map(mask => mask && pack(mask)) })),
  };
}

function pack({ shape, values }) {
  const dtype = values instanceof Int32Array ? 'int32' : 'float32';
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { shape, dtype, values: bytes.toString('base64') };
}

/** Spreads the questions over a process for each core, as each takes the next when it is done. */
async function answerAll(questions) {
  const python = await ensureKeras();
  const queue = [...questions];
  const answers = new Map();
  const versions = new Set();
  const workers = Math.min(availableParallelism(), Math.ceil(questions.length / 4));
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (queue.length > 0) {
        const broken = await answerInProcess(python, queue, reply => {
          if (reply.keras !== undefined) versions.add(reply.keras);
          else answers.set(reply.id, reply);
        });
        if (broken !== null) answers.set(broken.id, broken);
      }
    }),
  );
  return { keras: [...versions].join(), answers };
}

/** Answers until the queue is empty, or until a question ends the process (XLA can abort): then the problem is that question's. */
async function answerInProcess(python, queue, take) {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text;
  });
  // A process that has ended takes no more questions; why is read from its errors.
  child.stdin.on('error', () => {});
  const closed = new Promise(resolve => child.on('close', resolve));
  let asked = null;
  for await (const line of createInterface({ input: child.stdout })) {
    take(JSON.parse(line));
    asked = queue.shift() ?? null;
    if (asked === null) child.stdin.end();
    else child.stdin.write(`${JSON.stringify(asked)}\n`);
  }
  const code = await closed;
  if (code === 0) return null;
  if (asked === null) throw new Error(`goldens.py ended with ${code}:\n${errors}`);
  const [why = ''] = errors.split('\n').filter(line => /^F|Error/.test(line));
  return { id: asked.id, problem: `Python ended with ${code}: ${why.slice(0, 300)}` };
}
