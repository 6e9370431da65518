import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names';

type Native = Omit<ComponentProps<'button'>, 'children'>;

interface ButtonProps extends Native {
  readonly children: ReactNode;
  /** `primary`: the one thing to do here. `link`: an action within text. */
  readonly look?: 'normal' | 'primary' | 'plain' | 'link' | 'wrong';
  readonly size?: 'normal' | 'small';
}

export function Button({ look = 'normal', size = 'normal', className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        styles.button,
        look !== 'normal' && styles[look],
        size === 'small' && styles.small,
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}

interface IconButtonProps extends Native {
  /** What it does: the accessible name and the tooltip. */
  readonly label: string;
  /** As in `Ctrl Z`: shown in the tooltip. */
  readonly shortcut?: string;
  readonly size?: 'normal' | 'small';
  readonly children: ReactNode;
}

export function IconButton({
  label,
  shortcut,
  size = 'normal',
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      className={classNames(
        styles.button,
        styles.plain,
        styles.icon,
        size === 'small' && styles.small,
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
