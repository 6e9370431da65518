/** A box that opens under a button and closes by Escape, by a press elsewhere and by choosing. */
import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { classNames } from './class-names';
import styles from './popover.module.css';

interface PopoverProps {
  readonly label: string;
  /** The button; `open` says whether the box is there, so that it can say `aria-expanded`. */
  readonly trigger: (props: {
    readonly open: boolean;
    readonly props: Pick<ComponentProps<'button'>, 'onClick' | 'aria-expanded' | 'aria-haspopup'>;
  }) => ReactNode;
  readonly align?: 'start' | 'end';
  readonly role?: 'menu' | 'dialog';
  readonly children: (close: () => void) => ReactNode;
}

export function Popover({ label, trigger, align = 'start', role = 'menu', children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector('button')?.focus();
  };
  return (
    <span ref={anchor} className={styles.anchor}>
      {trigger({
        open,
        props: { onClick: () => setOpen(was => !was), 'aria-expanded': open, 'aria-haspopup': role },
      })}
      {open && (
        <Box label={label} role={role} align={align} anchor={anchor} onClose={close}>
          {children(close)}
        </Box>
      )}
    </span>
  );
}

interface BoxProps {
  readonly label: string;
  readonly role: 'menu' | 'dialog';
  readonly align: 'start' | 'end';
  readonly anchor: { readonly current: HTMLElement | null };
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Box({ label, role, align, anchor, onClose, children }: BoxProps) {
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const at = anchor.current?.getBoundingClientRect();
    const own = box.current;
    if (at === undefined || own === null) return;
    const left = align === 'start' ? at.left : at.right - own.offsetWidth;
    own.style.left = `${Math.max(8, Math.min(left, window.innerWidth - own.offsetWidth - 8))}px`;
    const below = at.bottom + 5;
    const fits = below + own.offsetHeight <= window.innerHeight - 8;
    own.style.top = `${fits ? below : Math.max(8, at.top - own.offsetHeight - 5)}px`;
    // Words alone take the focus too: Escape must reach them.
    (own.querySelector<HTMLElement>('[role="menuitem"]:not(:disabled), input, select') ?? own).focus();
  }, [anchor, align]);

  useEffect(() => {
    const onPress = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) onClose();
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.key === 'Escape' || (event.key === 'Tab' && role === 'menu')) {
      event.preventDefault();
      onClose();
      return;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || role !== 'menu') return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)')];
    const index = items.indexOf(document.activeElement as HTMLElement);
    items[(index + step + items.length) % items.length]?.focus();
  };

  return createPortal(
    // biome-ignore lint/a11y: the role is one of two that take a name and keys.
    <div
      ref={box}
      role={role}
      aria-label={label}
      className={styles.popover}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>,
    document.body,
  );
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly detail?: string | undefined;
  readonly wrong?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function MenuItem({
  icon,
  children,
  detail,
  wrong = false,
  disabled = false,
  onClick,
}: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className={classNames(styles.item, wrong && styles.wrong)}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
      <span className={styles.texts}>
        {children}
        {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      </span>
    </button>
  );
}

export function MenuHeading({ children }: { readonly children: ReactNode }) {
  return <div className={styles.heading}>{children}</div>;
}

export function MenuRule() {
  return <hr className={styles.rule} />;
}
