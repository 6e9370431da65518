import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button';

/** How long "Copied" stays, in milliseconds. */
const SHOWN = 2000;

interface CopyButtonProps {
  readonly text: string;
  readonly className?: string | undefined;
}

export function CopyButton({ text, className }: CopyButtonProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), SHOWN);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  const words = { ready: 'Copy', copied: 'Copied', refused: 'Not allowed' }[state];
  return (
    <Button size="small" className={className} onClick={() => void copy()}>
      {state === 'copied' ? (
        <Check size={14} strokeWidth={1.75} aria-hidden="true" />
      ) : (
        <Copy size={14} strokeWidth={1.75} aria-hidden="true" />
      )}
      <span aria-live="polite">{words}</span>
    </Button>
  );
}
