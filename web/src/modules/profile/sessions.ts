// Sessions of the person who is signed in, as the gateway tells and ends them.

import { useCallback, useEffect, useState } from 'react';

export interface Session {
  readonly id: string;
  readonly userAgent: string | null;
  /** RFC 3339, as the others. */
  readonly created: string;
  readonly seen: string;
  readonly expires: string;
  /** The one that asks. */
  readonly current: boolean;
}

export interface KnownSessions {
  /** Undefined until they are there. */
  readonly sessions: readonly Session[] | undefined;
  readonly hasFailed: boolean;
  readonly again: () => void;
}

export function useSessions(): KnownSessions {
  const [sessions, setSessions] = useState<readonly Session[]>();
  const [hasFailed, setFailed] = useState(false);
  const again = useCallback(() => {
    readSessions().then(
      (answer) => {
        setSessions(answer);
        setFailed(false);
      },
      () => setFailed(true),
    );
  }, []);
  useEffect(again, [again]);
  return { sessions, hasFailed, again };
}

async function readSessions(): Promise<readonly Session[]> {
  const response = await fetch('/auth/sessions', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`/auth/sessions answers ${response.status}`);
  return ((await response.json()) as { readonly sessions: readonly Session[] }).sessions;
}

/** Whether it has ended. */
export const endSession = async (id: string): Promise<boolean> =>
  (await fetch(`/auth/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })).ok;
