/** The joined network as code in two languages, which follows the graph; or what has to be mended first. */
import { CircleAlert, Download } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Diagnostic } from '../../compiler/result';
import { type CodeLanguage, type CodeView, selectCode } from '../../store/code';
import { useGraft } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { CopyButton } from '../../ui-kit/copy-button';
import { downloadFile } from '../../ui-kit/download';
import styles from './code-tab.module.css';
import { highlight } from './highlight';

const LANGUAGES: readonly { readonly id: CodeLanguage; readonly label: string }[] = [
  { id: 'python', label: 'Keras 3' },
  { id: 'javascript', label: 'TensorFlow.js' },
];

const WORDS: Readonly<Record<CodeLanguage, string>> = {
  python: 'Python: the network, its exported weights, its training.',
  javascript: 'JavaScript: the network and its exported weights.',
};

export function CodeTab() {
  const [language, setLanguage] = useState<CodeLanguage>('python');
  const view = useDeferredValue(useGraft(state => selectCode(state, language)));
  if (view.kind === 'empty')
    return <p className={styles.none}>Nothing is on the canvas yet, so there is no code.</p>;
  if (view.kind === 'blocked') return <Blocked errors={view.errors} />;
  return (
    <div className={styles.tab}>
      <div className={styles.head}>
        <fieldset className={styles.choice} aria-label="Language">
          {LANGUAGES.map(({ id, label }) => (
            <button key={id} type="button" aria-pressed={id === language} onClick={() => setLanguage(id)}>
              {label}
            </button>
          ))}
        </fieldset>
        <p className={styles.about}>{WORDS[language]}</p>
        <CopyButton text={view.text} className={styles.copy} />
        <Button size="small" onClick={() => downloadFile(view.fileName, view.mediaType, view.text)}>
          <Download size={14} strokeWidth={1.75} aria-hidden="true" />
          <span className={styles.word}>Download</span>
        </Button>
      </div>
      <Code view={view} language={language} />
    </div>
  );
}

interface CodeProps {
  readonly view: Extract<CodeView, { kind: 'code' }>;
  readonly language: CodeLanguage;
}

function Code({ view, language }: CodeProps) {
  // What is shown may still be the other language's while the new one is being written.
  const written = view.fileName.endsWith('.py') ? 'python' : 'javascript';
  const tokens = useMemo(() => highlight(view.text, written), [view.text, written]);
  const label = LANGUAGES.find(({ id }) => id === language)?.label ?? '';
  return (
    // It scrolls, so it must be reached by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.code} aria-label={`The network as ${label} code`} tabIndex={0}>
      <pre>
        <code>
          {tokens.map(({ kind, text }, index) =>
            kind === 'plain' ? (
              text
            ) : (
              // Pieces of one text, made anew with it.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <span key={index} data-kind={kind}>
                {text}
              </span>
            ),
          )}
        </code>
      </pre>
    </section>
  );
}

function Blocked({ errors }: { readonly errors: readonly Diagnostic[] }) {
  const setTab = useGraft(state => state.setDockTab);
  const [first, ...more] = errors;
  return (
    <div className={styles.blocked}>
      <p>
        <CircleAlert size={15} strokeWidth={1.75} aria-hidden="true" />
        <span>
          <b>No code yet: the graph doesn’t fit together.</b> {first?.message}
          {more.length > 0 && ` And ${more.length} more.`}
        </span>
      </p>
      <Button size="small" onClick={() => setTab('problems')}>
        Show the problems
      </Button>
    </div>
  );
}
