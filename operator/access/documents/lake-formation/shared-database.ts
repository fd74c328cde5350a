// The consumer's database of resource links to one source database, and who may see the links. All principals of the account use it.
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import { sharedDatabaseName } from '../../../resources/names.ts';
import { grantsOf } from '../../consent.ts';
import { administratorsOf, sharesOfDatasets } from '../../dataset-baseline.ts';
import { decide } from '../../share-decision.ts';
import type { SharedDatabaseClaims } from '../../desired.ts';
import type { DocumentType, Drift, Plan } from '../../document.ts';
import type { SharedDatabaseKey } from '../../document-key.ts';
import { refuseAll } from '../refusal.ts';
import { resultOfGrants, resultOfRevocations } from './batch-results.ts';
import { rightKey, type GrantEntry, type LakeRight, type WantedRight } from './lake-rights.ts';
import { tableOfVariant } from './link-names.ts';
import { writeWithRight } from './self-grant.ts';
import {
  observeSharedDatabase,
  readBackSharedDatabase,
  SOURCE_PARAMETER,
  type ObservedSharedDatabase,
} from './observe-shared-database.ts';
import { nameTaken, prepare, viewOf, type NewLink } from './shared-database-view.ts';

export type SharedDatabaseAction =
  | { readonly do: 'revoke'; readonly entries: readonly LakeGrant[] }
  | { readonly do: 'create-database'; readonly name: string }
  | { readonly do: 'create-link'; readonly database: string; readonly link: string; readonly table: string }
  | {
      readonly do: 'grant';
      readonly entries: readonly GrantEntry[];
    }
  | { readonly do: 'delete-link'; readonly database: string; readonly link: string }
  | { readonly do: 'delete-database'; readonly name: string };

type Key = SharedDatabaseKey;
type Claims = SharedDatabaseClaims;
type Observed = ObservedSharedDatabase;

