import { CircleAlert, Lock, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import type { NodeProps } from 'reactflow';
import { Chip } from '../ui-kit/chip';
import { classNames } from '../ui-kit/class-names';
import { IconTile } from '../ui-kit/icon-tile';
import { IMAGE_ICON, layerIcon, MODEL_ICON, OUTPUT_ICON, TABLE_ICON } from '../ui-kit/kind-icons';
import type { Card, Row } from './card';
import styles from './node-card.module.css';
import { PortHandle } from './port-handle';
import type { Bar } from './spine';
import type { CardNode } from './to-flow';

export const NodeCard = memo(function NodeCard({ data: { card }, selected }: NodeProps<CardNode>) {
  const problem = card.problem;
  return (
    <div
      className={classNames(
        styles.card,
        styles[card.tone],
        problem !== null && (problem.wrong ? styles.wrong : styles.warned),
        selected && styles.selected,
      )}
      data-testid={`node-${card.id}`}
    >
      <header className={styles.head}>
        <IconTile tone={card.tone} icon={iconOf(card)} />
        <div className={styles.name} title={card.name}>
          {card.name}
        </div>
        {card.chip !== null && (
          <span className={styles.chip}>
            <Chip tone={card.chip.frozen ? 'quiet' : 'accent'}>
              {card.chip.frozen && <Lock size={11} strokeWidth={1.75} aria-hidden="true" />}
              {card.chip.text}
            </Chip>
          </span>
        )}
        <div className={styles.subtitle} title={card.subtitle}>
          {card.subtitle}
        </div>
      </header>
      {problem !== null && <ProblemLine problem={problem} />}
      {card.spine !== null && <Spine card={card} bars={card.spine} />}
      {card.rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place.
        <CardRow key={index} node={card.id} row={row} />
      ))}
    </div>
  );
});

function iconOf(card: Card) {
  switch (card.icon) {
    case 'model':
      return MODEL_ICON;
    case 'image':
      return IMAGE_ICON;
    case 'table':
      return TABLE_ICON;
    case 'output':
      return OUTPUT_ICON;
    case 'layer':
      return layerIcon(card.type, card.category);
  }
}

function ProblemLine({ problem }: { readonly problem: NonNullable<Card['problem']> }) {
  const Icon = problem.wrong ? CircleAlert : TriangleAlert;
  return (
    <div
      className={styles.problem}
      style={{ '--tone': problem.wrong ? 'var(--wrong)' : 'var(--warn)' } as React.CSSProperties}
      title={problem.text}
    >
      <Icon size={12} strokeWidth={2} aria-hidden="true" />
      <p>
        {problem.text}
        {problem.more > 0 && <span className={styles.more}> And {problem.more} more.</span>}
      </p>
    </div>
  );
}

function Spine({ card, bars }: { readonly card: Card; readonly bars: readonly Bar[] }) {
  const { input, output } = card.spinePorts;
  return (
    <div className={styles.spine}>
      {input !== null && <PortHandle node={card.id} port={input} side="input" />}
      {bars.map((bar, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity but their place.
        <span key={index} className={classNames(styles.bar, bar !== 'used' && styles[bar])} />
      ))}
      {output !== null && <PortHandle node={card.id} port={output} side="output" />}
    </div>
  );
}

function CardRow({ node, row }: { readonly node: string; readonly row: Row }) {
  return (
    <div className={classNames(styles.row, row.faint && styles.faint)}>
      {row.input !== null && <PortHandle node={node} port={row.input} side="input" />}
      <span className={styles.label}>{row.label}</span>
      <span className={styles.value} title={row.value}>
        {row.value}
      </span>
      {row.output !== null && <PortHandle node={node} port={row.output} side="output" />}
    </div>
  );
}
