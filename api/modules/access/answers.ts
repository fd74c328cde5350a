// Answers to who can read what: what is recorded, judged by operator/access, in the words of the schema.

import {
  openersOf,
  whoCanRead,
  type AccessFact,
  type DatasetLayout,
  type FilterLookup,
  type ReadAccess,
  type RecordedConsent,
} from '../../../operator/access/who-can-read.ts';
import type { DataFilter } from '../../../operator/resources/dataset-table.ts';
import { sql } from 'kysely';
import type { Access } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, type Page, type PageRequest } from '../../read-model/page.ts';
import type { GatewayContext } from '../../server/context.ts';
import type { AccessScope } from './question.ts';
import { recordedAccess, type AccessInquiry, type RecordedRow } from './recorded.ts';

/** Two statements for a page, and one each where a table is asked about and where filters are shown. */
export async function accessPage(
  context: GatewayContext,
  scope: AccessScope,
  request: PageRequest,
): Promise<Page<Access>> {
  const { database } = context;
  const inquiry = await inquiryOf(context, scope);
  const page = await pageOf<RecordedRow>(database, recordedAccess(database, inquiry), request);
  const rows = new Map(page.nodes.map((row) => [factOf(row), row]));
  const filterOf = await filtersOf(database, page.nodes);
  const answers = whoCanRead(
    [...rows.keys()],
    { at: scope.at, since: scope.since, openers: inquiry.openers },
    filterOf,
  );
  return { ...page, nodes: answers.flatMap((answer) => toAnswer(answer, rows.get(answer.fact))) };
}

/** What a question is to the database. */
export async function inquiryOf(
  { database, viewer, identity }: GatewayContext,
  scope: AccessScope,
): Promise<AccessInquiry> {
  const { dataset, item } = scope;
  const isOfItem = dataset !== undefined && item !== undefined;
  const openers = isOfItem ? openersOf(item, await layoutOf(database, dataset)) : undefined;
  return { viewer: await viewer(), groups: identity.groups, scope, openers };
}

/** Since when there is a history; null where there is none yet. */
export async function recordedSince(database: Database): Promise<string | null> {
  const { rows } = await sql<{ since: Date | null }>`
    select least((select min(recorded) from access_span), (select min(recorded) from consent_event), (select min(started) from ownership_span)) as since`.execute(
    database,
  );
  return rows[0]?.since?.toISOString() ?? null;
}

async function layoutOf(
  database: Database,
  { uid, bucket }: { readonly uid: string; readonly bucket: string | null },
): Promise<DatasetLayout> {
  const { rows } = await sql<{ kind: 'Folder' | 'Table'; name: string; place: string }>`
    select 'Folder' as kind, name, prefix as place from dataset_item where parent_uid = ${uid} and kind = 'Folder' and prefix is not null
    union all
    select 'Table', name, location from dataset_catalog_table where dataset_uid = ${uid} and location is not null`.execute(
    database,
  );
  return {
    bucket: bucket ?? undefined,
    folders: rows.filter(({ kind }) => kind === 'Folder').map(({ name, place }) => ({ name, prefix: place })),
    locations: rows.filter(({ kind }) => kind === 'Table').map(({ name, place }) => ({ table: name, location: place })),
  };
}

