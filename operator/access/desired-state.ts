// Collects everything that touches one AWS document into claims. Reads specs only, never AWS.
import { accessPointArn, keyArn } from '../policy/arn.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import { accessPointName, resourceLinkName, sharedDatabaseName, sharePolicyPrefix } from '../resources/names.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type {
  AccessPointClaims,
  BucketPolicyClaims,
  CatalogGrantsClaims,
  DatasetBaseline,
  FilterDefinition,
  InvitationsClaims,
  KeyPolicyClaims,
  LakeSettingsClaims,
  RegistrationClaims,
  SharedDatabaseClaims,
  SharePoliciesClaims,
} from './desired.ts';
import { grantsOf, isUninvited, type ShareDecision, type ShareInputs } from './consent.ts';
import { decideOnce } from './decision-memory.ts';
import { byTable, datasetTableFor } from './item-decision.ts';
import type { SharePrincipal } from './parties.ts';
import type { GrantFacts } from './document.ts';
import type {
  AccessPointKey,
  BucketPolicyKey,
  CatalogGrantsKey,
  InvitationsKey,
  KeyPolicyKey,
  LakeSettingsKey,
  RegistrationKey,
  SharedDatabaseKey,
  SharePoliciesKey,
} from './document-key.ts';
import { checkRequest, type RequestProblems } from './item-check.ts';
import { grantId, isSameAccount, type Grant } from './grant.ts';
import { principalArnOf } from './principal-arn.ts';
import type { Specs } from './specs.ts';

/** Lake Formation cross-account version that direct grants to roles of other accounts need. */
export const CROSS_ACCOUNT_VERSION = 4;

/** What one share gives at this moment. */
export const decide = (specs: Specs, request: ShareRequest, now: number): ShareDecision =>
  decideOnce(inputsOf(specs, request, now));

const inputsOf = (specs: Specs, request: ShareRequest, now: number): ShareInputs => {
  const { namespace, name } = request.spec.datasetRef;
  const producer = specs.environment(namespace);
  const consumer = specs.environment(request.metadata.namespace);
  return {
    request,
    approval: specs.approvalFor(request),
    dataset: specs.dataset(namespace, name),
    tables: specs.datasetTables(namespace, name),
    producer,
    consumer,
    producerOrganization: producer && specs.organization(producer.spec.organization),
    consumerOrganization: consumer && specs.organization(consumer.spec.organization),
    principal: principalFor(specs, request),
    ...specs.installation,
    now,
  };
};

/** What of a request could not be given if it were approved as it is. */
export const problemsOf = (specs: Specs, request: ShareRequest): RequestProblems => {
  const { namespace, name } = request.spec.datasetRef;
  return checkRequest(request, {
    dataset: specs.dataset(namespace, name),
    tables: specs.datasetTables(namespace, name),
    consumer: specs.environment(request.metadata.namespace),
    allowWrite: specs.installation.allowWrite,
  });
};

export const principalFor = (specs: Specs, { metadata, spec }: ShareRequest): SharePrincipal | undefined => {
  if (spec.principal.kind === 'Team') {
    const team = specs.team(metadata.namespace, spec.principal.name);
    return team && { kind: 'Team', team };
  }
  const role = specs.consumptionRole(metadata.namespace, spec.principal.name);
  return role && { kind: 'ConsumptionRole', role };
};

/** Each `collect` answers undefined when no custom resource speaks for the document any more: then it is not ours to touch. */
export const collectBucketPolicy = (
  specs: Specs,
  key: BucketPolicyKey,
  now: number,
): BucketPolicyClaims | undefined => {
  const dataset = specs.datasetsOfBucket(key.bucket).filter(isRecorded).find(isAt(key));
  const baseline = dataset && baselineOf(specs, dataset);
  if (dataset === undefined || baseline === undefined) return undefined;
  const grants = grantsOfDatasets(specs, [dataset], now).filter(({ item }) => item.kind !== 'Table');
  return { dataset: baseline, grants, ...remediationOf(specs, dataset) };
};

