// Messages on top of the page about what has just been done: `useFlash()` gives the way to tell one.

import type { FlashbarProps } from '@cloudscape-design/components';
import { createContext, use, useCallback, useState } from 'react';
import { uiStrings } from './strings.ts';

export type Flash = (type: 'success' | 'error' | 'info', content: string) => void;

export const FlashContext = createContext<Flash>(() => undefined);

export const useFlash = (): Flash => use(FlashContext);

/** By which messages are told apart: browsers make UUIDs over HTTPS alone. */
let told = 0;

/** Good news go by themselves. */
const SHOWN_MS = 8_000;

/** For the frame, which shows them. */
export function useFlashes(): { readonly flashes: FlashbarProps.MessageDefinition[]; readonly flash: Flash } {
  const [flashes, setFlashes] = useState<FlashbarProps.MessageDefinition[]>([]);
  const flash = useCallback<Flash>((type, content) => {
    const id = String(++told);
    const dismiss = (): void => setFlashes((shown) => shown.filter((message) => message.id !== id));
    const message = { id, type, content, dismissible: true, dismissLabel: uiStrings.dismiss, onDismiss: dismiss };
    // The newest good news stands for those before; errors stay until somebody has read them.
    setFlashes((shown) => [message, ...shown.filter((one) => one.type === 'error')]);
    if (type !== 'error') globalThis.setTimeout(dismiss, SHOWN_MS);
  }, []);
  return { flashes, flash };
}
