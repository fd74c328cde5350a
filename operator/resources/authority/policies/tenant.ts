// What the Tenant says binds kubectl too: maintenance, and what a group may do at all.

import { validatingPolicy, type AdmissionObject, type Parameter } from '../admission.ts';
import { celString } from '../../schema.ts';
import { actsFor, byPeople, EXISTING, groupOf, IS_PLATFORM_ADMIN } from '../expressions.ts';
import type { Installation } from '../installation.ts';
import { apiVersion } from '../../kind.ts';
import { ourResources } from '../resources.ts';
import type { TenantPermission } from '../permission-sets.ts';

/** Before there is a Tenant there is nothing it could forbid. */
const tenant: Parameter = { kind: { apiVersion, kind: 'Tenant' }, name: 'default', missing: 'Allow' };

/** Ends access that was given or asked for, which must always be possible: requests and decisions deleted, consent taken back. */
const withdraws = [
  `request.resource.resource == 'sharerequests' && object == null`,
  `request.resource.resource == 'shareapprovals' && (object == null || (oldObject != null && oldObject.spec.decision == 'Approved' && object.spec.decision == 'Rejected'))`,
].join(' || ');

const maintenance = (installation: Installation) =>
  validatingPolicy({
    name: 'maintenance',
    description:
      'During maintenance nobody but platform administrators changes anything; access can still be taken back.',
    requests: [{ resources: ourResources, operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation), { name: 'maintenance', expression: 'has(params.spec.maintenance)' }],
    parameter: tenant,
    variables: { withdraws },
    validations: [
      {
        expression: `variables.withdraws || ${IS_PLATFORM_ADMIN}`,
        messageExpression: `'maintenance: ' + params.spec.maintenance.?message.orValue(${celString(installation.maintenanceText)})`,
      },
    ],
  });

/** Who speaks in an object of each kind, and what that group must be allowed. */
const needed: Readonly<Record<string, { readonly team: string; readonly permission: TenantPermission }>> = {
  organizations: { team: 'owner', permission: 'MANAGE_ORGANIZATIONS' },
  environments: { team: 'owner', permission: 'MANAGE_ENVIRONMENTS' },
  consumptionroles: { team: 'owner', permission: 'MANAGE_ENVIRONMENTS' },
  datasets: { team: 'owner', permission: 'MANAGE_DATASETS' },
  sharerequests: { team: 'requester', permission: 'MANAGE_SHARES' },
};

const table = (field: 'team' | 'permission'): string =>
  `{${Object.entries(needed)
    .map(([resource, entry]) => `'${resource}': '${entry[field]}'`)
    .join(', ')}}[request.resource.resource]`;

const permissions = (installation: Installation) =>
  validatingPolicy({
    name: 'tenant-permissions',
    description: 'Who acts for a group does no more than spec.permissions of the Tenant says of it.',
    requests: [{ resources: Object.keys(needed), operations: ['CREATE', 'UPDATE'] }],
    conditions: [byPeople(installation)],
    parameter: tenant,
    variables: {
      team: `object.spec[${table('team')}]`,
      permission: table('permission'),
      // Others are refused by who may write it at all, and told nothing of what the Tenant says about this group.
      author: `(${EXISTING}).spec[${table('team')}]`,
      concerned: actsFor(installation, 'variables.author'),
      withheld: `params.spec.?permissions.orValue([]).exists(entry, entry.group == variables.team && !(variables.permission in entry.permissions))`,
    },
    validations: [
      {
        expression: `!variables.withheld || !variables.concerned || ${IS_PLATFORM_ADMIN}`,
        messageExpression: `'group ' + variables.team + ' has not the permission ' + variables.permission + ' in this installation: ask a platform administrator'`,
      },
    ],
  });

/** As the API server names a group of `administrators`. */
const isIn = (installation: Installation, object: 'object' | 'oldObject'): string =>
  `${object}.spec.administrators.exists(group, (${groupOf(installation, 'group')}) in request.userInfo.groups)`;

/** Who has the right from elsewhere, as an administrator of the cluster has, keeps it and can mend what they mistype. */
const administrators = (installation: Installation) =>
  validatingPolicy({
    name: 'tenant-administrators',
    description: 'A platform administrator stays one: nobody locks themselves, and with a typo everybody, out.',
    requests: [{ resources: ['tenants'], operations: ['UPDATE'] }],
    conditions: [byPeople(installation)],
    validations: [
      {
        expression: `'system:masters' in request.userInfo.groups || !${isIn(installation, 'oldObject')} || ${isIn(installation, 'object')}`,
        message:
          'spec.administrators would name no group of yours, so you could not mend a typo in it: keep one, and have another administrator take it out',
      },
    ],
  });

export const tenantPolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...administrators(installation),
  ...maintenance(installation),
  ...permissions(installation),
];
