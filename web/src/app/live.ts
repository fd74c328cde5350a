// Live pages: what is shown is asked for again when the gateway tells that it may have changed.

import { useEffect, useEffectEvent, useRef } from 'react';
import { useQuery, type AnyVariables, type UseQueryArgs, type UseQueryResponse } from 'urql';
import { liveChanges, type Change } from './live-changes.ts';
import { Refresh } from './refresh.ts';

/** What an answer depends on. Of a kind without an address: any of its objects. */
export type Follows = readonly { readonly kind: Change['kind']; readonly uri?: string }[];

/**
 * As `useQuery`, and asked again while somebody looks at it. What is shown stays until the answer is there.
 * @param follows what the answer depends on; without it, everything that the person may see
 */
export function useLiveQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
  follows?: Follows,
): UseQueryResponse<Data, Variables> {
  const response = useQuery<Data, Variables>({ requestPolicy: 'cache-and-network', ...args });
  const [{ fetching, stale }, again] = response;
  const ask = useEffectEvent(() => {
    if (args.pause !== true) again({ requestPolicy: 'network-only' });
  });
  const concerns = useEffectEvent(
    (changes: readonly Change[]): boolean =>
      follows === undefined ||
      changes.some((change) =>
        follows.some(({ kind, uri }) => kind === change.kind && (uri === undefined || uri === change.uri)),
      ),
  );
  const refresh = useRef<Refresh>(undefined);
  useEffect(() => {
    const mine = new Refresh(() => ask());
    refresh.current = mine;
    const end = liveChanges.on((news) => {
      if (news === undefined || concerns(news)) mine.due();
    });
    return () => {
      end();
      mine.stop();
    };
  }, []);
  const isAsking = fetching || stale;
  useEffect(() => refresh.current?.asking(isAsking), [isAsking]);
  return response;
}
