/** A file that can't be used: why, and what its owner can do. Thrown inside `formats` only; `read-files.ts` catches it. */
export class Refusal extends Error {
  constructor(
    readonly reason: string,
    readonly wayOut: string,
  ) {
    super(reason);
    this.name = 'Refusal';
  }
}
