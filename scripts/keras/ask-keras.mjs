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
  let keras = null;
  const workers = Math.min(availableParallelism(), Math.ceil(questions.length / 4));
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', text => {
        errors += text;
      });
      const closed = new Promise(resolve => child.on('close', resolve));
      const next = () => {
        const question = queue.shift();
        if (question === undefined) child.stdin.end();
        else child.stdin.write(`${JSON.stringify(question)}\n`);
      };
      for await (const line of createInterface({ input: child.stdout })) {
        const reply = JSON.parse(line);
        if (reply.keras !== undefined) keras = reply.keras;
        else answers.set(reply.id, reply);
        next();
      }
      const code = await closed;
      if (code !== 0) throw new Error(`goldens.py ended with ${code}:\n${errors}`);
    }),
  );
  return { keras, answers };
}
