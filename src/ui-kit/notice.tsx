import { CircleAlert, CircleCheck, CircleSlash, LoaderCircle, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button';
import { classNames } from './class-names';
import styles from './notice.module.css';

interface NoticeProps {
  readonly tone: 'good' | 'warn' | 'wrong' | 'busy' | 'quiet';
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Beside the title: what can be done about it. */
  readonly aside?: ReactNode;
  /** Absent: it goes by itself. */
  readonly onClose?: () => void;
}

const ICONS = {
  good: CircleCheck,
  warn: TriangleAlert,
  wrong: CircleAlert,
  busy: LoaderCircle,
  quiet: CircleSlash,
} as const;

export function Notice({ tone, title, children, aside, onClose }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={classNames(styles.notice, styles[tone])} role={tone === 'wrong' ? 'alert' : 'status'}>
      <Icon className={styles.icon} size={16} strokeWidth={1.75} aria-hidden="true" />
      <div>
        <p className={styles.title}>{title}</p>
        {children !== undefined && <div className={styles.more}>{children}</div>}
      </div>
      {aside}
      {onClose !== undefined && (
        <IconButton label="Dismiss" size="small" onClick={onClose}>
          <X size={14} strokeWidth={1.75} />
        </IconButton>
      )}
    </div>
  );
}

interface NoticeStackProps {
  /** Of the box that holds it. */
  readonly at: 'top' | 'bottom';
  readonly children: ReactNode;
}

/** Where notices stand, the newest last. */
export function NoticeStack({ at, children }: NoticeStackProps) {
  return <div className={classNames(styles.stack, styles[at])}>{children}</div>;
}
