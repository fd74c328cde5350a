// What a form would write, as a file for Git: its mutation is tried and nothing is kept.

import { useRef, useState } from 'react';
import { useClient, type AnyVariables, type TypedDocumentNode } from 'urql';
import { asDryRun } from './dry-run.ts';
import { messageOf } from './failure.tsx';

export interface Preview {
  /** Sends the form, and has it tried only. The form is checked by itself as when it is sent. */
  readonly ask: (send: () => void) => void;
  readonly isAsked: () => boolean;
  /** Tries one after the other. @returns why the first that is refused would be */
  readonly tryIt: <Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    ...several: readonly Variables[]
  ) => Promise<string | undefined>;
  readonly isBusy: boolean;
  /** YAML; empty where nothing would be written that Git could hold. */
  readonly manifest: string | undefined;
  readonly close: () => void;
}

export function usePreview(): Preview {
  const client = useClient();
  const isAsked = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [manifest, setManifest] = useState<string>();
  return {
    isBusy,
    manifest,
    close: () => setManifest(undefined),
    isAsked: () => isAsked.current,
    ask: (send) => {
      // Forms act within the call that sends them, if they act.
      isAsked.current = true;
      send();
      isAsked.current = false;
    },
    tryIt: async (document, ...several) => {
      setBusy(true);
      const manifests: string[] = [];
      let refusal: string | undefined;
      for (const variables of several) {
        const { error, extensions } = await client.mutation(asDryRun(document), variables).toPromise();
        if (error !== undefined) refusal = messageOf(error);
        if (refusal !== undefined) break;
        const { manifest: would = '' } = (extensions ?? {}) as { readonly manifest?: string };
        if (would !== '') manifests.push(would);
      }
      setBusy(false);
      if (refusal === undefined) setManifest(manifests.join('---\n'));
      return refusal;
    },
  };
}
