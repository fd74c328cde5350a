// Asks the catalogue, and asks again when the question changes; the last answer stays until the next is there.

import { useEffect, useState } from 'react';
import { interruptions } from '../../app/session.ts';
import {
  facetsBody,
  hitsBody,
  readFacets,
  readHits,
  type CatalogAnswer,
  type CatalogQuestion,
  type FacetValues,
} from './search.ts';

interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly isLoading: boolean;
  readonly failure: string | undefined;
}

export const useHits = (question: CatalogQuestion): Asked<CatalogAnswer> =>
  useSearch(JSON.stringify(hitsBody(question)), readHits);

export const useFacets = (text: string): Asked<FacetValues> => useSearch(JSON.stringify(facetsBody(text)), readFacets);

function useSearch<Answer>(body: string, read: (answer: never) => Answer): Asked<Answer> {
  const [asked, setAsked] = useState<Asked<Answer> & { readonly body?: string }>({
    answer: undefined,
    isLoading: true,
    failure: undefined,
  });
  useEffect(() => {
    const left = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const answer = read(await search(body, left.signal));
        setAsked({ answer, isLoading: false, failure: undefined, body });
      } catch (error) {
        if (left.signal.aborted) return;
        const failure = error instanceof Error ? error.message : String(error);
        setAsked((before) => ({ ...before, isLoading: false, failure, body }));
      }
    };
    void ask();
    return () => left.abort();
  }, [body, read]);
  return { ...asked, isLoading: asked.body !== body };
}

async function search(body: string, signal: AbortSignal): Promise<never> {
  const response = await fetch('/search/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal,
  });
  const answer = (await response.json()) as { readonly error?: { readonly type: string; readonly reason: string } };
  if (response.ok) return answer as never;
  if (response.status === 401)
    interruptions.begin(
      answer.error?.type === 'maintenance' ? { kind: 'Maintenance', message: answer.error.reason } : { kind: 'Ended' },
    );
  throw new Error(answer.error?.reason ?? `the catalogue answers ${response.status}`);
}
