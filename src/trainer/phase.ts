/** One phase of a run: its epochs over the live model, until they are done, nothing gets better, or a person stops it. */
import { must } from '../base/assert';
import { type Random, type RandomState, resumeRandom, shuffledRange } from '../base/random';
import type { StartedBackend } from '../targets/tfjs/backend';
import { buildLiveModel, type LiveModel } from '../targets/tfjs/live-model';
import { splitIntoBatches } from './batches';
import type { TrainHooks } from './core';
import { TrainerError } from './errors';
import { scoreLive } from './evaluate';
import { blame, failOnGpuError } from './failures';
import { directionOf, judgePlateau, judgeStopping, NEW_WATCH, readMonitor } from './monitor';
import type { Pace } from './pace';
import type { EpochLog, PhaseEnd, PhasePlan, Scores, TrainParams } from './protocol';
import { NEW_PHASE, type RunState } from './run-state';
import { learningRateAt } from './schedules';
import { ScoreSum } from './scoring';
import { drawFrom } from './seeded-random';
import { createStep, type Step } from './step';
import { layersThatMove, networkInPhase } from './trained-layers';

export interface Run {
  readonly params: TrainParams;
  readonly hooks: TrainHooks;
  readonly backend: StartedBackend;
  readonly pace: Pace;
}

/** The run as it stands when the phase under way has ended: at the beginning of the next one. */
export async function trainPhase(run: Run, from: RunState): Promise<RunState> {
  const { params } = run;
  const plan = must(params.phases[from.phase], 'the phase under way');
  const moving = layersThatMove(params.network, params.heads, plan.trainable);
  const network = networkInPhase(params.network, from.weights, moving);
  const live = buildLiveModel(network);
  const step = createStep(params, plan, network, live);
  const loop = new PhaseLoop(run, plan, live, step, from);
  try {
    if (from.optimizer !== null) step.optimizer.restore(from.optimizer);
    return await loop.run();
  } finally {
    loop.dispose();
    step.dispose();
    live.dispose();
  }
}

class PhaseLoop {
  /** What has happened so far; the rest of the state is on the device and in the two random sequences. */
  private done: Omit<RunState, 'scores' | 'weights' | 'optimizer' | 'order' | 'draws' | 'elapsed'>;
  private readonly order: Random;
  private readonly draws: Random;
  /** Where `order` stood before the epoch under way. */
  private orderOfEpoch: RandomState;
  private readonly scores: ScoreSum;
  private readonly stepsPerEpoch: number;
  private rate: number;

  constructor(
    private readonly job: Run,
    private readonly plan: PhasePlan,
    private readonly live: LiveModel,
    private readonly step: Step,
    from: RunState,
  ) {
    const { trainRows, settings, heads } = job.params;
    this.done = from;
    this.order = resumeRandom(from.order);
    this.orderOfEpoch = from.order;
    this.draws = resumeRandom(from.draws);
    this.scores = new ScoreSum(heads, from.scores);
    this.stepsPerEpoch = Math.ceil(trainRows.length / settings.batchSize);
    this.rate = plan.optimizer.learningRate;
  }

  async run(): Promise<RunState> {
    while (this.done.epochs < this.plan.epochs) {
      const by = await this.runEpoch();
      if (by !== null) return this.finish(by);
    }
    return this.finish('epochs');
  }

  /** Says how the phase ends with this epoch, null if it goes on. */
  private async runEpoch(): Promise<PhaseEnd['by'] | null> {
    const { pace } = this.job;
    const batches = this.shuffle();
    let wish = pace.wish();
    while (this.done.steps < batches.length && wish !== 'stop') {
      const rows = must(batches[this.done.steps], 'the rows of a step');
      this.rate = this.rateOfStep();
      this.scores.add(drawFrom(this.draws, () => this.step.run(rows, this.rate)));
      this.done = { ...this.done, steps: this.done.steps + 1 };
      if (pace.isDue(rows.length) && this.done.steps < batches.length) await this.report(rows);
      wish = await this.heed();
    }
    // An epoch that was broken off has no log: its mean would be over other rows.
    if (this.done.steps < batches.length) return 'person';
    const stops = await this.endEpoch(batches[0] ?? new Uint32Array());
    await pace.breathe();
    const isLast =
      this.done.epochs === this.plan.epochs && this.done.phase + 1 === this.job.params.phases.length;
    if ((await this.heed()) === 'stop' && !isLast) return 'person';
    return stops ? 'early-stopping' : null;
  }

  private shuffle(): readonly Uint32Array[] {
    const { trainRows, settings } = this.job.params;
    const order = shuffledRange(trainRows.length, this.order).map(index => trainRows[index] ?? 0);
    return splitIntoBatches(order, settings.batchSize);
  }

