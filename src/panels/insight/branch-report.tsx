/** For each merge: the verdict on its branches, then the numbers that it rests on and what they mean. */
import type { ErrorOverlap, Judgement, Span } from '../../store/error-overlap';
import { say } from '../../store/insight-ranges';
import { type ComparedPair, type InsightReport, similaritySpan } from '../../store/insight-report';
import { useGraft } from '../../store/store';
import { Chip } from '../../ui-kit/chip';
import styles from './insight.module.css';

export function BranchReport({ report }: { readonly report: InsightReport }) {
  const { pairs, sources, notCompared } = report;
  const shown = new Set(pairs.flatMap(pair => pair.sources));
  return (
    <>
      {pairs.length === 0 && sources.length === 0 && (
        <p className={styles.text}>
          There is no merge with two different branches. Any two wires can be compared above.
        </p>
      )}
      {pairs.map(pair => (
        <PairReport key={`${pair.pair.a.wire.id} ${pair.pair.b.wire.id}`} compared={pair} report={report} />
      ))}
      {sources
        .filter(each => !shown.has(each))
        .map(({ head, a, b, overlap, judgement }) => (
          <article key={`${head} ${a.node} ${b.node}`} className={styles.pair}>
            <h4>
              {a.name} and {b.name} on {head}
            </h4>
            <VerdictText judgement={judgement} />
            <Overlap overlap={overlap} a={a.name} b={b.name} />
          </article>
        ))}
      {notCompared.map(({ name, reason }) => (
        <p key={`${name} ${reason}`} className={styles.small}>
          The errors of {name} alone can’t be compared: {reason}
        </p>
      ))}
    </>
  );
}

function PairReport({
  compared,
  report,
}: {
  readonly compared: ComparedPair;
  readonly report: InsightReport;
}) {
  const { pair, similarity, verdict, sources } = compared;
  const merge = useGraft(state => (pair.merge === null ? undefined : state.document.nodes[pair.merge]?.name));
  const span = similarity === null ? null : similaritySpan(similarity);
  return (
    <article className={styles.pair}>
      <h4>
        {pair.a.source.name} and {pair.b.source.name}
        {merge !== undefined && <small> into {merge}</small>}
      </h4>
      <VerdictText judgement={verdict} />
      <dl className={styles.numbers}>
        {similarity !== null && span !== null && (
          <Figure
            label="Similarity of the features"
            value={`${Math.max(0, span.value).toFixed(2)} [${span.low.toFixed(2)}, ${span.high.toFixed(2)}]`}
            help={`0: nothing in common, 1: the same but for turning and scaling. Linear CKA over ${similarity.rows.toLocaleString('en')} rows, corrected for their number; uncorrected it is ${similarity.cka.toFixed(2)}.`}
          />
        )}
      </dl>
      {sources.map(({ head, a, b, overlap }) => (
        <Overlap key={`${head} ${a.node} ${b.node}`} overlap={overlap} a={a.name} b={b.name} head={head} />
      ))}
      <p className={styles.small}>
        In brackets: the 95 % interval. Errors on {report.errorRows.toLocaleString('en')} rows that are not
        the final test’s. A model that saw these rows in its own training errs less on them than on new ones.
      </p>
    </article>
  );
}

const WORDS = { complementary: 'Complementary', redundant: 'Redundant', unclear: 'Not clear' } as const;

export function VerdictText({ judgement: { kind, sentence } }: { readonly judgement: Judgement }) {
  return (
    <p className={styles.verdict} data-testid="branch-verdict">
      <Chip tone={kind === 'complementary' ? 'accent' : kind === 'redundant' ? 'warn' : 'quiet'}>
        {WORDS[kind]}
      </Chip>{' '}
      {withoutLabel(sentence)}
    </p>
  );
}

/** The chip before it says the same word. */
function withoutLabel(sentence: string): string {
  return sentence.replace(/^(?:Complementary|Redundant|Not clear[^:]*): (.)/, (_, first: string) =>
    first.toUpperCase(),
  );
}

interface OverlapProps {
  readonly overlap: ErrorOverlap;
  readonly a: string;
  readonly b: string;
  readonly head?: string;
}

function Overlap({ overlap, a, b, head }: OverlapProps) {
  if (overlap.kind === 'numbers') {
    return (
      <dl className={styles.numbers}>
        <Figure label={`Error of ${a}`} value={say(overlap.errorA)} help="Root mean squared error." />
        <Figure label={`Error of ${b}`} value={say(overlap.errorB)} help="Root mean squared error." />
        <Figure
          label="Correlation of the errors"
          value={overlap.correlation === null ? '–' : say(overlap.correlation)}
          help="1: they err alike, so a blend wins nothing. 0: a blend averages the errors out."
        />
      </dl>
    );
  }
  const { rows, neitherWrong, onlyAWrong, onlyBWrong, bothWrong, kappa, yuleQ, oracle } = overlap;
  const parts = [
    { what: 'both right', count: neitherWrong },
    { what: `only ${a} wrong`, count: onlyAWrong },
    { what: `only ${b} wrong`, count: onlyBWrong },
    { what: 'both wrong', count: bothWrong },
  ];
  return (
    <>
      <ul className={styles.cells} aria-label={`Of ${rows} rows${head === undefined ? '' : ` of ${head}`}`}>
        {parts.map(({ what, count }) => (
          <li key={what}>
            <b>{count.toLocaleString('en')}</b> {what}
          </li>
        ))}
      </ul>
      <dl className={styles.numbers}>
        <Figure
          label="Right at best"
          value={`${(oracle * 100).toFixed(1)} %`}
          help={`Rows that at least one of the two gets right. ${a} alone: ${(overlap.accuracyA * 100).toFixed(1)} %, ${b} alone: ${(overlap.accuracyB * 100).toFixed(1)} %.`}
        />
        <Figure
          label="Agreement of the errors"
          value={kappa === null ? '–' : formatSpan(kappa)}
          help={`Cohen’s kappa: 1: they err on the same rows; 0: their errors have nothing to do with each other; below 0: one errs where the other doesn’t. Yule’s Q: ${yuleQ === null ? 'not defined' : yuleQ.toFixed(2).replace('-', '−')}.`}
        />
      </dl>
    </>
  );
}

function formatSpan({ value, low, high }: Span): string {
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`.replaceAll('-', '−');
}

function Figure({
  label,
  value,
  help,
}: {
  readonly label: string;
  readonly value: string;
  readonly help: string;
}) {
  return (
    <div title={help}>
      <dt>{label}</dt>
      <dd>{value}</dd>
      <dd className={styles.help}>{help}</dd>
    </div>
  );
}