export const sharedDatabase: DocumentType<Key, Claims, Observed, SharedDatabaseAction> = {
  kind: 'shared-database',

  collect(specs, key, now) {
    const [environment] = specs.environmentsOf(key.account, key.region);
    if (environment === undefined) return undefined;
    const datasets = specs.datasetsOfDatabase(key.sourceAccount, key.region, key.sourceDatabase);
    const grants = specs
      .environmentsOf(key.account, key.region)
      .flatMap(({ metadata }) => specs.sharesOfEnvironment(metadata.name))
      .filter(({ spec }) =>
        datasets.some(
          ({ metadata }) => metadata.namespace === spec.datasetRef.namespace && metadata.name === spec.datasetRef.name,
        ),
      )
      .flatMap((share) => grantsOf(decide(specs, share, now)))
      .filter(({ item }) => item.kind === 'Table');
    return {
      preferredName: sharedDatabaseName(key.sourceDatabase),
      alternativeName: sharedDatabaseName(key.sourceDatabase, key.sourceAccount),
      sourceRegion: key.region,
      pivotRoleArn: environment.status.pivotRole?.arn ?? '',
      administrators: administratorsOf(specs, key.account, key.region),
      grants,
      remediation: environment.spec.remediation,
    };
  },

  shares(specs, key) {
    const datasets = specs.datasetsOfDatabase(key.sourceAccount, key.region, key.sourceDatabase);
    return sharesOfDatasets(specs, datasets).filter(
      ({ metadata }) => specs.environment(metadata.namespace)?.spec.account.id === key.account,
    );
  },

  owners: (specs, key) => specs.environmentsOf(key.account, key.region),

  observe: observeSharedDatabase,

  readBack: readBackSharedDatabase,

  parts: ({ database }) => (database === undefined ? [] : [database]),

  prepare,

  plan(key, claims, observed): Plan<SharedDatabaseAction> {
    const { name, newLinks, obsolete, missing, extra, revoke, entries, isAllOurs } = viewOf(key, claims, observed);
    if (name === undefined && claims.grants.length > 0)
      return { actions: [], drift: [], refused: refuseAll(claims.grants, nameTaken(claims)) };
    const isActive = claims.grants.some(({ suspended }) => !suspended);
    const { database } = observed;
    const actions: SharedDatabaseAction[] = [];
    if (revoke.length > 0) actions.push({ do: 'revoke', entries: revoke });
    if (database !== undefined)
      actions.push(...obsolete.map((link): SharedDatabaseAction => ({ do: 'delete-link', database, link })));
    if (database === undefined && name !== undefined && isActive) actions.push({ do: 'create-database', name });
    if (name !== undefined) {
      for (const { variant, link } of newLinks)
        actions.push({ do: 'create-link', database: name, link, table: tableOfVariant(variant) });
      if (entries.length > 0) actions.push({ do: 'grant', entries });
    }
    const empties = claims.grants.length === 0 && isAllOurs;
    if (database !== undefined && empties) actions.push({ do: 'delete-database', name: database });
    return { actions, drift: driftOf(newLinks, missing, extra, obsolete), refused: new Map() };
  },

  async execute({ aws }, key, claims, action) {
    const principal = claims.pivotRoleArn;
    const onDatabase = (database: string) =>
      ({ principal, resource: { kind: 'Database', catalogId: key.account, database } }) as const;
    switch (action.do) {
      case 'create-database':
        await aws.glue.createDatabase({
          name: action.name,
          description: `Links to ${key.sourceDatabase} of account ${key.sourceAccount}, made by data.all`,
          parameters: { [SOURCE_PARAMETER]: `${key.sourceAccount}/${key.sourceDatabase}` },
        });
        return { done: true };
      case 'create-link': {
        const target = {
          catalogId: key.sourceAccount,
          database: key.sourceDatabase,
          table: action.table,
          region: claims.sourceRegion,
        };
        await writeWithRight(aws, { ...onDatabase(action.database), permissions: ['CREATE_TABLE'] }, async () => {
          await aws.glue.createTable(action.database, { name: action.link, target });
        });
        return { done: true };
      }
      case 'delete-link': {
        const { database, link } = action;
        const resource = { kind: 'Table', catalogId: key.account, database, table: link } as const;
        await writeWithRight(aws, { principal, resource, permissions: ['DROP'] }, async () =>
          aws.glue.deleteTable(database, link),
        );
        return { done: true };
      }
      case 'delete-database':
        await writeWithRight(aws, { ...onDatabase(action.name), permissions: ['DROP'] }, async () =>
          aws.glue.deleteDatabase(action.name),
        );
        return { done: true };
      case 'revoke':
        return resultOfRevocations(await aws.lakeFormation.revoke(action.entries));
      case 'grant': {
        const outcomes = await aws.lakeFormation.grant(action.entries.map(({ entry }) => entry));
        return resultOfGrants(outcomes, action.entries);
      }
    }
  },

  judge: (key, claims, observed) => viewOf(key, claims, observed).verdicts,

  isClean: (key, claims, observed) => viewOf(key, claims, observed).isClean,

  outputs: (key, claims, observed) => viewOf(key, claims, observed).outputs,
};

const driftOf = (
  newLinks: readonly NewLink[],
  missing: readonly WantedRight[],
  extra: readonly LakeRight[],
  obsolete: readonly string[],
): readonly Drift[] => [
  ...newLinks.map(({ link, grants }): Drift => ({ kind: 'missing', message: `link ${link} is missing`, grants })),
  ...missing.map(({ right, grants }): Drift => ({
    kind: 'missing',
    message: `grant ${rightKey(right)} is missing`,
    grants,
  })),
  ...extra.map((right): Drift => ({ kind: 'extra', message: `grant ${rightKey(right)} is not wanted`, grants: [] })),
  ...obsolete.map((link): Drift => ({ kind: 'extra', message: `link ${link} is not wanted`, grants: [] })),
];
