/**
 * What the measured values at the joints mean: whether a model gets what it was trained on, whether branches suit each other,
 * and what never changes. Findings are diagnostics with their fixes; where nothing can be known they ask. Pure.
 */
import type { Diagnostic, Fix, Severity } from '../compiler/result';
import type { Wire } from '../graph/document';
import { insertOnWire, type NewLayer, portIndex } from '../graph/edits';
import type { Network } from '../network/network';
import { countConstant, type TensorStats } from '../trainer/tensor-stats';
import { firstRescaling, type Joint, type KnownStatistics, type ProbePlan } from './insight-plan';

export function judgeRanges(
  plan: ProbePlan,
  stats: readonly TensorStats[],
  networks: ReadonlyMap<string, Network>,
): readonly Diagnostic[] {
  const at = (point: number) => stats[point];
  const seen = new Set<number>();
  return plan.joints
    .flatMap((joint): readonly Diagnostic[] => {
      const found: Diagnostic[] = [];
      const own = at(joint.point);
      if (own === undefined) return found;
      if (!seen.has(joint.point)) found.push(...judgeValues(joint, own));
      seen.add(joint.point);
      if (joint.target.kind === 'model') found.push(...judgeEntrance(joint, own, plan, stats, networks));
      return found;
    })
    .concat(plan.merges.flatMap(({ type, branches }) => judgeBranches(type, branches, stats)));
}

function make(
  code: string,
  severity: Severity,
  wire: Wire,
  message: string,
  fixes: readonly Fix[] = [],
): Diagnostic {
  return { code, severity, subject: { kind: 'wire', wire: wire.id }, related: [], message, fixes };
}

function insert(wire: Wire, layer: NewLayer, label = `Add ${layer.type}`): Fix {
  return { label, edit: insertOnWire(wire.id, [layer]) };
}

function rescale(wire: Wire, scale: number, said: string): Fix {
  return insert(wire, { type: 'Rescaling', config: { scale } }, `Add Rescaling ${said}`);
}

function judgeValues({ wire, source }: Joint, stats: TensorStats): readonly Diagnostic[] {
  if (stats.notFinite > 0) {
    const message = `${source.name} gives ${stats.notFinite.toLocaleString('en')} values that are not finite numbers. Look at what flows into it, and at its weights.`;
    return [make('range/not-finite', 'warning', wire, message)];
  }
  if (source.kind === 'input') return [];
  const constant = countConstant(stats);
  if (constant === 0) return [];
  const all = stats.channels.length;
  const rows = `all ${stats.rows.toLocaleString('en')} rows`;
  if (constant === all) {
    const message = `What ${source.name} gives is the same in ${rows}: it says nothing about them. Check what flows into it.`;
    return [make('range/constant', 'warning', wire, message)];
  }
  const message = `${constant} of the ${all} features of ${source.name} are the same in ${rows}: they say nothing about this data.`;
  return [make('range/dead-features', 'hint', wire, message)];
}

/** So many times too large or too small is no matter of different data any more. */
const FAR = 10;

function judgeEntrance(
  joint: Joint,
  own: TensorStats,
  plan: ProbePlan,
  stats: readonly TensorStats[],
  networks: ReadonlyMap<string, Network>,
): readonly Diagnostic[] {
  const { wire, target } = joint;
  if (target.kind !== 'model' || own.notFinite > 0) return [];
  const network = networks.get(target.model);
  const rescaling = network && firstRescaling(target, network, portIndex(wire.to.port));
  const scale = rescaling?.config.scale;
  if (typeof scale === 'number') return judgeRescaling(joint, own, scale);
  const known = plan.statistics.find(each => each.joint === joint && knowsSomething(each));
  if (known !== undefined) return judgeStatistics(known, own, stats[known.point]);
  return askAboutRange(joint, own);
}

/** A Rescaling by less than a tenth is there for large values: with small ones hardly anything is left of them. */
function judgeRescaling(
  { wire, source, target }: Joint,
  own: TensorStats,
  scale: number,
): readonly Diagnostic[] {
  const largest = Math.max(Math.abs(own.min), Math.abs(own.max));
  if (Math.abs(scale) >= 0.1 || largest === 0 || largest * Math.abs(scale) > 0.05) return [];
  const back = 1 / scale;
  const message = `${source.name} gives values from ${range(own)}, and ${target.name} multiplies them by ${say(scale)} first: it was made for values up to about ${say(Math.abs(back))}. Bring them there.`;
  return [make('range/too-small', 'warning', wire, message, [rescale(wire, back, `× ${say(back)}`)])];
}

/** Statistics that were never moved from their start (mean 0, variance 1) say nothing. */
function knowsSomething({ layer }: KnownStatistics): boolean {
  const { means, variances } = statisticsOf(layer);
  if (means === undefined || variances === undefined) return false;
  return !(means.every(value => value === 0) && variances.every(value => value === 1));
}

function statisticsOf({ type, weights }: KnownStatistics['layer']) {
  const [mean, variance] =
    type === 'Normalization'
      ? (['mean', 'variance'] as const)
      : (['moving_mean', 'moving_variance'] as const);
  return { means: weights[mean]?.values, variances: weights[variance]?.values };
}