export const collectKeyPolicy = (specs: Specs, key: KeyPolicyKey, now: number): KeyPolicyClaims | undefined => {
  const datasets = specs.datasetsOfKey(keyArn(key)).filter(isRecorded);
  const baselines = datasets.flatMap((dataset) => baselineOf(specs, dataset) ?? []);
  const [dataset] = datasets;
  if (dataset === undefined || baselines.length === 0) return undefined;
  const grants = grantsOfDatasets(specs, datasets, now).filter(({ item }) => item.kind !== 'Table');
  return { datasets: baselines, grants, ...remediationOf(specs, dataset) };
};

export const collectAccessPoint = (specs: Specs, key: AccessPointKey, now: number): AccessPointClaims | undefined => {
  const dataset = datasetOfAccessPoint(specs, key);
  if (dataset?.status.bucket === undefined) return undefined;
  const grants = sharesOfAccessPoint(specs, key)
    .flatMap((share) => grantsOf(decide(specs, share, now)))
    .filter((grant) => grant.item.kind === 'Folder' && accessPointNameOf(grant) === key.name);
  return { bucket: dataset.status.bucket, grants, ...remediationOf(specs, dataset) };
};

const datasetOfAccessPoint = (specs: Specs, key: AccessPointKey): Dataset | undefined => {
  // accessPointName starts with the dataset's id, which is 8 characters.
  const dataset = specs.datasetById(key.name.slice(0, 8));
  return dataset !== undefined && isAt(key)(dataset) ? dataset : undefined;
};

/** Not all of the dataset's: deciding and waking every share for every access point would be quadratic. Unknown principals may be meant. */
export const sharesOfAccessPoint = (specs: Specs, key: AccessPointKey): readonly ShareRequest[] => {
  const dataset = datasetOfAccessPoint(specs, key);
  if (dataset === undefined) return [];
  return specs
    .sharesOfDataset(dataset.metadata.namespace, dataset.metadata.name)
    .filter((share) => {
      const principal = principalFor(specs, share);
      const principalId = principal?.kind === 'Team' ? principal.team.status.id : principal?.role.status.id;
      return principalId === undefined || key.name.endsWith(`-${principalId}`);
    })
    .toSorted((a, b) => shareKey(a).localeCompare(shareKey(b)));
};

/** Whether the name is the one of a share's own access point: nobody can make up another of these. */
export const isAccessPointOfShare = (specs: Specs, key: AccessPointKey): boolean => {
  const dataset = datasetOfAccessPoint(specs, key);
  if (dataset === undefined) return false;
  return specs.sharesOfDataset(dataset.metadata.namespace, dataset.metadata.name).some((share) => {
    const principal = principalFor(specs, share);
    const id = principal?.kind === 'Team' ? principal.team.status.id : principal?.role.status.id;
    return id !== undefined && dataset.status.id !== undefined && key.name === accessPointName(dataset.status.id, id);
  });
};

export const collectSharePolicies = (
  specs: Specs,
  key: SharePoliciesKey,
  now: number,
  facts: (grant: string) => GrantFacts | undefined,
): SharePoliciesClaims | undefined => {
  const principalArn = principalArnOf(specs, key);
  const [principal] = specs.principalsOf(principalArn);
  if (principal === undefined) return orphanedPolicies(specs, key, principalArn);
  const { metadata } = principal.kind === 'Team' ? principal.team : principal.role;
  const environment = specs.environment(metadata.namespace);
  if (environment?.status.id === undefined) return undefined;
  const grants = specs
    .sharesOfPrincipal(metadata.namespace, principal.kind, metadata.name)
    .flatMap((share) => grantsOf(decide(specs, share, now)));
  const { resourcePrefix: prefix } = environment.spec;
  return {
    principalArn,
    policyPrefix: policyPrefixOf({ prefix, id: environment.status.id }, principalArn),
    policyManagement: principal.kind === 'Team' ? 'Fully' : principal.role.spec.policyManagement,
    grants,
    accessPoints: new Map(
      grants
        .filter(({ item }) => item.kind === 'Folder')
        .map((grant) => [grantId(grant), accessPointArn({ ...grant.source, name: accessPointNameOf(grant) })]),
    ),
    links: new Map(
      grants.flatMap((grant): [string, LinkName][] => {
        const name = linkNameOf(grant, facts(grantId(grant)));
        return name === undefined ? [] : [[grantId(grant), name]];
      }),
    ),
    present: metadata.deletionTimestamp === undefined,
    remediation: environment.spec.remediation,
  };
};

