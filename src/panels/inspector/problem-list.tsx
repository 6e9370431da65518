import { CircleAlert, Lightbulb, TriangleAlert } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Diagnostic, Severity } from '../../compiler/result';
import { useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import styles from './inspector.module.css';

const ICONS = { error: CircleAlert, warning: TriangleAlert, hint: Lightbulb } as const;
const TONES: Readonly<Record<Severity, string>> = {
  error: 'var(--wrong)',
  warning: 'var(--warn)',
  hint: 'var(--kind-input)',
};

export function ProblemList({ problems }: { readonly problems: readonly Diagnostic[] }) {
  const store = useGraftStore();
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label="Problems">
      {problems.map(problem => {
        const Icon = ICONS[problem.severity];
        return (
          <li
            key={`${problem.code} ${problem.message}`}
            className={styles.problem}
            style={{ '--tone': TONES[problem.severity] } as CSSProperties}
          >
            <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
            <div>
              {problem.message}
              {problem.fixes.length > 0 && (
                <div className={styles.fixes}>
                  {problem.fixes.slice(0, 4).map(fix => (
                    <Button
                      key={fix.label}
                      size="small"
                      onClick={() => store.getState().applyEdit(fix.label, fix.edit)}
                    >
                      {fix.label}
                    </Button>
                  ))}
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