/** As they are defined now. */
async function filtersOf(database: Database, rows: readonly RecordedRow[]): Promise<FilterLookup> {
  const filtered = rows.filter(({ filters, dataset_uid }) => filters.length > 0 && dataset_uid !== null);
  if (filtered.length === 0) return () => undefined;
  const tables = await database
    .selectFrom('known_table')
    .innerJoin('dataset', 'dataset.uid', 'known_table.dataset_uid')
    .select(['dataset.namespace', 'dataset.name as dataset', 'known_table.name', 'known_table.updated'])
    .select(sql<readonly DataFilter[] | null>`known_table.filters`.as('filters'))
    .where(sql<boolean>`known_table.dataset_uid = any(${filtered.map((row) => row.dataset_uid)}::text[])`)
    .where(sql<boolean>`known_table.name = any(${filtered.map((row) => row.item)}::text[])`)
    .execute();
  const keyOf = (...parts: readonly string[]): string => parts.join('\n');
  const defined = new Map(
    tables.flatMap(({ namespace, dataset, name, updated, filters }) =>
      (filters ?? []).map((filter) => [
        keyOf(namespace, dataset, name, filter.name),
        { filter, written: updated ?? new Date() },
      ]),
    ),
  );
  return (dataset, table, filter) => defined.get(keyOf(dataset.namespace, dataset.name, table, filter));
}

function factOf(row: RecordedRow): AccessFact {
  const { evidence, dataset_namespace, dataset, environment, group_name, started, ended } = row;
  const recorded = {
    principal: {
      kind: row.principal_kind,
      namespace: environment,
      name: row.principal,
      group: group_name,
      arn: row.principal_arn ?? undefined,
    },
    dataset: { namespace: dataset_namespace, name: dataset },
    from: started,
    until: ended ?? undefined,
  };
  const { item_kind, item, request_namespace, request } = row;
  if (evidence === 'Owned' || item_kind === null || item === null || request_namespace === null || request === null)
    return { ...recorded, evidence: 'Owned' };
  const shared = {
    ...recorded,
    request: { namespace: request_namespace, name: request },
    item: { kind: item_kind, name: item },
    filters: row.filters,
    permissions: row.permissions,
    consent: consentOf(row),
  };
  return evidence === 'Granted' ? { ...shared, evidence, state: row.state ?? undefined } : { ...shared, evidence };
}

const consentOf = ({ approver, decided_by, automatic, decided, note, consent_until }: RecordedRow) =>
  approver === null
    ? undefined
    : ({
        approver,
        decidedBy: decided_by ?? undefined,
        automatic: automatic ?? false,
        at: decided ?? undefined,
        note: note ?? undefined,
        until: consent_until ?? undefined,
      } satisfies RecordedConsent);

function toAnswer({ fact, standing, reach, restrictions, doubts }: ReadAccess, row: RecordedRow | undefined): Access[] {
  if (row === undefined) return [];
  const { principal } = fact;
  const shared = fact.evidence === 'Owned' ? undefined : fact;
  const goesOn = fact.evidence === 'Granted' && fact.until === undefined;
  // Both sides of a share are told what it shows, while it does.
  const tellsFilters = row.dataset_seen === true || (goesOn && row.share_uri !== null);
  return [
    {
      id: row.id,
      standing,
      principal: {
        kind: principal.kind,
        name: principal.name,
        environment: principal.namespace,
        group: principal.group,
        arn: principal.arn,
        account: principal.arn?.split(':')[4],
      },
      datasetUri: row.dataset_uri,
      datasetLabel: row.dataset_label ?? fact.dataset.name,
      dataset: `${fact.dataset.namespace}/${fact.dataset.name}`,
      itemKind: shared?.item.kind,
      item: shared?.item.name,
      reach,
      from: fact.from.toISOString(),
      until: fact.until?.toISOString(),
      endReason: row.end_reason,
      seen: goesOn ? row.verified?.toISOString() : undefined,
      permissions: [...(shared?.permissions ?? [])],
      restrictions: restrictions.map(({ name, filter }) => ({
        name,
        ...(tellsFilters && { rows: filter?.rows, columns: filter?.columns && [...filter.columns] }),
      })),
      consent: shared?.consent && {
        ...shared.consent,
        decidedBy: row.dataset_seen === true ? shared.consent.decidedBy : undefined,
        at: shared.consent.at?.toISOString(),
        until: shared.consent.until?.toISOString(),
      },
      shareUri: row.share_uri,
      doubts: [...doubts],
    },
  ];
}
