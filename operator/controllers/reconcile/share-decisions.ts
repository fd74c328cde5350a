// What many shares give at this moment, for the statuses of what they touch: who uses it, who asks for it.
import { grantsOf, type ShareDecision } from '../../access/consent.ts';
import { decide } from '../../access/share-decision.ts';
import type { Specs } from '../../access/specs.ts';
import { Turns } from '../../kernel/turns.ts';
import type { ShareRequest } from '../../resources/share-request.ts';

export interface DecidedShare<Request extends ShareRequest> {
  readonly request: Request;
  readonly decision: ShareDecision;
}

/** Of one team's hundreds of requests each may have 500 items, and every one is decided anew when their dataset has changed. */
const ITEMS_A_TURN = 2_000;

/** In turns of the event loop. @param now milliseconds since the epoch */
export const decideShares = async <Request extends ShareRequest>(
  specs: Specs,
  requests: readonly Request[],
  now: number,
): Promise<readonly DecidedShare<Request>[]> => {
  const turns = new Turns(ITEMS_A_TURN);
  const decided: DecidedShare<Request>[] = [];
  for (const request of requests) {
    decided.push({ request, decision: decide(specs, request, now) });
    await turns.piece(request.spec.items.length);
  }
  return decided;
};

/** Those of them that give something. In turns of the event loop. */
export const givenShares = async <Request extends ShareRequest>(
  specs: Specs,
  requests: readonly Request[],
  now: number,
): Promise<readonly Request[]> =>
  (await decideShares(specs, requests, now)).flatMap(({ request, decision }) =>
    grantsOf(decision).length > 0 ? [request] : [],
  );
