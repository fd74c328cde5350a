// The same done to several things, one after another: what becomes of each, so that one that is refused keeps none of the others.

import { useState } from 'react';
import { useMutation, type AnyVariables, type TypedDocumentNode } from 'urql';
import { messageOf } from './failure.tsx';
import { usePreview, type Preview } from './preview.ts';

export type Outcome<Data> =
  | { readonly state: 'waiting' | 'busy' }
  | { readonly state: 'done'; readonly data: Data }
  | { readonly state: 'refused'; readonly refusal: string };

interface Each<Data, Variables> {
  /** By key; empty before anything was tried. */
  readonly outcomes: ReadonlyMap<string, Outcome<Data>>;
  readonly isBusy: boolean;
  /** Whether there is anything that was tried, and all of it is done. */
  readonly isDone: boolean;
  /** Why it would be refused, as it was tried last. */
  readonly refusal: string | undefined;
  readonly preview: Preview;
  /** Leaves out what is done already. Answers what there is then. Only tried, nothing becomes of any: see {@link Preview}. */
  readonly run: (wanted: ReadonlyMap<string, Variables>) => Promise<ReadonlyMap<string, Outcome<Data>>>;
}

export function useEach<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Each<Data, Variables> {
  const [, mutate] = useMutation(document);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome<Data>>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const preview = usePreview();
  return {
    outcomes,
    isBusy: isBusy || preview.isBusy,
    refusal,
    preview,
    isDone: outcomes.size > 0 && [...outcomes.values()].every(({ state }) => state === 'done'),
    run: async (wanted) => {
      setRefusal(undefined);
      const left = [...wanted].filter(([key]) => outcomes.get(key)?.state !== 'done');
      if (preview.isAsked()) {
        setRefusal(await preview.tryIt(document, ...left.map(([, variables]) => variables)));
        return outcomes;
      }
      const now = new Map(outcomes);
      const put = (key: string, outcome: Outcome<Data>): void => {
        now.set(key, outcome);
        setOutcomes(new Map(now));
      };
      for (const [key] of left) now.set(key, { state: 'waiting' });
      setBusy(true);
      for (const [key, variables] of left) {
        put(key, { state: 'busy' });
        const { data, error } = await mutate(variables);
        if (error === undefined && data !== undefined) put(key, { state: 'done', data });
        else put(key, { state: 'refused', refusal: error === undefined ? '' : messageOf(error) });
      }
      setBusy(false);
      return now;
    },
  };
}
