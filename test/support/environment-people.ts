// An organization with an environment and its people, for tests of the gateway's modules.

import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import type { DatabaseServer } from './database.ts';
import { gatewayScene, type GatewayScene, type Person } from './gateway-scene.ts';
import { environment, put, READY_NAMESPACE } from './index-scene.ts';

/** With what the schema puts where nothing is said. */
export const SALES_SPEC = {
  ...environment('sales'),
  deletionPolicy: 'Retain',
  remediation: 'Repair',
};

export const SALES_PROD = {
  ...READY_NAMESPACE,
  id: 'salesprd',
  externalId: 'e-sales',
  linkCommand: 'aws cloudformation deploy',
  defaultRole: { arn: 'arn:aws:iam::111111111111:role/dataall-sales-salesprd' },
  workgroup: 'dataall-sales-salesprd',
  buckets: { environment: 'dataall-sales-salesprd', logs: 'dataall-env-access-logs-salesprd' },
  stack: {
    name: 'dataall-sales-salesprd',
    arn: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/dataall-sales-salesprd/1',
    status: 'CREATE_COMPLETE',
    updatedAt: '2026-11-30T12:00:00Z',
    events: [
      { time: '2026-11-30T12:00:00Z', resource: 'OwnerRole', type: 'AWS::IAM::Role', status: 'CREATE_COMPLETE' },
    ],
  },
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Succeeded',
      message: 'all is well',
      lastTransitionTime: '2026-11-30T12:00:00Z',
      observedGeneration: 1,
    },
  ],
};

/**
 * Organization acme of group platform, which invited sales (who may link accounts), marketing and finance; environment sales-prod of sales,
 * which invited marketing (who may create datasets, and add consumption roles).
 */
export async function furnishSales(api: KubeApi): Promise<void> {
  await put(api, tenantKind, { name: 'default' }, { administrators: ['admins'] });
  const teams = [
    { group: 'sales', permissions: ['LINK_ENVIRONMENT'] },
    { group: 'marketing', permissions: [] },
    { group: 'finance', permissions: [] },
  ];
  await put(api, organizationKind, { name: 'acme' }, { label: 'ACME', owner: 'platform', teams }, { id: 'acmeacme' });
  await put(api, environmentKind, { name: 'sales-prod' }, SALES_SPEC, SALES_PROD);
  const permissions = ['CREATE_DATASET', 'ADD_ENVIRONMENT_CONSUMPTION_ROLES'];
  const role = { roleArn: 'arn:aws:iam::111111111111:role/dataall-marketing-salesprd' };
  await put(api, teamKind, { namespace: 'sales-prod', name: 'marketing' }, { group: 'marketing', permissions }, role);
}

export interface SalesScene extends GatewayScene {
  /** Of the group that owns sales-prod. */
  readonly sally: Person;
  /** Of the group that sales-prod invited. */
  readonly mary: Person;
  /** Of the organization's owner. */
  readonly pete: Person;
  /** Of a group of the organization that is not in the environment. */
  readonly finn: Person;
  readonly admin: Person;
  /** Of no group that anybody here knows. */
  readonly zoe: Person;
}

export async function salesScene(
  postgres: DatabaseServer,
  parts?: Parameters<typeof gatewayScene>[2],
): Promise<SalesScene> {
  const scene = await gatewayScene(postgres, furnishSales, parts);
  return {
    ...scene,
    sally: scene.as('sally@acme.example', 'sales'),
    mary: scene.as('mary@acme.example', 'marketing'),
    pete: scene.as('pete@acme.example', 'platform'),
    finn: scene.as('finn@acme.example', 'finance'),
    admin: scene.as('ada@acme.example', 'admins'),
    zoe: scene.as('zoe@elsewhere.example', 'strangers'),
  };
}
