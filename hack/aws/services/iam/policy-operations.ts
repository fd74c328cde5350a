// Customer managed policies and their versions.
import type * as sdk from '@aws-sdk/client-iam';
import { operation, type AnyOperation, type Call, type Need, type Output } from '../../core/operation.ts';
import { identityRules, readPolicy, sizeWithoutWhitespace } from '../../core/policy-text.ts';
import { attachmentCount, boundaryUsageCount } from './attachment-operations.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import {
  alreadyExists,
  checkName,
  checkPath,
  deleteConflict,
  encodeDocument,
  malformedPolicy,
  noSuchEntity,
  requestTags,
  tagList,
  tagMap,
} from './identities.ts';
import { pageOf } from './paging.ts';
import { limitExceeded, MANAGED_POLICY_SIZE, POLICIES_PER_ACCOUNT, VERSIONS_PER_POLICY } from './quotas.ts';
import { iamState, type ManagedPolicy, type PolicyVersion, type StoredPolicy } from './state.ts';

const readManaged = (text: string): StoredPolicy => {
  const reading = readPolicy(text, identityRules);
  if (!reading.ok) throw malformedPolicy(reading.problem);
  if (sizeWithoutWhitespace(text) > MANAGED_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${MANAGED_POLICY_SIZE}`);
  }
  return { text, policy: reading.policy };
};

const findPolicy = (call: Call, arn: string): ManagedPolicy | undefined =>
  iamState(call.world, call.account).policies.get(arn);

const policyAt = (call: Call, arn: string): ManagedPolicy => {
  const policy = findPolicy(call, arn);
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
};

const policyNeed =
  (action: string) =>
  (input: { readonly PolicyArn?: string | undefined }, call: Call): Need[] => [
    {
      action: `iam:${action}`,
      resource: input.PolicyArn ?? '*',
      context: Object.fromEntries(
        [...(findPolicy(call, input.PolicyArn ?? '')?.tags ?? [])].map(([key, value]) => [
          `aws:ResourceTag/${key}`,
          value,
        ]),
      ),
    },
  ];

export const showPolicy = (call: Call, policy: ManagedPolicy): sdk.Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersionId,
  AttachmentCount: attachmentCount(call, policy.arn),
  PermissionsBoundaryUsageCount: boundaryUsageCount(call, policy.arn),
  IsAttachable: true,
  CreateDate: policy.createdAt,
  UpdateDate: policy.updatedAt,
  ...(policy.description === undefined ? {} : { Description: policy.description }),
  ...(policy.tags.size === 0 ? {} : { Tags: tagList(policy.tags) }),
});

export const showVersion = (
  policy: ManagedPolicy,
  version: PolicyVersion,
  withDocument: boolean,
): sdk.PolicyVersion => ({
  VersionId: version.id,
  IsDefaultVersion: version.id === policy.defaultVersionId,
  CreateDate: version.createdAt,
  ...(withDocument ? { Document: encodeDocument(version.stored.text) } : {}),
});

/** AWS managed policies have no state: version 1, made when the service began. */
const showAwsPolicy = (call: Call, arn: string): sdk.Policy => ({
  PolicyName: arn.split('/').at(-1),
  PolicyId: `ANPA${arn.split('/').at(-1)?.toUpperCase().slice(0, 17)}`,
  Arn: arn,
  Path: arn.replace(/^[^/]*\//, '/').replace(/[^/]*$/, ''),
  DefaultVersionId: 'v1',
  AttachmentCount: attachmentCount(call, arn),
  PermissionsBoundaryUsageCount: boundaryUsageCount(call, arn),
  IsAttachable: true,
  CreateDate: new Date('2015-02-06T18:39:46Z'),
  UpdateDate: new Date('2015-02-06T18:39:46Z'),
});

const createPolicy = operation<sdk.CreatePolicyCommandInput, Output<sdk.CreatePolicyCommandOutput>>({
  access: 'write',
  needs: (input, call) => {
    const resource = `arn:aws:iam::${call.account}:policy${input.Path ?? '/'}${input.PolicyName}`;
    const context = requestTags(input.Tags);
    const tagging = (input.Tags ?? []).length > 0 ? [{ action: 'iam:TagPolicy', resource, context }] : [];
    return [{ action: 'iam:CreatePolicy', resource, context }, ...tagging];
  },
  handle(input, call) {
    const name = input.PolicyName ?? '';
    checkName('policyName', name, 128);
    const path = checkPath(input.Path);
    const arn = `arn:aws:iam::${call.account}:policy${path}${name}`;
    const stored = readManaged(input.PolicyDocument ?? '');
    const { policies } = iamState(call.world, call.account);
    if ([...policies.values()].some((policy) => policy.name === name))
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    if (policies.size >= POLICIES_PER_ACCOUNT)
      throw limitExceeded(`Cannot exceed quota for PoliciesPerAccount: ${POLICIES_PER_ACCOUNT}`);
    const now = new Date(call.world.clock.now());
    const policy: ManagedPolicy = {
      name,
      path,
      arn,
      id: `ANPA${call.world.id(17)}`,
      description: input.Description,
      createdAt: now,
      updatedAt: now,
      versions: new Map([['v1', { id: 'v1', stored, createdAt: now }]]),
      defaultVersionId: 'v1',
      nextVersion: 2,
      tags: tagMap(input.Tags),
    };
    policies.set(arn, policy);
    return { Policy: showPolicy(call, policy) };
  },
});

const getPolicy = operation<sdk.GetPolicyCommandInput, Output<sdk.GetPolicyCommandOutput>>({
  access: 'read',
  needs: policyNeed('GetPolicy'),
  handle(input, call) {
    const arn = input.PolicyArn ?? '';
    return { Policy: awsManagedPolicies.has(arn) ? showAwsPolicy(call, arn) : showPolicy(call, policyAt(call, arn)) };
  },
});

const listPolicies = operation<sdk.ListPoliciesCommandInput, Output<sdk.ListPoliciesCommandOutput>>({
  access: 'read',
  needs: () => [{ action: 'iam:ListPolicies', resource: '*' }],
  handle(input, call) {
    const scope = input.Scope ?? 'All';
    const local =
      scope === 'AWS'
        ? []
        : [...iamState(call.world, call.account).policies.values()].map((policy) => showPolicy(call, policy));
    const aws = scope === 'Local' ? [] : [...awsManagedPolicies.keys()].map((arn) => showAwsPolicy(call, arn));
    const wanted = [...local, ...aws]
      .filter((policy) => (policy.Path ?? '/').startsWith(input.PathPrefix ?? '/'))
      .filter((policy) => input.OnlyAttached !== true || (policy.AttachmentCount ?? 0) > 0)
      .map(({ Tags: _tags, Description: _description, ...policy }) => policy);
    const { items, ...page } = pageOf(wanted, input);
    return { Policies: [...items], ...page };
  },
});

const deletePolicy = operation<sdk.DeletePolicyCommandInput, object>({
  access: 'write',
  needs: policyNeed('DeletePolicy'),
  handle(input, call) {
    const policy = policyAt(call, input.PolicyArn ?? '');
    if (attachmentCount(call, policy.arn) + boundaryUsageCount(call, policy.arn) > 0) {
      throw deleteConflict('Cannot delete a policy attached to entities.');
    }
    if (policy.versions.size > 1)
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    iamState(call.world, call.account).policies.delete(policy.arn);
    return {};
  },
});

const createPolicyVersion = operation<
  sdk.CreatePolicyVersionCommandInput,
  Output<sdk.CreatePolicyVersionCommandOutput>
>({
  access: 'write',
  needs: policyNeed('CreatePolicyVersion'),
  handle(input, call) {
    const policy = policyAt(call, input.PolicyArn ?? '');
    const stored = readManaged(input.PolicyDocument ?? '');
    if (policy.versions.size >= VERSIONS_PER_POLICY) {
      throw limitExceeded(
        `A managed policy can have up to ${VERSIONS_PER_POLICY} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const version: PolicyVersion = {
      id: `v${policy.nextVersion}`,
      stored,
      createdAt: new Date(call.world.clock.now()),
    };
    policy.nextVersion += 1;
    policy.versions.set(version.id, version);
    if (input.SetAsDefault === true) {
      policy.defaultVersionId = version.id;
      policy.updatedAt = version.createdAt;
    }
    return { PolicyVersion: showVersion(policy, version, false) };
  },
});

