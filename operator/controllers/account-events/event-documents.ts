// Which documents and objects of ours an account's events are about. Anybody whom the account lets may send events, so only what the
// specs know counts: a name that no object speaks for makes no work.
import { keyArn } from '../../policy/arn.ts';
import { documentsForAnyItem, sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import { isAccessPointOfShare } from '../../access/access-point-shares.ts';
import { policyPrefixOf } from '../../access/grant-names.ts';
import { principalFor } from '../../access/share-decision.ts';
import { partiesOf } from '../../access/parties.ts';
import type { DocumentKey, SharedDatabaseKey } from '../../access/document-key.ts';
import { nextTurn, Turns } from '../../kernel/turns.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import type { Environment } from '../../resources/environment.ts';
import { teamKind } from '../../resources/team.ts';
import type { Touched } from './cloudtrail-event.ts';
import type { Platform } from '../reconcile/platform.ts';

/** Shares that are looked through in one turn. */
const SHARES_A_TURN = 200;

/** One environment's names, as its specs are now. Made anew for each batch of messages. */
export class KnownNames {
  readonly #platform: Pick<Platform, 'specs' | 'stores'>;
  readonly #environment: Environment;
  readonly #principals: ReadonlyMap<string, readonly KnownPrincipal[]>;
  readonly #policies: ReadonlyMap<string, readonly KnownPrincipal[]>;
  #links: Promise<ReadonlyMap<string, readonly SharedDatabaseKey[]>> | undefined;

  constructor(platform: Pick<Platform, 'specs' | 'stores'>, environment: Environment) {
    this.#platform = platform;
    this.#environment = environment;
    const principals = principalsOf(platform, environment);
    const { resourcePrefix: prefix } = environment.spec;
    const { id = '' } = environment.status;
    this.#principals = Map.groupBy(principals, ({ arn }) => arn.slice(arn.lastIndexOf('/') + 1));
    this.#policies = Map.groupBy(principals, ({ arn }) => policyPrefixOf({ prefix, id }, arn));
  }

  /** Documents to look at, once each. */
  async documents(touched: Touched): Promise<readonly DocumentKey[]> {
    const { specs } = this.#platform;
    const { id: account, region } = this.#environment.spec.account;
    switch (touched.kind) {
      case 'bucket':
        return specs.datasetsOfBucket(touched.name).some(isIn({ account, region }))
          ? [
              { kind: 'bucket-policy', account, region, bucket: touched.name },
              { kind: 'registration', account, region, bucket: touched.name },
            ]
          : [];
      case 'access-point': {
        const key = { kind: 'access-point', account, region, name: touched.name } as const;
        return isAccessPointOfShare(specs, key) ? [key] : [];
      }
      case 'key':
        return specs.datasetsOfKey(keyArn({ account, region, keyId: touched.name })).length > 0
          ? [{ kind: 'key-policy', account, region, keyId: touched.name }]
          : [];
      case 'database':
        return this.#ofDatabase(touched.name);
      case 'principal':
        return this.principals(touched.name).map(({ arn }) => sharePoliciesKeyOf(arn));
      case 'policy':
        return (this.#policies.get(policyPrefixIn(touched.name)) ?? []).map(({ arn }) => sharePoliciesKeyOf(arn));
      case 'lake-settings':
        return [{ kind: 'lake-settings', account, region }];
    }
  }

  /** Teams and ConsumptionRoles whose role or user has this name. */
  principals(name: string): readonly KnownPrincipal[] {
    return this.#principals.get(name) ?? [];
  }

  /** A database is a dataset's, or holds links for this environment. */
  async #ofDatabase(database: string): Promise<readonly DocumentKey[]> {
    const { specs } = this.#platform;
    const { id: account, region } = this.#environment.spec.account;
    const produced: readonly DocumentKey[] =
      specs.datasetsOfDatabase(account, region, database).length > 0
        ? [{ kind: 'catalog-grants', account, region, database }]
        : [];
    const sources = [...database.matchAll(/_shared/g)].map(({ index }) => database.slice(0, index));
    if (sources.length === 0) return produced;
    const links = await (this.#links ??= linksOf(this.#platform, this.#environment));
    return [...produced, ...sources.flatMap((source) => links.get(source) ?? [])];
  }
}

interface KnownPrincipal {
  readonly arn: string;
  readonly kind: 'Team' | 'ConsumptionRole';
  readonly name: string;
}

const principalsOf = ({ stores }: Pick<Platform, 'stores'>, { metadata }: Environment): readonly KnownPrincipal[] => [
  ...stores
    .get(consumptionRoleKind)
    .list(metadata.name)
    .map(({ metadata: { name }, spec }) => ({ kind: 'ConsumptionRole' as const, name, arn: spec.principalArn })),
  ...stores
    .get(teamKind)
    .list(metadata.name)
    .flatMap(({ metadata: { name }, status: { roleArn } }) =>
      roleArn === undefined ? [] : [{ kind: 'Team' as const, name, arn: roleArn }],
    ),
];

/** Databases of links that this environment's shares may have, by the name of the source database. */
const linksOf = async (
  { specs }: Pick<Platform, 'specs'>,
  environment: Environment,
): Promise<ReadonlyMap<string, readonly SharedDatabaseKey[]>> => {
  const turns = new Turns(SHARES_A_TURN);
  const found = new Map<string, readonly SharedDatabaseKey[]>();
  for (const request of specs.sharesOfEnvironment(environment.metadata.name)) {
    await turns.piece();
    const { namespace, name } = request.spec.datasetRef;
    const dataset = specs.dataset(namespace, name);
    const parties = partiesOf({ request, dataset, consumer: environment, principal: principalFor(specs, request) });
    const keys =
      parties === undefined ? [] : documentsForAnyItem(parties).filter((key) => key.kind === 'shared-database');
    for (const key of keys) {
      const others = found.get(key.sourceDatabase) ?? [];
      if (!others.some(({ sourceAccount }) => sourceAccount === key.sourceAccount))
        found.set(key.sourceDatabase, [...others, key]);
    }
  }
  await nextTurn();
  return found;
};

/** Our policies are called by a prefix that ends in a hyphen, and an index. */
const policyPrefixIn = (arn: string): string => {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return name.slice(0, name.lastIndexOf('-') + 1);
};

const isIn =
  ({ account, region }: { readonly account: string; readonly region: string }) =>
  ({ status }: { readonly status: { readonly account?: string | undefined; readonly region?: string | undefined } }) =>
    status.account === account && status.region === region;
