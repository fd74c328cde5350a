// Sends a request: makes it, puts its items in, and asks those who decide. One that was there before is gone on with.

import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useClient, type CombinedError } from 'urql';
import type { NewShareObjectInput } from '../operations.ts';
import { AddItemDocument, CreateShareDocument, SubmitShareDocument } from '../operations.ts';
import { useFlash } from '../../../ui/flash.ts';
import type { Item } from './form.ts';
import { requestStrings } from './strings.ts';

export function useSubmit(datasetUri: string) {
  const client = useClient();
  const navigate = useNavigate();
  const flash = useFlash();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const send = async (input: NewShareObjectInput, items: readonly Item[]): Promise<CombinedError | undefined> => {
    const created = await client.mutation(CreateShareDocument, { datasetUri, input });
    const { shareUri, alreadyExisted } = created.data?.createShareObject ?? {};
    if (created.error !== undefined || typeof shareUri !== 'string') return created.error;
    for (const { itemUri, itemType } of items) {
      const added = await client.mutation(AddItemDocument, { shareUri, input: { itemUri, itemType } });
      if (added.error !== undefined) return added.error;
    }
    const submitted = await client.mutation(SubmitShareDocument, { shareUri });
    // All of it may be asked for or given already.
    if (submitted.error !== undefined && alreadyExisted !== true) return submitted.error;
    if (submitted.error === undefined) flash('success', requestStrings.submitted);
    else flash('info', requestStrings.existed);
    await navigate(`/shares/${shareUri}`);
    return undefined;
  };
  return {
    isBusy,
    error,
    submit: async (input: NewShareObjectInput, items: readonly Item[]): Promise<void> => {
      setBusy(true);
      setError(await send(input, items));
      setBusy(false);
    },
  };
}
