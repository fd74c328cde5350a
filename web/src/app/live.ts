// Live pages: what is shown is asked for again when it may have changed. The one place that knows how that is noticed.

import { useEffect, useEffectEvent } from 'react';
import { useQuery, type AnyVariables, type UseQueryArgs, type UseQueryResponse } from 'urql';

/** A change is seen after so long at most. */
const INTERVAL_MS = 3_000;

/** As `useQuery`, and asked again while somebody looks at it. What is shown stays until the answer is there. */
export function useLiveQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const response = useQuery<Data, Variables>({ requestPolicy: 'cache-and-network', ...args });
  const [, again] = response;
  const refresh = useEffectEvent(() => {
    if (document.visibilityState === 'visible' && args.pause !== true) again({ requestPolicy: 'network-only' });
  });
  useEffect(() => {
    const timer = globalThis.setInterval(refresh, INTERVAL_MS);
    return () => globalThis.clearInterval(timer);
  }, []);
  return response;
}