/** Policies of a role whose object was removed by force go, as long as a request remembers that the role had access. */
const orphanedPolicies = (
  specs: Specs,
  key: SharePoliciesKey,
  principalArn: string,
): SharePoliciesClaims | undefined => {
  const environment = specs
    .environmentsOfAccount(key.account)
    .find(({ metadata }) =>
      specs.sharesOfEnvironment(metadata.name).some(({ status }) => status.principalArn === principalArn),
    );
  if (environment?.status.id === undefined) return undefined;
  const { resourcePrefix: prefix } = environment.spec;
  return {
    principalArn,
    policyPrefix: policyPrefixOf({ prefix, id: environment.status.id }, principalArn),
    policyManagement: 'Fully',
    grants: [],
    accessPoints: new Map(),
    links: new Map(),
    present: false,
    remediation: environment.spec.remediation,
  };
};

export const collectCatalogGrants = (
  specs: Specs,
  key: CatalogGrantsKey,
  now: number,
): CatalogGrantsClaims | undefined => {
  const datasets = specs.datasetsOfDatabase(key.account, key.region, key.database);
  const baselines = datasets.flatMap((dataset) => baselineOf(specs, dataset) ?? []);
  const [dataset] = datasets;
  if (dataset === undefined || baselines.length === 0) return undefined;
  return {
    datasets: baselines,
    grants: grantsOfDatasets(specs, datasets, now).filter(({ item }) => item.kind === 'Table'),
    filters: datasets.flatMap((one) => filtersOf(specs, one)),
    administrators: administratorsOf(specs, key.account, key.region),
    foreign: datasets.flatMap(({ status }) => status.before?.grants ?? []),
    ...remediationOf(specs, dataset),
  };
};

export const collectSharedDatabase = (
  specs: Specs,
  key: SharedDatabaseKey,
  now: number,
): SharedDatabaseClaims | undefined => {
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
};

export const collectLakeSettings = (specs: Specs, key: LakeSettingsKey): LakeSettingsClaims => {
  const environments = specs.environmentsOf(key.account, key.region);
  // A second environment found what the first had raised, so the lowest is what was there before us.
  const versions = environments.map(({ status }) => Number(status.before?.crossAccountVersion ?? 0));
  const before = Math.min(CROSS_ACCOUNT_VERSION, ...versions.filter((version) => version > 0));
  const pivots = (live: boolean): readonly string[] =>
    environments
      .filter(({ metadata }) => (metadata.deletionTimestamp === undefined) === live)
      .flatMap(({ status }) => status.pivotRole?.arn ?? []);
  const isLinked = pivots(true).length > 0;
  return {
    grants: [],
    administrators: pivots(true),
    formerAdministrators: pivots(false).filter((arn) => !pivots(true).includes(arn)),
    crossAccountVersion: isLinked ? CROSS_ACCOUNT_VERSION : 0,
    restoreVersion:
      isLinked || before === CROSS_ACCOUNT_VERSION ? undefined : { from: CROSS_ACCOUNT_VERSION, to: before },
  };
};

export const collectRegistration = (specs: Specs, key: RegistrationKey): RegistrationClaims | undefined => {
  const dataset = specs.datasetsOfBucket(key.bucket).find(isAt(key));
  if (dataset?.status.roleArn === undefined) return undefined;
  const live = dataset.metadata.deletionTimestamp === undefined;
  return {
    grants: [],
    wanted: live ? { roleArn: dataset.status.roleArn, hybrid: dataset.status.lakeFormation === 'Hybrid' } : undefined,
    owned: dataset.status.before?.registration?.registered !== true,
  };
};

export const collectInvitations = (specs: Specs, key: InvitationsKey, now: number): InvitationsClaims => ({
  grants: specs
    .environmentsOf(key.account, key.region)
    .flatMap(({ metadata }) => specs.sharesOfEnvironment(metadata.name))
    .flatMap((share) => grantsOf(decide(specs, share, now)))
    .filter(
      (grant) => grant.item.kind === 'Table' && grant.source.account === key.sourceAccount && !isSameAccount(grant),
    ),
});

/** Where a table is found in the consumer account. */
export interface LinkName {
  readonly database: string;
  readonly link: string;
}

