import { Moon, Sun, SunMoon } from 'lucide-react';
import type { Theme } from '../../store/session';
import { useGraft, useGraftStore } from '../../store/store';
import { IconButton } from '../../ui-kit/button';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: SunMoon, light: Sun, dark: Moon } as const;
const WORDS: Readonly<Record<Theme, string>> = {
  system: 'Theme: as the system',
  light: 'Theme: light',
  dark: 'Theme: dark',
};

export function ThemeSwitch() {
  const store = useGraftStore();
  const theme = useGraft(state => state.theme);
  const Icon = ICONS[theme];
  return (
    <IconButton label={WORDS[theme]} onClick={() => store.getState().setTheme(NEXT[theme])}>
      <Icon size={16} strokeWidth={1.75} />
    </IconButton>
  );
}
