/** Two models layer by layer: what is alike, what is equal, and which layers are one set of weights from now on. */
import { useState } from 'react';
import type { TiedLayer, TieStart } from '../../graph/document';
import { setTieStart, tieLayers, untieLayers } from '../../graph/ties';
import { selectNodeProblems } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { describePair, type ModelPair, type UsedMatch } from '../../store/structure';
import { Button } from '../../ui-kit/button';
import { SelectField } from '../../ui-kit/fields';
import { ProblemList } from '../inspector/problem-list';
import styles from './insight.module.css';
import { MatchTable } from './match-table';

export function ModelComparison({ pairs }: { readonly pairs: readonly ModelPair[] }) {
  const [chosen, choose] = useState('');
  const keyOf = ({ a, b }: ModelPair) => `${a.id} ${b.id}`;
  const pair = pairs.find(each => keyOf(each) === chosen) ?? pairs[0];
  if (pair === undefined) return null;
  return (
    <>
      {pairs.length > 1 && (
        <SelectField
          label="Models"
          wide
          value={keyOf(pair)}
          options={pairs.map(each => ({ value: keyOf(each), label: `${each.a.name} and ${each.b.name}` }))}
          onChange={choose}
        />
      )}
      <PairComparison key={keyOf(pair)} pair={pair} />
    </>
  );
}

function PairComparison({ pair }: { readonly pair: ModelPair }) {
  const { a, b, matches, onlyA, onlyB } = pair;
  const store = useGraftStore();
  const problems = useGraft(state => selectNodeProblems(state, b.id));
  const others = useGraft(state => selectNodeProblems(state, a.id));
  const [wanted, want] = useState<TieStart>({ kind: 'of', node: a.id });
  const weighted = matches.filter(({ weights }) => weights.kind !== 'none');
  const tied = weighted.filter(({ tie }) => tie !== null);
  const start = tied[0]?.tie?.start ?? wanted;
  const { applyEdit } = store.getState();
  const ends = (match: UsedMatch): readonly [TiedLayer, TiedLayer] => [
    { node: a.id, layer: match.a },
    { node: b.id, layer: match.b },
  ];
  const tie = (list: readonly UsedMatch[]) =>
    applyEdit(
      list.length === 1 ? `Tie ${list[0]?.a}` : `Tie ${list.length} layers`,
      tieLayers(list.map(ends), start),
    );
  const untie = (list: readonly UsedMatch[]) =>
    applyEdit(
      list.length === 1 ? `Untie ${list[0]?.a}` : `Untie ${list.length} layers`,
      untieLayers(list.flatMap(match => ends(match))),
    );
  const concerns = [...problems, ...others].filter(
    ({ code, related }) =>
      code.startsWith('tie/') ||
      (code === 'model/shared-base' && related.some(each => each.kind === 'node' && each.node === a.id)),
  );
  return (
    <>
      <p className={styles.text}>{describePair(pair)}</p>
      <ProblemList problems={concerns} />
      {weighted.length > 0 && (
        <>
          <MatchTable pair={pair} onToggle={match => (match.tie === null ? tie([match]) : untie([match]))} />
          <div className={styles.actions}>
            {tied.length < weighted.length && (
              <Button size="small" onClick={() => tie(weighted.filter(match => match.tie === null))}>
                {tied.length === 0 ? `Tie all ${weighted.length}` : 'Tie the others too'}
              </Button>
            )}
            {tied.length > 0 && (
              <Button size="small" onClick={() => untie(tied)}>
                {tied.length === 1 ? 'Untie it' : `Untie all ${tied.length}`}
              </Button>
            )}
          </div>
          <SelectField
            label="Tied layers start from"
            help="They are one set of weights, which training then fine-tunes for both models."
            value={optionOf(start)}
            options={[
              { value: a.id, label: a.name },
              { value: b.id, label: b.name },
              { value: AVERAGE, label: 'their average' },
              ...(start.kind === 'of' && start.node !== a.id && start.node !== b.id
                ? [{ value: start.node, label: 'another model' }]
                : []),
            ]}
            onChange={value => {
              const next: TieStart = value === AVERAGE ? { kind: 'average' } : { kind: 'of', node: value };
              want(next);
              if (tied.length > 0)
                applyEdit(
                  'Start tied layers elsewhere',
                  setTieStart(
                    tied.map(match => ends(match)[0]),
                    next,
                  ),
                );
            }}
          />
        </>
      )}
      {(onlyA > 0 || onlyB > 0) && (
        <p className={styles.small}>
          Without a like in the other: {onlyA} of {a.name}, {onlyB} of {b.name}.
        </p>
      )}
    </>
  );
}

const AVERAGE = ' average';

function optionOf(start: TieStart): string {
  return start.kind === 'average' ? AVERAGE : start.node;
}
