// Work in AWS as a role: its console in another tab, or keys that are shown once.

import { useState, type ReactNode } from 'react';
import type { OperationResult } from 'urql';
import { messageOf } from './failure.tsx';
import { useFlash } from './flash.ts';
import { later } from './later.tsx';

const KeysDialog = later(async () => (await import('./keys-dialog.tsx')).KeysDialog);

/** A question to the gateway for an address or for keys, and which field of its answer holds them. */
type Asked<Data> = readonly [answer: PromiseLike<OperationResult<Data>>, read: (data: Data) => string | null];

export interface AwsSession {
  readonly openConsole: <Data>(...asked: Asked<Data>) => Promise<void>;
  readonly showKeys: <Data>(...asked: Asked<Data>) => Promise<void>;
  /** To be shown somewhere on the page. */
  readonly dialog: ReactNode;
}

export function useAwsSession(): AwsSession {
  const [keys, setKeys] = useState<string>();
  const flash = useFlash();
  const ask = async <Data,>(...[answer, read]: Asked<Data>): Promise<string | undefined> => {
    const { data, error } = await answer;
    if (error !== undefined) flash('error', messageOf(error));
    return data === undefined ? undefined : (read(data) ?? undefined);
  };
  return {
    openConsole: async (...asked) => {
      const address = await ask(...asked);
      if (address !== undefined) globalThis.open(address, '_blank', 'noopener');
    },
    showKeys: async (...asked) => setKeys(await ask(...asked)),
    dialog: keys !== undefined && <KeysDialog keys={keys} onClose={() => setKeys(undefined)} />,
  };
}
