// The consumer's database of resource links to one source database, and who may see the links. All principals of the account use it.
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { SharedDatabaseClaims } from '../../desired.ts';
import type { DocumentType, Drift, GrantFacts, Plan, Verdict } from '../../document.ts';
import type { SharedDatabaseKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import {
  compareRights,
  entriesOf,
  rightKey,
  rightsOf,
  SHARED_DATABASE_PERMISSIONS,
  wantRights,
  type LakeRight,
  type GatheredRight,
  type WantedRight,
} from './lake-rights.ts';
import { isLinkTo, isOwnLink, linksOf, tableOfVariant, variantOf } from './link-names.ts';
import {
  observeSharedDatabase,
  readBackSharedDatabase,
  SOURCE_PARAMETER,
  type ObservedSharedDatabase,
} from './observe-shared-database.ts';
import { refuseAll, type Refusal } from '../refusal.ts';
import { settleGrants, settleRevocations } from './batch-results.ts';

export type SharedDatabaseAction =
  | { readonly do: 'revoke'; readonly entries: readonly LakeGrant[] }
  | { readonly do: 'create-database'; readonly name: string }
  | { readonly do: 'create-link'; readonly database: string; readonly link: string; readonly table: string }
  | {
      readonly do: 'grant';
      readonly entries: readonly { readonly entry: LakeGrant; readonly grants: readonly string[] }[];
    }
  | { readonly do: 'delete-link'; readonly database: string; readonly link: string }
  | { readonly do: 'delete-database'; readonly name: string };

type Key = SharedDatabaseKey;
type Claims = SharedDatabaseClaims;
type Observed = ObservedSharedDatabase;

export const sharedDatabase: DocumentType<Key, Claims, Observed, SharedDatabaseAction> = {
  kind: 'shared-database',

  observe: observeSharedDatabase,

  readBack: readBackSharedDatabase,

  parts: ({ database }) => (database === undefined ? [] : [database]),

  plan(key, claims, observed): Plan<SharedDatabaseAction> {
    const name = nameOf(claims, observed);
    if (name === undefined && claims.grants.length > 0)
      return { actions: [], drift: [], refused: refuseAll(claims.grants, nameTaken(claims)) };
    const links = linksOf(key, claims.grants, observed.tables);
    const missingLinks = [...links].filter(
      ([variant, link]) => !isLinkTo(key, observed.tables, link, tableOfVariant(variant)),
    );
    const active = claims.grants.filter(({ suspended }) => !suspended);
    const newLinks = missingLinks.filter(([variant]) => active.some((grant) => variantOf(grant) === variant));
    // A name may pass from one table to another: the old link goes first, and what was granted on it goes with it.
    const replaced = new Set(missingLinks.map(([, link]) => link));
    const wanted = name === undefined ? new Map<string, WantedRight>() : wantedRights(key, claims, name, links);
    const present = rightsOf(
      observed.permissions.filter(({ resource }) => resource.kind !== 'Table' || !replaced.has(resource.table)),
    );
    const { missing, extra, revoke } = compareRights(wanted, present, isAdministrators(claims));
    const names = new Set(links.values());
    const obsolete = ownLinks(key, observed).filter((link) => !names.has(link) || replaced.has(link));
    const empties = claims.grants.length === 0 && ownLinks(key, observed).length === observed.tables.length;
    const actions: SharedDatabaseAction[] = [];
    if (revoke.length > 0) actions.push({ do: 'revoke', entries: revoke });
    const { database } = observed;
    if (database !== undefined)
      actions.push(...obsolete.map((link): SharedDatabaseAction => ({ do: 'delete-link', database, link })));
    if (database === undefined && name !== undefined && active.length > 0)
      actions.push({ do: 'create-database', name });
    if (name !== undefined) {
      for (const [variant, link] of newLinks)
        actions.push({ do: 'create-link', database: name, link, table: tableOfVariant(variant) });
      if (missing.length > 0) actions.push(grantAction(missing, wanted));
    }
    if (database !== undefined && empties) actions.push({ do: 'delete-database', name: database });
    return { actions, drift: driftOf(newLinks, missing, extra, obsolete), refused: new Map() };
  },

  async execute({ aws }, key, claims, action) {
    switch (action.do) {
      case 'create-database':
        await aws.glue.createDatabase({
          name: action.name,
          description: `Links to ${key.sourceDatabase} of account ${key.sourceAccount}, made by data.all`,
          parameters: { [SOURCE_PARAMETER]: `${key.sourceAccount}/${key.sourceDatabase}` },
        });
        return { done: true };
      case 'create-link':
        await aws.glue.createTable(action.database, {
          name: action.link,
          target: {
            catalogId: key.sourceAccount,
            database: key.sourceDatabase,
            table: action.table,
            region: claims.sourceRegion,
          },
        });
        return { done: true };
      case 'delete-link':
        await aws.glue.deleteTable(action.database, action.link);
        return { done: true };
      case 'delete-database':
        await aws.glue.deleteDatabase(action.name);
        return { done: true };
      case 'revoke':
        return settleRevocations(await aws.lakeFormation.revoke(action.entries));
      case 'grant': {
        const outcomes = await aws.lakeFormation.grant(action.entries.map(({ entry }) => entry));
        return settleGrants(outcomes, action.entries);
      }
    }
  },

  judge(key, claims, observed) {
    const name = nameOf(claims, observed);
    if (name === undefined) return refuseAll(claims.grants, nameTaken(claims));
    const links = linksOf(key, claims.grants, observed.tables);
    const present = rightsOf(observed.permissions);
    return new Map(
      claims.grants.map((grant): [string, Verdict] => {
        const link = links.get(variantOf(grant));
        const served =
          link !== undefined &&
          isLinkTo(key, observed.tables, link, tableOfVariant(variantOf(grant))) &&
          rightsOfGrant(key, name, link, grant).every((right) => present.has(rightKey(right)));
        return [
          grantId(grant),
          served
            ? { state: 'Satisfied' }
            : { state: 'Waiting', reason: 'LinkPending', message: `the link in database ${name} is not there yet` },
        ];
      }),
    );
  },

  isClean(key, claims, observed) {
    if (observed.database === undefined) return true;
    const links = linksOf(key, claims.grants, observed.tables);
    const names = new Set(links.values());
    const wanted = wantedRights(key, claims, observed.database, links);
    return (
      compareRights(wanted, rightsOf(observed.permissions), isAdministrators(claims)).extra.length === 0 &&
      ownLinks(key, observed).every((link) => names.has(link)) &&
      (claims.grants.length > 0 || observed.tables.length > 0)
    );
  },

  facts(key, claims, observed) {
    const database = nameOf(claims, observed);
    const links = linksOf(key, claims.grants, observed.tables);
    return new Map(
      claims.grants.flatMap((grant): [string, GrantFacts][] => {
        const link = links.get(variantOf(grant));
        return database === undefined || link === undefined ? [] : [[grantId(grant), { database, link }]];
      }),
    );
  },
};

/** The database we have, else the first name that is free. */
const nameOf = (claims: Claims, { database, taken }: Observed): string | undefined => {
  if (database !== undefined) return database;
  if (!taken.preferred) return claims.preferredName;
  return taken.alternative ? undefined : claims.alternativeName;
};

const nameTaken = ({ preferredName, alternativeName }: Claims): Refusal => ({
  state: 'Failed',
  reason: 'DatabaseTaken',
  message: `databases ${preferredName} and ${alternativeName} of the consumer account are not ours: rename one of them`,
});

const ownLinks = (key: Key, { tables }: Observed): readonly string[] =>
  tables.filter((table) => isOwnLink(key, table)).map(({ name }) => name);

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

const wantedRights = (
  key: Key,
  claims: Claims,
  database: string,
  links: ReadonlyMap<string, string>,
): ReadonlyMap<string, WantedRight> => {
  const wanted = new Map<string, GatheredRight>();
  for (const grant of claims.grants) {
    const link = links.get(variantOf(grant));
    if (link !== undefined) wantRights(wanted, grant, rightsOfGrant(key, database, link, grant));
  }
  return wanted;
};

const isAdministrators =
  ({ pivotRoleArn, administrators }: Claims) =>
  ({ principal }: LakeRight): boolean =>
    principal === pivotRoleArn || administrators.includes(principal);

const grantAction = (
  missing: readonly WantedRight[],
  wanted: ReadonlyMap<string, WantedRight>,
): SharedDatabaseAction => ({
  do: 'grant',
  entries: entriesOf(missing.map(({ right }) => right)).map((entry) => ({
    entry,
    grants: [
      ...new Set(
        entry.permissions.flatMap(
          (permission) =>
            wanted.get(rightKey({ principal: entry.principal, resource: entry.resource, permission }))?.grants ?? [],
        ),
      ),
    ],
  })),
});

const driftOf = (
  newLinks: readonly (readonly [string, string])[],
  missing: readonly WantedRight[],
  extra: readonly LakeRight[],
  obsolete: readonly string[],
): readonly Drift[] => [
  ...newLinks.map(([, link]): Drift => ({ kind: 'missing', message: `link ${link} is missing`, grants: [] })),
  ...missing.map(({ right, grants }): Drift => ({
    kind: 'missing',
    message: `grant ${rightKey(right)} is missing`,
    grants,
  })),
  ...extra.map((right): Drift => ({ kind: 'extra', message: `grant ${rightKey(right)} is not wanted`, grants: [] })),
  ...obsolete.map((link): Drift => ({ kind: 'extra', message: `link ${link} is not wanted`, grants: [] })),
];
