// Who may discover what: the one rule of the catalogue, for every way of searching.

import type { Condition } from './condition.ts';

/** Who searches. */
export interface Seeker {
  /** As the identity provider spells them. */
  readonly groups: readonly string[];
  /** Administrators and auditors of the installation. */
  readonly seesEverything: boolean;
}

export const EVERYBODY = 'everybody';
const groupAudience = (group: string): string => `group ${group}`;

/**
 * Whom a document is for, stored with it. As in data.all everybody who is signed in may find every dataset, or nobody could ask for it; what it
 * holds is not in the document. A rule that keeps a dataset from some says so here, by `group NAME` for each group that may find it.
 */
export const audienceOf = (): readonly string[] => [EVERYBODY];

/** What somebody may discover; added to every query, outside of what they ask for. */
export const discoverableBy = ({ groups, seesEverything }: Seeker): Condition =>
  seesEverything
    ? { kind: 'everything' }
    : { kind: 'terms', field: 'audience', values: [EVERYBODY, ...groups.map(groupAudience)] };
