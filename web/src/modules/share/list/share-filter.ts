// By what the list of shares is narrowed down: kept in the address, so that it can be sent to somebody.

import type { PropertyFilterProps } from '@cloudscape-design/components';
import type { ShareFilterField, ShareObjectFilter, ShareObjectStatus } from '../operations.ts';
import { shareStatusNames } from '../strings.ts';
import { soon } from './soon.ts';
import { listStrings } from './strings.ts';

/** Parameters of the address, each of which may stand there several times. */
export const properties = ['status', 'dataset', 'owner', 'requester', 'principal', 'attention'] as const;
export type Property = (typeof properties)[number];

/** What the gateway calls those whose values it knows. */
export const fields: Readonly<Partial<Record<Property, ShareFilterField>>> = {
  dataset: 'dataset',
  owner: 'datasetOwner',
  requester: 'requester',
  principal: 'principal',
};

/** What is to be looked after. */
const attentions = ['broken', 'ending'] as const;

const STATES: readonly ShareObjectStatus[] = [
  'Submitted',
  'Submitted_For_Extension',
  'Approved',
  'Share_In_Progress',
  'Processed',
  'Rejected',
  'Extension_Rejected',
  'Revoked',
  'Revoke_In_Progress',
  'Draft',
];

type Token = PropertyFilterProps.Token;
export type FilterOption = PropertyFilterProps.FilteringOption;

/** Those that are known without asking. */
export const knownOptions: readonly FilterOption[] = [
  ...STATES.map((value) => ({ propertyKey: 'status', value, label: shareStatusNames[value] })),
  ...attentions.map((value) => ({ propertyKey: 'attention', value, label: listStrings.attentions[value] })),
];

export const tokensOf = (search: URLSearchParams): Token[] => [
  ...properties.flatMap((propertyKey) =>
    search.getAll(propertyKey).map((value) => ({ propertyKey, operator: '=', value })),
  ),
  ...search.getAll('term').map((value) => ({ operator: ':', value })),
];

/** @returns a copy; the page is the first again */
export function withTokens(search: URLSearchParams, tokens: readonly Token[]): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of [...properties, 'term', 'page']) next.delete(name);
  for (const { propertyKey, value } of tokens) {
    if (propertyKey !== undefined) next.append(propertyKey, String(value));
    // Words are looked for together: the last that were typed.
    else next.set('term', String(value));
  }
  return next;
}

export function filterOf(search: URLSearchParams, now: number): ShareObjectFilter {
  const attention = search.getAll('attention');
  const given = (name: Property) => search.getAll(name);
  return {
    term: search.get('term') ?? '',
    status: given('status'),
    datasets_uris: given('dataset'),
    dataset_owners: given('owner'),
    share_requesters: given('requester'),
    share_iam_principals: given('principal'),
    ...(attention.includes('broken') && { isBroken: true }),
    ...(attention.includes('ending') && { endsBefore: soon(now) }),
  };
}