/** As the shared database has it; until it has been read, the names it takes unless somebody else has them. */
export const linkNameOf = ({ item, source }: Grant, known: GrantFacts | undefined): LinkName | undefined => {
  if (item.kind !== 'Table') return undefined;
  return {
    database: known?.database ?? sharedDatabaseName(source.database),
    link: known?.link ?? resourceLinkName(item.name, item.filters),
  };
};

/**
 * What our policies of a role or user start with. A user and a role may have one name, and would have one policy, so those of users
 * say so where no role's can.
 */
export const policyPrefixOf = (environment: { readonly prefix: string; readonly id: string }, arn: string): string => {
  const id = arn.includes(':user/') ? `${environment.id}-user` : environment.id;
  return sharePolicyPrefix({ ...environment, id }, arn.slice(arn.lastIndexOf('/') + 1));
};

/** One access point for each dataset and principal. */
export const accessPointNameOf = ({ source, principal }: Pick<Grant, 'source' | 'principal'>): string =>
  accessPointName(source.dataset.id, principal.reference.id);

/** A name alone does not make a document the dataset's: events of other accounts carry names of ours too. */
const isAt =
  ({ account, region }: { readonly account: string; readonly region: string }) =>
  ({ status }: Dataset): boolean =>
    status.account === account && status.region === region;

/** Of an import, what its policies say is written down before they are changed. What was ready before that was, had been changed already. */
const isRecorded = ({ spec, status }: Dataset): boolean =>
  spec.s3.origin === 'Create' || status.registration !== undefined || status.before?.statements !== undefined;

const grantsOfDatasets = (specs: Specs, datasets: readonly Dataset[], now: number): readonly Grant[] =>
  datasets
    .flatMap(({ metadata }) => specs.sharesOfDataset(metadata.namespace, metadata.name))
    .toSorted((a, b) => shareKey(a).localeCompare(shareKey(b)))
    .flatMap((share) => grantsOf(decide(specs, share, now)));

const shareKey = ({ metadata }: ShareRequest): string => `${metadata.namespace}/${metadata.name}`;

/** Undefined until the Dataset controller has found or made what the dataset consists of. */
const baselineOf = (specs: Specs, dataset: Dataset): DatasetBaseline | undefined => {
  const { metadata, spec, status } = dataset;
  const environment = specs.environment(metadata.namespace);
  const { id, bucket, roleArn } = status;
  if (id === undefined || bucket === undefined || roleArn === undefined || environment?.status.pivotRole === undefined)
    return undefined;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    id,
    origin: spec.s3.origin,
    bucket,
    foreignSids: { bucket: status.before?.statements?.bucket ?? [], key: status.before?.statements?.key ?? [] },
    present: metadata.deletionTimestamp === undefined,
    pivotRoleArn: environment.status.pivotRole.arn,
    datasetRoleArn: roleArn,
    ownerRoleArns: ownerRoles(specs, dataset, environment),
    lakeFormation: status.lakeFormation ?? 'Enforced',
  };
};

const ownerRoles = (specs: Specs, { metadata, spec }: Dataset, environment: Environment): readonly string[] => {
  const owner = spec.owner === environment.spec.owner ? environment.status.defaultRole?.arn : undefined;
  const team = specs.teamOfGroup(metadata.namespace, spec.owner);
  const role = isUninvited(team) ? undefined : team?.status.roleArn;
  return [...new Set([owner, role].flatMap((arn) => arn ?? []))].toSorted();
};

const remediationOf = (specs: Specs, { metadata }: Dataset): { readonly remediation: 'Repair' | 'Report' } => ({
  remediation: specs.environment(metadata.namespace)?.spec.remediation ?? 'Repair',
});

const administratorsOf = (specs: Specs, account: string, region: string): readonly string[] =>
  specs.environmentsOf(account, region).flatMap(({ status }) => status.pivotRole?.arn ?? []);

const filtersOf = (specs: Specs, { metadata, status }: Dataset): readonly FilterDefinition[] => {
  const dataset = { namespace: metadata.namespace, name: metadata.name };
  const { bucket = '' } = status;
  const tables = specs.datasetTables(metadata.namespace, metadata.name);
  return [...byTable(tables).keys()].flatMap((table) =>
    (datasetTableFor(tables, table)?.spec.filters ?? []).map(({ name, rows, columns }) => ({
      dataset,
      bucket,
      table,
      name,
      rows,
      columns,
    })),
  );
};
