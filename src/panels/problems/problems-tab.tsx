/** Every problem at once, each with what it is about and what would mend it. */
import { CircleAlert, CircleCheck, Lightbulb, TriangleAlert } from 'lucide-react';
import type { Diagnostic, Severity, Subject } from '../../compiler/result';
import type { ProjectDocument } from '../../graph/document';
import { selectProblems } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { Button } from '../../ui-kit/button';
import styles from './problems-tab.module.css';

const ICONS = { error: CircleAlert, warning: TriangleAlert, hint: Lightbulb } as const;
const WORDS: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', hint: 'Hint' };

export function ProblemsTab() {
  const diagnostics = useGraft(selectProblems);
  const empty = useGraft(state => Object.keys(state.document.nodes).length === 0);
  if (diagnostics.length === 0) {
    return (
      <p className={styles.none}>
        <CircleCheck size={16} strokeWidth={1.75} aria-hidden="true" />
        {empty ? 'Nothing is on the canvas yet.' : 'No problems. Everything fits together.'}
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {diagnostics.map((diagnostic, index) => (
        // Two nodes may have the same problem, and one node two: only the place tells them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Problem key={`${index} ${diagnostic.code}`} diagnostic={diagnostic} />
      ))}
    </ul>
  );
}

function Problem({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { severity, subject, message, fixes } = diagnostic;
  const document = useGraft(state => state.document);
  const show = useGraft(state => state.show);
  const applyEdit = useGraft(state => state.applyEdit);
  const Icon = ICONS[severity];
  const place = placeOf(subject, document);
  return (
    <li className={styles.problem} data-severity={severity}>
      <button
        type="button"
        className={styles.text}
        disabled={place === null}
        title={place === null ? undefined : `Show ${place}`}
        onClick={() => show(subject)}
      >
        <Icon size={15} strokeWidth={1.75} aria-label={WORDS[severity]} />
        <span className={styles.place}>{place ?? 'The project'}</span>
        <span>{message}</span>
      </button>
      {fixes.length > 0 && (
        <span className={styles.fixes}>
          {fixes.map(fix => (
            <Button key={fix.label} size="small" onClick={() => applyEdit(fix.label, fix.edit)}>
              {fix.label}
            </Button>
          ))}
        </span>
      )}
    </li>
  );
}

function placeOf(subject: Subject, { nodes, wires }: ProjectDocument): string | null {
  switch (subject.kind) {
    case 'document':
      return null;
    case 'node':
    case 'param':
      return nodes[subject.node]?.name ?? null;
    case 'wire': {
      const wire = wires[subject.wire];
      if (wire === undefined) return null;
      return `${nodes[wire.from.node]?.name ?? '?'} → ${nodes[wire.to.node]?.name ?? '?'}`;
    }
  }
}
