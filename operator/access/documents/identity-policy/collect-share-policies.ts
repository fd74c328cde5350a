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
    accessPoints: new Map(),
    links: new Map(),
    present: metadata.deletionTimestamp === undefined,
    remediation: environment.spec.remediation,
  };
};

/** Names of what the policies open in the consumer account, of each grant. */
export function* nameTargets(
  claims: SharePoliciesClaims,
  outputs: (grant: string) => GrantOutputs | undefined,
): Generator<number, SharePoliciesClaims> {
  const accessPoints = new Map<string, string>();
  const links = new Map<string, LinkName>();
  for (const grant of claims.grants) {
    const id = grantId(grant);
    if (grant.item.kind === 'Folder')
      accessPoints.set(id, accessPointArn({ ...grant.source, name: accessPointNameOf(grant) }));
    const link = linkNameOf(grant, outputs(id));
    if (link !== undefined) links.set(id, link);
    yield 1;
  }
  return { ...claims, accessPoints, links };
}

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
