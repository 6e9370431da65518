/**
 * When the loop reports and lets messages arrive, and when it stands still. Its clock doesn't run while a run is paused. It
 * knows neither TensorFlow.js nor what is trained.
 */

/** What a person wants of the run now. */
export type Wish = 'go' | 'pause' | 'stop';

export interface PaceHooks {
  /** Asked after every step. */
  readonly wish: () => Wish;
  /** Lets messages arrive. */
  readonly breathe: () => Promise<void>;
  /** Milliseconds, from any start. */
  readonly now: () => number;
}

/** How often the loop reads the loss, reports and lets messages arrive, in milliseconds. */
const INTERVAL = 100;

export class Pace {
  private lastBreath: number;
  private rows = 0;
  private standing = 0;
  private readonly start: number;

  /** `elapsed`: milliseconds that the run has had before it was taken up again. */
  constructor(
    private readonly hooks: PaceHooks,
    elapsed: number,
  ) {
    this.lastBreath = hooks.now();
    this.start = this.lastBreath - elapsed;
  }

  /** Milliseconds since the first step, pauses left out. */
  elapsed(): number {
    return this.hooks.now() - this.start - this.standing;
  }

  /** After each step of so many rows: whether it is time to report and to breathe. */
  isDue(rows: number): boolean {
    this.rows += rows;
    return this.hooks.now() - this.lastBreath >= INTERVAL;
  }

  /** Since the last breath. */
  rowsPerSecond(): number {
    return (this.rows * 1000) / Math.max(1, this.hooks.now() - this.lastBreath);
  }

  async breathe(): Promise<void> {
    await this.hooks.breathe();
    this.lastBreath = this.hooks.now();
    this.rows = 0;
  }

  wish(): Wish {
    return this.hooks.wish();
  }

  /** Returns when the run is to go on or to stop. `untilWishChanges` resolves when there may be another wish. */
  async standStill(untilWishChanges: () => Promise<void>): Promise<void> {
    const from = this.hooks.now();
    while (this.hooks.wish() === 'pause') await untilWishChanges();
    this.standing += this.hooks.now() - from;
    this.lastBreath = this.hooks.now();
    this.rows = 0;
  }
}
