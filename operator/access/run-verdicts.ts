// What one run says of each grant in its claims. In pieces, between which others have their turn: there may be a hundred thousand.
import type { DocumentContext, Verdict } from './document.ts';

type Pause = DocumentContext['pause'];

/** By grant id. @param failures of the run's writes: they go before what was read after them */
export const runVerdicts = async (
  judged: ReadonlyMap<string, Verdict>,
  failures: ReadonlyMap<string, Verdict>,
  pause: Pause,
): Promise<ReadonlyMap<string, Verdict>> => {
  const verdicts = new Map<string, Verdict>();
  for (const [grant, verdict] of judged) {
    verdicts.set(grant, isPlain(verdict) ? SATISFIED : verdict);
    await pause?.(1);
  }
  for (const [grant, verdict] of failures) verdicts.set(grant, verdict);
  return verdicts;
};

/** Nearly all verdicts are this one: they share it. */
const SATISFIED: Verdict = { state: 'Satisfied' };
const isPlain = (verdict: Verdict): boolean =>
  verdict.state === 'Satisfied' && verdict.flaw === undefined && verdict.readsBelow === undefined;

/** Grants, by id, that wait because those of others are more urgent. */
export const deferredAmong = async (
  verdicts: ReadonlyMap<string, Verdict>,
  urgentGrants: ReadonlySet<string> | undefined,
  pause: Pause,
): Promise<ReadonlySet<string>> => {
  const deferred = new Set<string>();
  for (const [grant, { state }] of verdicts) {
    if (urgentGrants?.has(grant) === false && state === 'Waiting') deferred.add(grant);
    await pause?.(1);
  }
  return deferred;
};
