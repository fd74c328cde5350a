// What would become of each request, tried as it is filled in: nothing is kept, and nobody is told.

import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { messageOf } from '../../../ui/failure.tsx';
import { useDebounced } from '../../../ui/debounced.ts';
import { TryRequestDocument, type AccessProspectFragment, type AccessRequestInput } from '../operations.ts';

export type Prospect = { readonly told: AccessProspectFragment } | { readonly refusal: string };

/** By uri of the dataset; none for a request of which something is missing. */
export function useProspects(inputs: readonly AccessRequestInput[]): ReadonlyMap<string, Prospect> {
  const client = useClient();
  const [prospects, setProspects] = useState<ReadonlyMap<string, Prospect>>(new Map());
  // Why it is asked for changes nothing of it.
  const wanted = useDebounced(JSON.stringify(inputs.map((input) => ({ ...input, purpose: null }))));
  useEffect(() => {
    let isLeft = false;
    const ask = async (): Promise<void> => {
      const found = new Map<string, Prospect>();
      for (const input of JSON.parse(wanted) as AccessRequestInput[]) {
        const { data, error } = await client.mutation(TryRequestDocument, { input });
        if (isLeft) return;
        const told = data?.requestAccess;
        if (error !== undefined) found.set(input.datasetUri, { refusal: messageOf(error) });
        else if (told !== undefined && told !== null) found.set(input.datasetUri, { told });
      }
      setProspects(found);
    };
    void ask();
    return () => {
      isLeft = true;
    };
  }, [client, wanted]);
  return prospects;
}
