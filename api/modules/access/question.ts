// What is asked about access: the input, checked, and the right to ask it.

import type { DatasetItem } from '../../../operator/access/who-can-read.ts';
import type { AccessFilter, AccessStanding } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { invalidInput, unauthorized } from '../../server/failure.ts';
import type { DatasetRow } from '../dataset/dataset.ts';
import { datasetFor, environmentFor } from '../dataset/place.ts';

export const LIST_ACCESS = 'LIST_ACCESS';

/** Which access is asked about. */
export interface AccessScope {
  readonly dataset: DatasetRow | undefined;
  readonly item: DatasetItem | undefined;
  /** Name of the environment that the role or user is in. */
  readonly environment: string | undefined;
  readonly principalArn: string | undefined;
  /** Groups whose roles and users they are; undefined: whoever's. */
  readonly groups: readonly string[] | undefined;
  readonly account: string | undefined;
  readonly term: string | undefined;
  readonly standings: readonly AccessStanding[] | undefined;
  readonly at: Date;
  readonly since: Date | undefined;
  /** The time is the one of the question. */
  readonly isNow: boolean;
}

/** @throws GraphQLError InvalidInput, ResourceNotFound; UnauthorizedOperation of a dataset that others decide about */
export async function scopeOf(context: GatewayContext, filter: AccessFilter): Promise<AccessScope> {
  const { datasetUri, environmentUri, group, own } = filter;
  const { user, groups } = context.identity;
  const at = timeOf('at', filter.at);
  const since = timeOf('since', filter.since);
  if (since !== undefined && since > (at ?? new Date()))
    throw invalidInput(LIST_ACCESS, 'since', since.toISOString(), 'earlier than the time that is asked about');
  const dataset = datasetUri ? await datasetFor(context, LIST_ACCESS, datasetUri) : undefined;
  if (dataset !== undefined && !(await mayAudit(dataset, context)))
    throw unauthorized(LIST_ACCESS, user, LIST_ACCESS, `resource: ${dataset.uri}`);
  const environment = environmentUri ? await environmentFor(context, LIST_ACCESS, environmentUri) : undefined;
  const asked = group ? [group] : undefined;
  return {
    dataset,
    item: itemOf(filter),
    environment: environment?.name,
    principalArn: filter.principalArn ?? undefined,
    groups: own === true ? groups.filter((one) => asked?.includes(one) ?? true) : asked,
    account: filter.account ?? undefined,
    term: filter.term?.trim() ? filter.term.trim() : undefined,
    standings: filter.standing?.length ? filter.standing : undefined,
    at: at ?? new Date(),
    since,
    isNow: at === undefined,
  };
}

/** Who decides about a dataset sees who can read it. */
export const mayAudit = async (
  { owner, stewards }: Pick<DatasetRow, 'owner' | 'stewards'>,
  { identity, viewer }: GatewayContext,
): Promise<boolean> =>
  [owner, ...stewards].some((group) => identity.groups.includes(group)) || (await viewer()).seesEverything;

function itemOf({ datasetUri, itemKind, item }: AccessFilter): DatasetItem | undefined {
  if (!itemKind && !item) return undefined;
  if (!datasetUri) throw invalidInput(LIST_ACCESS, 'item', item ?? '', 'of a dataset: give datasetUri too');
  if (!itemKind || !item)
    throw invalidInput(LIST_ACCESS, 'item', item ?? '', 'named with its kind: give itemKind and item');
  return { kind: itemKind, name: item };
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function timeOf(name: string, value: string | null | undefined): Date | undefined {
  if (!value) return undefined;
  const time = new Date(value);
  if (!RFC_3339.test(value) || Number.isNaN(time.getTime()))
    throw invalidInput(LIST_ACCESS, name, value, 'a time as RFC 3339 writes it, e.g. 2026-11-30T18:00:00Z');
  return time;
}
