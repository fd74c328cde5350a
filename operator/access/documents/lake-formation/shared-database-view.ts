// The consumer's database of links as its claims want it beside what is there: who may see which link is compared principal by principal.
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { SharedDatabaseClaims } from '../../desired.ts';
import type { Verdict } from '../../document.ts';
import type { SharedDatabaseKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { refuseAll, type Refusal } from '../refusal.ts';
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
import { isOwnLink, linkTargets, linksOf, tableOfVariant, variantOf, variantsOf } from './link-names.ts';
import type { ObservedSharedDatabase } from './observe-shared-database.ts';

interface SharedDatabaseView {
  /** The database we have, else the first name that is free; undefined: none is. */
  readonly name: string | undefined;
  /** Names by variant, see `linksOf`. */
  readonly links: ReadonlyMap<string, string>;
  /** Those that are not there and are wanted now. */
  readonly newLinks: readonly (readonly [variant: string, link: string])[];
  /** Links of ours that nobody wants, or that lead elsewhere. */
  readonly obsolete: readonly string[];
  readonly missing: readonly WantedRight[];
  readonly extra: readonly LakeRight[];
  readonly revoke: readonly LakeGrant[];
  /** What gives all that is missing. */
  readonly entries: readonly GrantEntry[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly isClean: boolean;
}

type Key = SharedDatabaseKey;
type Claims = SharedDatabaseClaims;
type Observed = ObservedSharedDatabase;

export const { prepare, viewOf } = remembered(makeView);

export const ownLinks = (key: Key, tables: readonly GlueTable[]): readonly string[] =>
  tables.filter((table) => isOwnLink(key, table)).map(({ name }) => name);

/** Both names that the database may have are somebody else's. */
export const nameTaken = ({ preferredName, alternativeName }: Claims): Refusal => ({
  state: 'Failed',
  reason: 'DatabaseTaken',
  message: `databases ${preferredName} and ${alternativeName} of the consumer account are not ours: rename one of them`,
});

/** Yields how many grants and rights each piece of work was about. */
function* makeView(key: Key, claims: Claims, observed: Observed): Generator<number, SharedDatabaseView> {
  const { tables, permissions } = observed;
  const name = nameOf(claims, observed);
  const targets = linkTargets(key, tables);
  const all = yield* variantsOf(claims.grants);
  const links = linksOf(key, all, tables);
  const active = yield* variantsOf(claims.grants.filter(({ suspended }) => !suspended));
  const isThere = (variant: string, link: string): boolean => targets.get(link) === tableOfVariant(variant);
  const missingLinks = [...links].filter(([variant, link]) => !isThere(variant, link));
  // A name may pass from one table to another: the old link goes first, and what was granted on it goes with it.
  const replaced = new Set(missingLinks.map(([, link]) => link));
  const stays = ({ resource }: LakeGrant): boolean => resource.kind !== 'Table' || !replaced.has(resource.table);
  const names = new Set(links.values());
  const own = ownLinks(key, tables);
  const obsolete = own.filter((link) => !names.has(link) || replaced.has(link));
  const view = { missing: [], extra: [], revoke: [], entries: [] } as {
    readonly [Part in 'missing' | 'extra' | 'revoke' | 'entries']: SharedDatabaseView[Part][number][];
  };
  const verdicts = new Map<string, Verdict>(name === undefined ? refuseAll(claims.grants, nameTaken(claims)) : []);
  const pending = linkPending(name ?? '');
  let hasExtra = false;
  for (const { grants, rows } of yield* byPrincipal(claims.grants, permissions)) {
    const wanted = new Map<string, GatheredRight>();
    const found = rightsOf(rows);
    for (const grant of grants) {
      const variant = variantOf(grant);
      const link = links.get(variant);
      const rights = name === undefined || link === undefined ? [] : rightsOfGrant(key, name, link, grant);
      wantRights(wanted, grant, rights);
      if (name === undefined) continue;
      const isServed =
        link !== undefined && isThere(variant, link) && rights.every((right) => found.has(rightKey(right)));
      verdicts.set(grantId(grant), isServed ? { state: 'Satisfied' } : pending);
    }
    const isOthers = isAdministrators(claims);
    const { missing, extra, revoke } = compareRights(wanted, rightsOf(rows.filter(stays)), isOthers);
    view.missing.push(...missing);
    view.extra.push(...extra);
    view.revoke.push(...revoke);
    view.entries.push(...grantEntriesOf(missing, wanted));
    hasExtra ||= [...found].some(([text, right]) => !wanted.has(text) && !isOthers(right));
    yield 1 + grants.length + rows.length;
  }
  const isClean =
    observed.database === undefined ||
    (!hasExtra && own.every((link) => names.has(link)) && (claims.grants.length > 0 || tables.length > 0));
  const newLinks = missingLinks.filter(([variant]) => active.has(variant));
  return { name, links, newLinks, obsolete, ...view, verdicts, isClean };
}

/** One who has grants, or rights of ours. */
interface Holder {
  readonly grants: Grant[];
  readonly rows: LakeGrant[];
}

/** In the order of their names. */
function* byPrincipal(
  grants: readonly Grant[],
  permissions: readonly LakeGrant[],
): Generator<number, readonly Holder[]> {
  const holders = new Map<string, Holder>();
  const holderOf = (principal: string): Holder => {
    const holder = holders.get(principal) ?? { grants: [], rows: [] };
    holders.set(principal, holder);
    return holder;
  };
  for (const grant of grants) {
    holderOf(grant.principal.arn).grants.push(grant);
    yield 1;
  }
  for (const row of permissions) {
    holderOf(row.principal).rows.push(row);
    yield 1;
  }
  return [...holders].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, holder]) => holder);
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