const versionOf = (policy: ManagedPolicy, id: string): PolicyVersion => {
  const version = policy.versions.get(id);
  if (version === undefined)
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
};

const getPolicyVersion = operation<sdk.GetPolicyVersionCommandInput, Output<sdk.GetPolicyVersionCommandOutput>>({
  access: 'read',
  needs: policyNeed('GetPolicyVersion'),
  handle(input, call) {
    const arn = input.PolicyArn ?? '';
    const fromAws = awsManagedPolicies.get(arn);
    if (fromAws !== undefined) {
      return {
        PolicyVersion: { VersionId: 'v1', IsDefaultVersion: true, Document: encodeDocument(JSON.stringify(fromAws)) },
      };
    }
    const policy = policyAt(call, arn);
    return { PolicyVersion: showVersion(policy, versionOf(policy, input.VersionId ?? ''), true) };
  },
});

const listPolicyVersions = operation<sdk.ListPolicyVersionsCommandInput, Output<sdk.ListPolicyVersionsCommandOutput>>({
  access: 'read',
  needs: policyNeed('ListPolicyVersions'),
  handle(input, call) {
    const policy = policyAt(call, input.PolicyArn ?? '');
    const { items, ...page } = pageOf([...policy.versions.values()].toReversed(), input);
    return { Versions: items.map((version) => showVersion(policy, version, false)), ...page };
  },
});

const setDefaultPolicyVersion = operation<sdk.SetDefaultPolicyVersionCommandInput, object>({
  access: 'write',
  needs: policyNeed('SetDefaultPolicyVersion'),
  handle(input, call) {
    const policy = policyAt(call, input.PolicyArn ?? '');
    policy.defaultVersionId = versionOf(policy, input.VersionId ?? '').id;
    policy.updatedAt = new Date(call.world.clock.now());
    return {};
  },
});

const deletePolicyVersion = operation<sdk.DeletePolicyVersionCommandInput, object>({
  access: 'write',
  needs: policyNeed('DeletePolicyVersion'),
  handle(input, call) {
    const policy = policyAt(call, input.PolicyArn ?? '');
    const version = versionOf(policy, input.VersionId ?? '');
    if (version.id === policy.defaultVersionId) throw deleteConflict('Cannot delete the default version of a policy.');
    policy.versions.delete(version.id);
    return {};
  },
});

export const policyOperations: Readonly<Record<string, AnyOperation>> = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  ListPolicies: listPolicies,
  DeletePolicy: deletePolicy,
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
};
