// Lake Formation: settings, registrations, grants in batches and data cells filters of one account and region. What it says is turned into
// our words and back; its many forms of a resource are in lakeformation-resource.ts, its settings in lakeformation-settings.ts.
import type * as sdk from '@aws-sdk/client-lakeformation';
import type {
  BatchPermissionsRequestEntry,
  Permission,
  PrincipalResourcePermissions,
  ResourceInfo,
} from '@aws-sdk/client-lakeformation';
import { classify } from '../classify-error.ts';
import type { AwsFault } from '../fault.ts';
import { fromSdkFilter, fromSdkResource, toOptIn, toSdkFilter, toSdkResource } from './lakeformation-resource.ts';
import type { DataCellsFilter, LakeOptIn, LakeResource, TableName } from './lakeformation-resource.ts';
import { fromSdkSettings, toSdkSettings } from './lakeformation-settings.ts';
import type { LakeSettings } from './lakeformation-settings.ts';
import { listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export type LakePermission = Permission;

/** One row of Lake Formation's permissions. To revoke one, name it as it is. */
export interface LakeGrant {
  /** ARN of a role or user, an account id, or `IAM_ALLOWED_PRINCIPALS`. */
  readonly principal: string;
  readonly resource: LakeResource;
  readonly permissions: readonly LakePermission[];
  /** Those of the permissions that the principal may pass on. */
  readonly grantable: readonly LakePermission[];
}

/** What became of one entry of a batch; without `fault` it is done. */
export interface LakeGrantOutcome {
  readonly grant: LakeGrant;
  readonly fault?: AwsFault;
}

export interface LakeRegistration {
  /** `arn:aws:s3:::bucket` or `.../prefix`. */
  readonly resourceArn: string;
  readonly roleArn: string | undefined;
  readonly hybrid: boolean;
}

// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html: "up to 20 entries".
const batchSize = 20;

/** https://docs.aws.amazon.com/lake-formation/latest/dg/service-linked-roles.html */
export const isServiceLinked = (roleArn: string | undefined): boolean =>
  roleArn?.includes(':role/aws-service-role/lakeformation.amazonaws.com/') === true;

export class LakeFormation {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  async settings(): Promise<LakeSettings> {
    const { DataLakeSettings } = await this.#service.read('GetDataLakeSettings', {});
    return fromSdkSettings(DataLakeSettings ?? {});
  }

  /** Replaces all settings: always start from what `settings()` just answered. */
  async putSettings(settings: LakeSettings): Promise<void> {
    await this.#service.write('PutDataLakeSettings', { DataLakeSettings: toSdkSettings(settings) });
  }

  /**
   * Permissions in this account's catalog, 1,000 a page: all of them, or of one resource (`related` adds those on its
   * columns and filters), or of one principal. A grant on a whole table comes back as the table and, with SELECT, as all its columns.
   */
  async permissions(
    query: {
      readonly resource?: LakeResource;
      readonly principal?: string;
      readonly related?: boolean;
      readonly type?: 'CATALOG' | 'DATABASE' | 'TABLE' | 'DATA_LOCATION' | 'LF_TAG_POLICY';
    } = {},
  ): Promise<readonly LakeGrant[]> {
    const { resource, principal, related, type } = query;
    return await listAll(
      (NextToken) =>
        this.#service.read('ListPermissions', {
          Resource: resource === undefined ? undefined : toSdkResource(resource),
          ResourceType: type,
          Principal: principal === undefined ? undefined : { DataLakePrincipalIdentifier: principal },
          IncludeRelated: related === true ? 'TRUE' : undefined,
          MaxResults: 1000,
          NextToken,
        }),
      (page) => page.NextToken,
      (page) => page.PrincipalResourcePermissions?.map(toGrant),
    );
  }

  /** LF-Tags of a database or table, a table's with those of its database that it does not override: value by key; none if it is gone. */
  async tags(resource: LakeResource): Promise<ReadonlyMap<string, string>> {
    const found = await this.#service.find('GetResourceLFTags', { Resource: toSdkResource(resource) });
    const pairs = [...(found?.LFTagOnDatabase ?? []), ...(found?.LFTagsOnTable ?? [])];
    return new Map(pairs.map(({ TagKey, TagValues }) => [TagKey ?? '', TagValues?.[0] ?? '']));
  }

  /** Grants in batches of 20. Never throws for AWS's answers: each grant has its outcome, in the order given. */
  async grant(grants: readonly LakeGrant[]): Promise<readonly LakeGrantOutcome[]> {
    return await this.#batch('BatchGrantPermissions', grants);
  }

  /** Revokes in batches of 20, as `grant`. What was not granted counts as done; a missing table or principal is a fault. */
  async revoke(grants: readonly LakeGrant[]): Promise<readonly LakeGrantOutcome[]> {
    return await this.#batch('BatchRevokePermissions', grants);
  }

  /**
   * Opt-ins of this account's catalog, all of them: asked for those of a role of another account, AWS answers with an error
   * (https://github.com/hashicorp/terraform-provider-aws/issues/49106).
   */
  async optIns(): Promise<readonly LakeOptIn[]> {
    return await listAll(
      (NextToken) => this.#service.read('ListLakeFormationOptIns', { MaxResults: 1000, NextToken }),
      (page) => page.NextToken,
      (page) => page.LakeFormationOptInsInfoList?.map(toOptIn),
    );
  }

  /** Doing it twice is no error. */
  async optIn({ principal, resource }: Pick<LakeOptIn, 'principal' | 'resource'>): Promise<void> {
    await this.#service.write('CreateLakeFormationOptIn', {
      Principal: { DataLakePrincipalIdentifier: principal },
      Resource: toSdkResource(resource),
    });
  }

  /** @returns false if it was gone */
  async optOut({ principal, resource }: Pick<LakeOptIn, 'principal' | 'resource'>): Promise<boolean> {
    return await this.#service.remove('DeleteLakeFormationOptIn', {
      Principal: { DataLakePrincipalIdentifier: principal },
      Resource: toSdkResource(resource),
    });
  }

  async registration(resourceArn: string): Promise<LakeRegistration | undefined> {
    const info = (await this.#service.find('DescribeResource', { ResourceArn: resourceArn }))?.ResourceInfo;
    return info && toRegistration({ ...info, ResourceArn: resourceArn });
  }

  /** A location and all that are registered below it, whoever did: for what lies there, the longest one counts. */
  async registrationsWithin(resourceArn: string): Promise<readonly LakeRegistration[]> {
    const all = await listAll(
      (NextToken) =>
        this.#service.read('ListResources', {
          FilterConditionList: [
            { Field: 'RESOURCE_ARN', ComparisonOperator: 'BEGINS_WITH', StringValueList: [resourceArn] },
          ],
          MaxResults: 1000,
          NextToken,
        }),
      (page) => page.NextToken,
      (page) => page.ResourceInfoList?.map(toRegistration),
    );
    return all.filter((one) => `${one.resourceArn}/`.startsWith(`${resourceArn}/`));
  }

  /**
   * Registers a location, by a role of the account or (without `roleArn`, or with its ARN) the service-linked role. A registered one is
   * updated; to the service-linked role it changes by being registered anew.
   */
  async register(registration: LakeRegistration): Promise<void> {
    const { resourceArn, hybrid } = registration;
    const roleArn = isServiceLinked(registration.roleArn) ? undefined : registration.roleArn;
    const found = (await this.#service.find('DescribeResource', { ResourceArn: resourceArn }))?.ResourceInfo;
    const isAnew = found !== undefined && roleArn === undefined && !isServiceLinked(found.RoleArn);
    if (isAnew) await this.#service.remove('DeregisterResource', { ResourceArn: resourceArn });
    const existing = isAnew ? undefined : found;
    if (existing !== undefined && roleArn !== undefined)
      await this.#service.write('UpdateResource', {
        ResourceArn: resourceArn,
        RoleArn: roleArn,
        HybridAccessEnabled: hybrid,
      });
    else if (existing === undefined)
      await this.#service.write('RegisterResource', {
        ResourceArn: resourceArn,
        RoleArn: roleArn,
        UseServiceLinkedRole: roleArn === undefined,
        HybridAccessEnabled: hybrid,
      });
  }

  /** @returns false if it was not registered */
  async deregister(resourceArn: string): Promise<boolean> {
    return await this.#service.remove('DeregisterResource', { ResourceArn: resourceArn });
  }

  /** Filters of a table; of the whole catalog if no table is named. Empty if the table is gone. */
  async filters(table?: TableName): Promise<readonly DataCellsFilter[]> {
    const Table =
      table === undefined ? undefined : { CatalogId: table.catalogId, DatabaseName: table.database, Name: table.table };
    return await listAll(
      (NextToken) => this.#service.find('ListDataCellsFilter', { Table, MaxResults: 1000, NextToken }),
      (page) => page?.NextToken,
      (page) => page?.DataCellsFilters?.map(fromSdkFilter),
    );
  }

  /** @throws AwsFault AlreadyExists: use updateFilter; Invalid for an expression or column Lake Formation does not accept */
  async createFilter(filter: DataCellsFilter): Promise<void> {
    await this.#service.write('CreateDataCellsFilter', { TableData: toSdkFilter(filter) });
  }

  async updateFilter(filter: DataCellsFilter): Promise<void> {
    await this.#service.write('UpdateDataCellsFilter', { TableData: toSdkFilter(filter) });
  }

  /** @returns false if it was gone */
  async deleteFilter(filter: Pick<DataCellsFilter, 'catalogId' | 'database' | 'table' | 'name'>): Promise<boolean> {
    return await this.#service.remove('DeleteDataCellsFilter', {
      TableCatalogId: filter.catalogId,
      DatabaseName: filter.database,
      TableName: filter.table,
      Name: filter.name,
    });
  }

  /** Sends batches one after the other; an entry fails alone, a call that fails takes its own entries with it. */
  async #batch(
    operation: 'BatchGrantPermissions' | 'BatchRevokePermissions',
    grants: readonly LakeGrant[],
  ): Promise<readonly LakeGrantOutcome[]> {
    const outcomes: LakeGrantOutcome[] = [];
    for (let start = 0; start < grants.length; start += batchSize) {
      const slice = grants.slice(start, start + batchSize);
      outcomes.push(...(await this.#oneBatch(operation, slice)));
    }
    return outcomes;
  }

  async #oneBatch(
    operation: 'BatchGrantPermissions' | 'BatchRevokePermissions',
    grants: readonly LakeGrant[],
  ): Promise<readonly LakeGrantOutcome[]> {
    try {
      const { Failures = [] } = await this.#service.write(operation, { Entries: grants.map(toEntry) });
      const faults = new Map(
        Failures.map(({ RequestEntry, Error: error }) => [
          RequestEntry?.Id,
          this.#service.entryFault(operation, error?.ErrorCode ?? 'Unknown', error?.ErrorMessage ?? ''),
        ]),
      );
      return grants.map((grant, index) => {
        const fault = faults.get(String(index));
        const done = fault === undefined || (operation === 'BatchRevokePermissions' && saysNothingToRevoke(fault));
        return done ? { grant } : { grant, fault };
      });
    } catch (error) {
      const fault = classify(error, {
        service: 'lakeformation',
        operation,
        account: this.#service.account,
        region: this.#service.region,
        write: true,
      });
      return grants.map((grant) => ({ grant, fault }));
    }
  }
}