function judgeStatistics(
  { joint, layer, model, atEntrance }: KnownStatistics,
  own: TensorStats,
  inside: TensorStats | undefined,
): readonly Diagnostic[] {
  const { means, variances } = statisticsOf(layer);
  if (inside === undefined || means === undefined || variances === undefined) return [];
  // Another axis than the last has other statistics than those that were measured.
  if (means.length !== inside.channels.length) return [];
  const wider: number[] = [];
  const away: number[] = [];
  for (const [channel, { mean, std }] of inside.channels.entries()) {
    const known = Math.sqrt(Math.max(0, variances[channel] ?? 0));
    if (known === 0) continue;
    if (std > 0) wider.push(std / known);
    away.push(Math.abs(mean - (means[channel] ?? 0)) / known);
  }
  const [spread, shift] = [median(wider), median(away)];
  if (spread === null || shift === null) return [];
  if (spread <= FAR && spread >= 1 / FAR && shift <= FAR) return [];
  const { wire, source } = joint;
  const where = atEntrance ? `In ${model.name}` : `At '${layer.name}' in ${model.name}`;
  const what =
    spread > FAR
      ? `spread ${say(spread)} times as widely as`
      : spread < 1 / FAR
        ? `spread ${say(1 / spread)} times less widely than`
        : `lie ${say(shift)} times their spread away from`;
  const message = `${source.name} gives values from ${range(own)}. ${where} they ${what} those that it was trained on, as its ${layer.type} has kept them. Bring them to the range of its training data.`;
  const fixes = byteFix(joint, own, spread);
  return [make('range/other-than-trained', 'warning', wire, message, fixes)];
}

/** Bytes where parts of 1 are expected, or the other way round: the usual cause, and easily mended. */
function byteFix({ wire }: Joint, own: TensorStats, spread: number): readonly Fix[] {
  if (spread > FAR && looksLikeBytes(own)) return [rescale(wire, 1 / 255, '1/255')];
  if (spread < 1 / FAR && own.min >= -1 && own.max <= 1) return [rescale(wire, 255, '× 255')];
  return [];
}

function looksLikeBytes({ min, max }: TensorStats): boolean {
  return min >= 0 && max > 100 && max <= 255;
}

/** Nothing in the model says what it was trained on. Inputs of networks are small as a rule, so large ones are asked about. */
function askAboutRange({ wire, source, target }: Joint, own: TensorStats): readonly Diagnostic[] {
  const largest = Math.max(Math.abs(own.min), Math.abs(own.max));
  if (largest <= 2 * FAR) return [];
  const bytes = looksLikeBytes(own);
  const usual = bytes
    ? 'Pictures are mostly brought from 0 to 255 to 0 to 1'
    : 'Most networks take values of about 1';
  const message = `${source.name} gives values from ${range(own)}. Was ${target.name} trained on such values? Nothing in it says so. ${usual}.`;
  const fix = bytes
    ? rescale(wire, 1 / 255, '1/255')
    : insert(wire, { type: 'BatchNormalization', config: {} });
  return [make('range/ask', 'hint', wire, message, [fix])];
}

/** Merges whose branches meet value by value or side by side; a product has no common scale. */
const SCALE_MATTERS = new Set(['Add', 'Average', 'Subtract', 'Maximum', 'Minimum', 'Concatenate']);

function judgeBranches(
  type: string,
  branches: readonly Joint[],
  stats: readonly TensorStats[],
): readonly Diagnostic[] {
  if (!SCALE_MATTERS.has(type)) return [];
  const sized = branches.flatMap(joint => {
    const own = stats[joint.point];
    return own === undefined || own.notFinite > 0 ? [] : [{ joint, size: Math.hypot(own.mean, own.std) }];
  });
  const alive = sized.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size);
  const [largest, smallest] = [alive[0], alive.at(-1)];
  if (largest === undefined || smallest === undefined) return [];
  const ratio = largest.size / smallest.size;
  if (ratio < FAR) return [];
  const { wire, source, target } = largest.joint;
  const effect =
    type === 'Concatenate' ? 'so what follows hears mostly that' : 'so hardly anything of the other is left';
  const message = `${source.name} gives values about ${say(ratio)} times as large as ${smallest.joint.source.name} (${say(largest.size)} and ${say(smallest.size)}, root mean square), ${effect} in ${target.name}. Bring them to one scale.`;
  const scale = Number((smallest.size / largest.size).toPrecision(2));
  const fixes = [
    insert(wire, { type: 'BatchNormalization', config: {} }),
    insert(wire, { type: 'LayerNormalization', config: {} }),
    rescale(wire, scale, `× ${say(scale)}`),
  ];
  return [make('range/scales-differ', ratio >= FAR * FAR ? 'warning' : 'hint', wire, message, fixes)];
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** `0 to 255`. */
export function range({ min, max }: TensorStats): string {
  return `${say(min)} to ${say(max)}`;
}

/** Three significant digits and no more than there are: `255`, `0.002`, `−1.5`. */
export function say(value: number): string {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(3));
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential(1) : String(rounded);
  return text.replaceAll('-', '−');
}
