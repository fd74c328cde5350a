// Whether the policies are in force: the operator grants nothing while one, or what it reads, is missing or not as shipped.

import { isDeepStrictEqual } from 'node:util';
import type { AdmissionObject } from './admission.ts';
import type { PolicySettings } from './installation.ts';

/** What the API server holds; `deletionTimestamp` means it is on its way out. */
export interface ObservedPolicy {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec?: unknown;
  readonly data?: unknown;
}

/**
 * What is wrong, one sentence for each policy, binding or settings; empty when all are in force as shipped. Shipped objects are
 * complete, so equality of specs covers action, failure policy, parameters and selectors, and equality of settings who may decide about
 * their own requests. Others' policies do not matter: they can only refuse more.
 */
export function policiesMissing(
  observed: readonly ObservedPolicy[],
  expected: readonly (AdmissionObject | PolicySettings)[],
): string[] {
  const found = new Map(observed.map((policy) => [keyOf(policy), policy]));
  return expected.flatMap((policy): string[] => {
    const key = keyOf(policy);
    const current = found.get(key);
    if (current === undefined) return [`${key} is missing`];
    if (current.metadata.deletionTimestamp !== undefined) return [`${key} is being deleted`];
    return isDeepStrictEqual(contentOf(current), contentOf(policy)) ? [] : [`${key} is not as shipped`];
  });
}

/** What puts policies back, as this operator's configuration wants them. */
export const POLICY_REMEDY =
  'Install them again: with the chart, helm upgrade with the values of the release; without it, with the files that the operator runs with, node operator/resources/generate/print-manifests.ts --config <file> --config-json <file> | kubectl apply --server-side --force-conflicts -f -';

const keyOf = ({ kind, metadata }: Pick<ObservedPolicy, 'kind'> & { metadata: { name: string } }): string =>
  `${kind} ${metadata.name}`;

/** As it comes back over the wire. */
const contentOf = ({ spec, data }: { readonly spec?: unknown; readonly data?: unknown }): unknown =>
  JSON.parse(JSON.stringify({ spec, data }));
