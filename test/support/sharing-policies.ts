// Every policy that the sharing engine writes: of bucket, key and access point, and the share policies of a role, for every kind of item
// and every permission.
import { accessPoint } from '../../operator/access/documents/resource-policy/access-point.ts';
import { bucketPolicy } from '../../operator/access/documents/resource-policy/bucket-policy.ts';
import { keyPolicy } from '../../operator/access/documents/resource-policy/key-policy.ts';
import { sharePolicies } from '../../operator/access/documents/identity-policy/share-policies.ts';
import { grantId, type SharePermission } from '../../operator/access/grant.ts';
import * as cast from '../../operator/access/testing/fixtures.ts';
import { accessPointArn } from '../../operator/policy/arn.ts';
import type { PolicyDocument } from '../../operator/policy/document.ts';

const { CONSUMER, KEY_ARN, PRODUCER, REGION } = cast;
const PERMISSIONS: readonly (readonly SharePermission[])[] = [['Read'], ['Read', 'Write'], ['Read', 'Write', 'Modify']];
const remediation = 'Repair' as const;

const bucketKey = { kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' } as const;
const keyKey = { kind: 'key-policy', account: PRODUCER, region: REGION, keyId: KEY_ARN.split('/')[1] ?? '' } as const;
const pointKey = { kind: 'access-point', account: PRODUCER, region: REGION, name: 'a1b2c3d4-roleanal' } as const;
const roleKey = { kind: 'share-policies', account: CONSUMER, principal: 'role/analysts' } as const;

/** Documents by what they are for. */
export const sharingPolicies = (): readonly (readonly [name: string, document: PolicyDocument])[] =>
  PERMISSIONS.flatMap((permissions) => {
    const items = [cast.bucket, cast.folder('raw'), cast.table('orders')];
    const grants = items.map((item) => cast.grant(item, { permissions }));
    const folders = grants.filter(({ item }) => item.kind === 'Folder');
    const tables = grants.filter(({ item }) => item.kind === 'Table');
    const policies = {
      bucket: bucketPolicy.plan(
        bucketKey,
        { dataset: cast.baseline(), grants, remediation },
        { exists: true, policy: undefined, accessPoints: [] },
      ),
      key: keyPolicy.plan(
        keyKey,
        { datasets: [cast.baseline()], grants, remediation },
        { exists: true, policy: undefined },
      ),
      'access point': accessPoint.plan(
        pointKey,
        { bucket: 'orders-data', grants: folders, remediation },
        { bucket: 'orders-data', isOfVpc: false, alias: undefined, policy: undefined },
      ),
      role: sharePolicies.plan(
        roleKey,
        {
          principalArn: cast.ROLE_ARN,
          policyPrefix: 'dataall-env-envmarke-share-policy-analysts-',
          policyManagement: 'Fully',
          grants,
          accessPoints: new Map(folders.map((grant) => [grantId(grant), accessPointArn(pointKey)])),
          links: new Map(tables.map((grant) => [grantId(grant), { database: 'orders_shared', link: 'orders' }])),
          present: true,
          remediation,
        },
        { principalExists: true, policies: new Map(), foreign: 0 },
      ),
    };
    return Object.entries(policies).flatMap(([what, { actions }]) =>
      actions.flatMap((action) => {
        const document = 'policy' in action ? action.policy : 'document' in action ? action.document : undefined;
        return document === undefined ? [] : [[`${what}, ${permissions.join(' ')}`, document] as const];
      }),
    );
  });
