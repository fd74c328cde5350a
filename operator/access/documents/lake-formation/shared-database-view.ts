// The consumer's database of links as its claims want it beside what is there: who may see which link is compared link by link.
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { SharedDatabaseClaims } from '../../desired.ts';
import type { GrantOutputs, Verdict } from '../../document.ts';
import type { SharedDatabaseKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import type { Refusal } from '../refusal.ts';
import { remembered } from '../view.ts';
import {
  compareRights,
  grantEntriesOf,
  rightKey,
  rightsOf,
  SHARED_DATABASE_PERMISSIONS,
  wantRights,
  type GatheredRight,
  type GrantEntry,
  type LakeRight,
  type WantedRight,
} from './lake-rights.ts';
import { linksOf, sharedTables, tableOfVariant, variantOf, variantsOf } from './link-names.ts';
import type { ObservedSharedDatabase } from './observe-shared-database.ts';

interface SharedDatabaseView {
  /** The database we have, else the first name that is free; undefined: none is. */
  readonly name: string | undefined;
  /** Those that are not there and are wanted now. */
  readonly newLinks: readonly NewLink[];
  /** Links of ours that nobody wants, or that lead elsewhere. */
  readonly obsolete: readonly string[];
  readonly missing: readonly WantedRight[];
  readonly extra: readonly LakeRight[];
  readonly revoke: readonly LakeGrant[];
  /** What gives all that is missing. */
  readonly entries: readonly GrantEntry[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** By grant id. */
  readonly outputs: ReadonlyMap<string, GrantOutputs>;
  readonly isClean: boolean;
  /** It holds nothing of others. */
  readonly isAllOurs: boolean;
}

export interface NewLink {
  readonly variant: string;
  readonly link: string;
  /** Ids of the grants that want it. */
  readonly grants: readonly string[];
}

type Key = SharedDatabaseKey;
type Claims = SharedDatabaseClaims;
type Observed = ObservedSharedDatabase;

export const { prepare, viewOf } = remembered(makeView);

/** Both names that the database may have are somebody else's. */
export const nameTaken = ({ preferredName, alternativeName }: Claims): Refusal => ({
  state: 'Failed',
  reason: 'DatabaseTaken',
  message: `databases ${preferredName} and ${alternativeName} of the consumer account are not ours: rename one of them`,
});

/** Yields how many grants, tables and rights each piece of work was about. */
function* makeView(key: Key, claims: Claims, observed: Observed): Generator<number, SharedDatabaseView> {
  const name = nameOf(claims, observed);
  const tables = yield* sharedTables(key, observed.tables);
  const all = yield* variantsOf(claims.grants);
  const links = yield* linksOf(all, tables);
  const active = yield* variantsOf(claims.grants.filter(({ suspended }) => !suspended));
  const isThere = (variant: string, link: string): boolean => tables.targets.get(link) === tableOfVariant(variant);
  const missingLinks = [...links].filter(([variant, link]) => !isThere(variant, link));
  // A name may pass from one table to another: the old link goes first, and what was granted on it goes with it.
  const replaced = new Set(missingLinks.map(([, link]) => link));
  const stays = ({ resource }: LakeGrant): boolean => resource.kind !== 'Table' || !replaced.has(resource.table);
  const names = new Set(links.values());
  const own = [...tables.targets.keys()];
  const obsolete = own.filter((link) => !names.has(link) || replaced.has(link));
  const places = yield* placesOf(claims.grants, observed.permissions, (grant) => {
    const link = links.get(variantOf(grant));
    return name === undefined || link === undefined ? [] : rightsOfGrant(key, name, link, grant);
  });
  const { rights, present, hasExtra } = yield* compareAll(places, stays, isAdministrators(claims));
  const verdicts = new Map<string, Verdict>();
  const outputs = new Map<string, GrantOutputs>();
  const pending = linkPending(name ?? '');
  const wanting = new Map<string, string[]>(missingLinks.map(([variant]) => [variant, []]));
  for (const grant of claims.grants) {
    const id = grantId(grant);
    const variant = variantOf(grant);
    const link = links.get(variant);
    wanting.get(variant)?.push(id);
    if (name !== undefined && link !== undefined) outputs.set(id, { database: name, link });
    const isServed = (database: string): boolean =>
      link !== undefined &&
      isThere(variant, link) &&
      rightsOfGrant(key, database, link, grant).every((right) => present.has(rightKey(right)));
    verdicts.set(id, name === undefined ? nameTaken(claims) : isServed(name) ? { state: 'Satisfied' } : pending);
    yield 1;
  }
  const isClean =
    observed.database === undefined ||
    (!hasExtra && own.every((link) => names.has(link)) && (claims.grants.length > 0 || observed.tables.length > 0));
  const newLinks = missingLinks
    .filter(([variant]) => active.has(variant))
    .map(([variant, link]): NewLink => ({ variant, link, grants: wanting.get(variant) ?? [] }));
  const isAllOurs = tables.foreign.length === 0;
  return { name, newLinks, obsolete, ...rights, verdicts, outputs, isClean, isAllOurs };
}

/** What one principal is to have, and has, of one link or of the database. */
interface Place {
  readonly wanted: Map<string, GatheredRight>;
  readonly rows: LakeGrant[];
}

/** What is to be given and taken, place by place; what of links that do not stay is there goes with them. */
function* compareAll(
  places: readonly Place[],
  stays: (row: LakeGrant) => boolean,
  isOthers: (right: LakeRight) => boolean,
): Generator<number, Comparison> {
  const rights = { missing: [], extra: [], revoke: [], entries: [] } as {
    readonly [Part in keyof Comparison['rights']]: Comparison['rights'][Part][number][];
  };
  const present = new Set<string>();
  let hasExtra = false;
  for (const { wanted, rows } of places) {
    const found = rightsOf(rows);
    for (const text of found.keys()) present.add(text);
    const { missing, extra, revoke } = compareRights(wanted, rightsOf(rows.filter(stays)), isOthers);
    rights.missing.push(...missing);
    rights.extra.push(...extra);
    rights.revoke.push(...revoke);
    rights.entries.push(...grantEntriesOf(missing, wanted));
    hasExtra ||= [...found].some(([text, right]) => !wanted.has(text) && !isOthers(right));
    yield 1 + rows.length;
  }
  return { rights, present, hasExtra };
}

interface Comparison {
  readonly rights: Pick<SharedDatabaseView, 'missing' | 'extra' | 'revoke' | 'entries'>;
  /** Keys of all rights that are there. */
  readonly present: ReadonlySet<string>;
  readonly hasExtra: boolean;
}

/** In the order of principals, for each the database before its links. */
function* placesOf(
  grants: readonly Grant[],
  permissions: readonly LakeGrant[],
  rightsOfOne: (grant: Grant) => readonly LakeRight[],
): Generator<number, readonly Place[]> {
  const places = new Map<string, Place>();
  const placeOf = ({ principal, resource }: Pick<LakeRight, 'principal' | 'resource'>): Place => {
    const name = `${principal} ${'table' in resource ? resource.table : ''}`;
    const place = places.get(name) ?? { wanted: new Map<string, GatheredRight>(), rows: [] };
    places.set(name, place);
    return place;
  };
  for (const grant of grants) {
    for (const right of rightsOfOne(grant)) wantRights(placeOf(right).wanted, grant, [right]);
    yield 1;
  }
  for (const row of permissions) {
    placeOf(row).rows.push(row);
    yield 1;
  }
  return [...places].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

const nameOf = (claims: Claims, { database, taken }: Observed): string | undefined => {
  if (database !== undefined) return database;
  if (!taken.preferred) return claims.preferredName;
  return taken.alternative ? undefined : claims.alternativeName;
};

const linkPending = (database: string): Verdict => ({
  state: 'Waiting',
  reason: 'LinkPending',
  message: `the link in database ${database} is not there yet`,
});

const rightsOfGrant = (
  { account: catalogId }: Key,
  database: string,
  link: string,
  grant: Grant,
): readonly LakeRight[] => [
  ...grant.permissions
    .flatMap((permission) => SHARED_DATABASE_PERMISSIONS[permission])
    .map((permission): LakeRight => ({
      principal: grant.principal.arn,
      resource: { kind: 'Database', catalogId, database },
      permission,
    })),
  {
    principal: grant.principal.arn,
    resource: { kind: 'Table', catalogId, database, table: link },
    permission: 'DESCRIBE',
  },
];

const isAdministrators =
  ({ pivotRoleArn, administrators }: Claims) =>
  ({ principal }: LakeRight): boolean =>
    principal === pivotRoleArn || administrators.includes(principal);
