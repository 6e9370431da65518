/** Seeded random numbers: the same seed gives the same sequence on every machine and backend. */

export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Integer in [0, bound). */
  below(bound: number): number;
  /** Where it stands: `resumeRandom` goes on from there. */
  state(): RandomState;
}

/** Four 32-bit integers. */
export type RandomState = readonly [number, number, number, number];

/** Its state is spread from the seed by SplitMix32. */
export function createRandom(seed: number): Random {
  let mix = seed | 0;
  const next = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return resumeRandom([next(), next(), next(), next()]);
}

/** xoshiro128** by Blackman and Vigna (https://prng.di.unimi.it/). */
export function resumeRandom(state: RandomState): Random {
  let [a, b, c, d] = state;
  const bits = () => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = () => bits() / 2 ** 32;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    below: bound => Math.floor(uniform() * bound),
    state: () => [a, b, c, d],
  };
}

/** The numbers 0 to count - 1 in a random order (Fisher-Yates). */
export function shuffledRange(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swap = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swap;
  }
  return order;
}
