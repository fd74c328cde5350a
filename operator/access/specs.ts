// The custom resources as the sharing engine reads them: synchronously, from whatever holds them (the kernel's stores, or a test).
import type { ConsumptionRole } from '../resources/consumption-role.ts';
import type { DatasetTable } from '../resources/dataset-table.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { Organization } from '../resources/organization.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Team } from '../resources/team.ts';
import type { InstallationPause } from './consent.ts';
import type { SharePrincipal } from './parties.ts';

/** Every look-up is by index: work on one document must not walk through all shares. Missing objects are undefined or left out. */
export interface Specs {
  organization(name: string): Organization | undefined;
  environment(name: string): Environment | undefined;
  /** Environments of one account and region, and of one account: those that the account has let in. The oldest first. */
  environmentsOf(account: string, region: string): readonly Environment[];
  environmentsOfAccount(account: string): readonly Environment[];
  team(namespace: string, name: string): Team | undefined;
  /** Teams of one group in one environment: at most one counts. */
  teamOfGroup(namespace: string, group: string): Team | undefined;
  consumptionRole(namespace: string, name: string): ConsumptionRole | undefined;
  /** Teams and ConsumptionRoles whose role or user this is, a team that has it from us before others, then the oldest first; none of environments whose account has not let them in. */
  principalsOf(arn: string): readonly SharePrincipal[];
  dataset(namespace: string, name: string): Dataset | undefined;
  datasetById(id: string): Dataset | undefined;
  /** The oldest first. */
  datasetsOfBucket(bucket: string): readonly Dataset[];
  /** Those whose own role it is, brought or made. */
  datasetsOfRole(arn: string): readonly Dataset[];
  datasetsOfKey(keyArn: string): readonly Dataset[];
  datasetsOfDatabase(account: string, region: string, database: string): readonly Dataset[];
  /** Of the dataset that has the name now; those that were there before it describe another. */
  datasetTables(namespace: string, dataset: string): readonly DatasetTable[];
  /** Those that describe one table: one counts. */
  datasetTablesOf(namespace: string, dataset: string, table: string): readonly DatasetTable[];
  shareRequest(namespace: string, name: string): ShareRequest | undefined;
  sharesOfDataset(namespace: string, name: string): readonly ShareRequest[];
  /** Those that name the table, in whatever case. */
  sharesOfTable(namespace: string, dataset: string, table: string): readonly ShareRequest[];
  sharesOfPrincipal(namespace: string, kind: 'Team' | 'ConsumptionRole', name: string): readonly ShareRequest[];
  /** Requests in the namespace of one environment. */
  sharesOfEnvironment(name: string): readonly ShareRequest[];
  approvalFor(request: ShareRequest): ShareApproval | undefined;
  /** What the installation and the Tenant say. */
  readonly installation: {
    readonly allowWrite: boolean;
    readonly allowSelfApproval: boolean;
    readonly pause: InstallationPause | undefined;
  };
}