  private rateOfStep(): number {
    const { schedule, optimizer, epochs } = this.plan;
    if (schedule.kind === 'plateau') return this.done.plateau?.rate ?? optimizer.learningRate;
    const at = this.done.epochs + this.done.steps / this.stepsPerEpoch;
    return learningRateAt(schedule, optimizer.learningRate, at, epochs);
  }

  private async report(rows: Uint32Array): Promise<void> {
    const { hooks, pace } = this.job;
    const { loss } = await this.readScores(rows);
    const { history, steps } = this.done;
    const rowsPerSecond = pace.rowsPerSecond();
    hooks.onEvent({ kind: 'step', epoch: history.length + 1, step: steps, loss, rowsPerSecond });
    await pace.breathe();
  }

  /** Stands still while a person wants that. */
  private async heed(): Promise<'go' | 'stop'> {
    const { hooks, pace } = this.job;
    if (pace.wish() === 'pause') {
      hooks.onEvent({ kind: 'paused' });
      await pace.standStill(() => hooks.untilWishChanges(() => this.capture()));
      if (pace.wish() !== 'stop') hooks.onEvent({ kind: 'resumed' });
    }
    return pace.wish() === 'stop' ? 'stop' : 'go';
  }

  /** Whether nothing has got better for long enough. */
  private async endEpoch(rows: Uint32Array): Promise<boolean> {
    const { params, hooks, backend, pace } = this.job;
    const training = await this.readScores(rows);
    const { validationRows } = params;
    const validation =
      validationRows.length === 0
        ? null
        : await scoreLive(
            { ...params, rowWeights: params.rowWeights.validation },
            validationRows,
            this.live,
            backend,
            this.step.penalty,
          );
    const { history, phase, epochs } = this.done;
    const log: EpochLog = {
      epoch: history.length + 1,
      phase,
      learningRate: this.rate,
      training,
      validation,
      elapsed: pace.elapsed(),
    };
    this.scores.clear();
    this.orderOfEpoch = this.order.state();
    this.done = { ...this.done, epochs: epochs + 1, steps: 0, history: [...history, log] };
    hooks.onEvent({ kind: 'epoch', log });
    this.watchPlateau(log);
    return this.watchStopping(log);
  }

  private watchPlateau(log: EpochLog): void {
    const { schedule, optimizer } = this.plan;
    if (schedule.kind !== 'plateau') return;
    const { heads } = this.job.params;
    const watch = this.done.plateau ?? { ...NEW_WATCH, cooldown: 0, rate: optimizer.learningRate };
    const value = readMonitor(schedule.monitor, heads, log);
    const plateau = judgePlateau(schedule, watch, value, directionOf(schedule.monitor, heads));
    this.done = { ...this.done, plateau };
  }

  private async watchStopping(log: EpochLog): Promise<boolean> {
    const { heads, settings } = this.job.params;
    const { earlyStopping } = settings;
    if (earlyStopping === null) return false;
    const { monitor } = earlyStopping;
    const value = readMonitor(monitor, heads, log);
    const { stopping, epochs } = this.done;
    const verdict = judgeStopping(earlyStopping, stopping, value, directionOf(monitor, heads), epochs);
    this.done = { ...this.done, stopping: verdict.watch };
    if (verdict.isBest && earlyStopping.restoreBest)
      this.done = { ...this.done, best: { epoch: log.epoch, weights: await this.live.readWeights() } };
    return verdict.stops;
  }

  private async readScores(rows: Uint32Array): Promise<Scores> {
    const { params, backend } = this.job;
    const scores = await this.scores.read().catch((error: unknown) => {
      failOnGpuError(backend);
      throw error;
    });
    failOnGpuError(backend);
    if (scores === null) throw new Error('No step was made.');
    if (!Number.isFinite(scores.loss)) {
      const layer = await blame(params.network, params.inputs, rows);
      throw new TrainerError('training/nan', 'The loss is no longer a finite number.', layer);
    }
    return scores;
  }

  private async capture(): Promise<RunState> {
    return {
      ...this.done,
      scores: await this.scores.save(),
      optimizer: await this.step.optimizer.save(),
      weights: await this.live.readWeights(),
      order: this.orderOfEpoch,
      draws: this.draws.state(),
      elapsed: this.job.pace.elapsed(),
    };
  }

  private async finish(by: PhaseEnd['by']): Promise<RunState> {
    const { phase, history, ends, best } = this.done;
    const restored = by === 'person' ? null : best;
    const weights = restored?.weights ?? (await this.live.readWeights());
    failOnGpuError(this.job.backend);
    return {
      ...NEW_PHASE,
      phase: phase + 1,
      weights,
      order: this.order.state(),
      draws: this.draws.state(),
      history,
      ends: [...ends, { by, restored: restored?.epoch ?? null }],
      elapsed: this.job.pace.elapsed(),
    };
  }

  dispose(): void {
    this.scores.dispose();
  }
}
