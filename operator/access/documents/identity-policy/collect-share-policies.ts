// What all shares together want of the policies of one principal.
import { accessPointArn } from '../../../policy/arn.ts';
import { grantsOf } from '../../consent.ts';
import type { SharePoliciesClaims } from '../../desired.ts';
import type { GrantOutputs } from '../../document.ts';
import type { SharePoliciesKey } from '../../document-key.ts';
import { grantId } from '../../grant.ts';
import { accessPointNameOf, linkNameOf, policyPrefixOf, type LinkName } from '../../grant-names.ts';
import { principalObject } from '../../parties.ts';
import { principalArnOf } from '../../principal-arn.ts';
import { decide } from '../../share-decision.ts';
import type { Specs } from '../../specs.ts';

export const collectSharePolicies = (
  specs: Specs,
  key: SharePoliciesKey,
  now: number,
  outputs: (grant: string) => GrantOutputs | undefined,
): SharePoliciesClaims | undefined => {
  const principalArn = principalArnOf(specs, key);
  const [principal] = specs.principalsOf(principalArn);
  if (principal === undefined) return orphanedPolicies(specs, key, principalArn);
  const { metadata } = principalObject(principal);
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
        const name = linkNameOf(grant, outputs(grantId(grant)));
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