const toRegistration = ({ ResourceArn = '', RoleArn, HybridAccessEnabled }: ResourceInfo): LakeRegistration => ({
  resourceArn: ResourceArn.replace(/\/+$/, ''),
  roleArn: RoleArn,
  hybrid: HybridAccessEnabled === true,
});

const toEntry = (
  { principal, resource, permissions, grantable }: LakeGrant,
  index: number,
): BatchPermissionsRequestEntry => ({
  Id: String(index),
  Principal: { DataLakePrincipalIdentifier: principal },
  Resource: toSdkResource(resource),
  Permissions: [...permissions],
  PermissionsWithGrantOption: [...grantable],
});

const toGrant = (row: PrincipalResourcePermissions): LakeGrant => ({
  principal: row.Principal?.DataLakePrincipalIdentifier ?? '',
  resource: fromSdkResource(row.Resource ?? {}),
  permissions: row.Permissions ?? [],
  grantable: row.PermissionsWithGrantOption ?? [],
});

/**
 * InvalidInputException "No permissions revoked. Grantee does not have: [SELECT]", and "cannot grant/revoke permission on
 * non-existent column", as Terraform takes them:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lakeformation/permissions.go
 */
const saysNothingToRevoke = (fault: AwsFault): boolean =>
  fault.kind === 'Invalid' && /no permissions revoked|does not have|on non-existent column/i.test(fault.reason);
