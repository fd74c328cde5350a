// Light or dark: as the person has chosen in this browser, else as their system is.

import { applyMode, Mode } from '@cloudscape-design/global-styles';

const KEY = 'dataall.theme';
const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');

const chosen = (): Mode | undefined => {
  const mode = globalThis.localStorage.getItem(KEY);
  return mode === Mode.Dark || mode === Mode.Light ? mode : undefined;
};

export const currentTheme = (): Mode => chosen() ?? (dark.matches ? Mode.Dark : Mode.Light);

export const applyTheme = (): void => applyMode(currentTheme());

export function switchTheme(): void {
  globalThis.localStorage.setItem(KEY, currentTheme() === Mode.Dark ? Mode.Light : Mode.Dark);
  applyTheme();
}

// The system may change in the evening.
dark.addEventListener('change', applyTheme);
