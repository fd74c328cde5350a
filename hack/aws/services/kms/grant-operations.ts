// Grants: a key's permissions for one principal, beside the key policy.
import type * as sdk from '@aws-sdk/client-kms';
import type { ConditionElement, PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Output } from '../../core/operation.ts';
import { storePrincipals, unknownPrincipals } from '../../core/principal-ids.ts';
import { findKey, keyNeed, notFound } from './key-lookup.ts';
import { pageOf } from './paging.ts';
import type { Grant, Key } from './state.ts';

const condition = (constraints: Grant['constraints']): ConditionElement => {
  const pairs = { ...constraints.subset, ...constraints.equals };
  if (Object.keys(pairs).length === 0) return {};
  const equals = Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
  );
  return constraints.equals === undefined
    ? { StringEquals: equals }
    : { StringEquals: equals, 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': Object.keys(pairs) } };
};

const policyOf = (
  principal: string,
  operations: readonly string[],
  constraints: Grant['constraints'],
): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
      Action: operations.map((name) => `kms:${name}`),
      Resource: '*',
      Condition: condition(constraints),
    },
  ],
});

const show = (key: Key, grant: Grant): sdk.GrantListEntry => ({
  KeyId: key.arn,
  GrantId: grant.id,
  CreationDate: grant.createdAt,
  GranteePrincipal: grant.granteePrincipal,
  IssuingAccount: `arn:aws:iam::${key.account}:root`,
  Operations: grant.operations as sdk.GrantOperation[],
  ...(grant.name === undefined ? {} : { Name: grant.name }),
  ...(grant.retiringPrincipal === undefined ? {} : { RetiringPrincipal: grant.retiringPrincipal }),
  Constraints: {
    ...(grant.constraints.subset === undefined ? {} : { EncryptionContextSubset: grant.constraints.subset }),
    ...(grant.constraints.equals === undefined ? {} : { EncryptionContextEquals: grant.constraints.equals }),
  },
});

const createGrant = operation<sdk.CreateGrantCommandInput, Output<sdk.CreateGrantCommandOutput>>({
  access: 'write',
  needs: (input, call) => [
    keyNeed('CreateGrant', findKey(input.KeyId ?? '', call), call, {
      'kms:GranteePrincipal': input.GranteePrincipal ?? '',
      'kms:GrantOperations': (input.Operations ?? []) as string[],
      'kms:GrantIsForAWSResource': 'false',
    }),
  ],
  handle(input, call) {
    const key = findKey(input.KeyId ?? '', call);
    const operations = (input.Operations ?? []) as string[];
    const constraints: Grant['constraints'] = {
      ...(input.Constraints?.EncryptionContextSubset === undefined
        ? {}
        : { subset: input.Constraints.EncryptionContextSubset }),
      ...(input.Constraints?.EncryptionContextEquals === undefined
        ? {}
        : { equals: input.Constraints.EncryptionContextEquals }),
    };
    const granteePrincipal = input.GranteePrincipal ?? '';
    const policy = policyOf(granteePrincipal, operations, constraints);
    if (unknownPrincipals(call.world, policy).length > 0) {
      throw new AwsError('InvalidArnException', `An ARN in the grant is invalid: ${granteePrincipal}`);
    }
    const grant: Grant = {
      id: call.world.id(32).toLowerCase(),
      token: call.world.id(48),
      name: input.Name,
      createdAt: new Date(call.world.clock.now()),
      granteePrincipal,
      retiringPrincipal: input.RetiringPrincipal,
      operations,
      constraints,
      policy: storePrincipals(call.world, policy),
    };
    key.grants.set(grant.id, grant);
    return { GrantId: grant.id, GrantToken: grant.token };
  },
});

const listGrants = operation<sdk.ListGrantsCommandInput, Output<sdk.ListGrantsCommandOutput>>({
  access: 'read',
  needs: (input, call) => [keyNeed('ListGrants', findKey(input.KeyId ?? '', call), call)],
  handle(input, call) {
    const key = findKey(input.KeyId ?? '', call);
    const grants = [...key.grants.values()]
      .filter(({ id }) => input.GrantId === undefined || input.GrantId === id)
      .filter(
        ({ granteePrincipal }) => input.GranteePrincipal === undefined || input.GranteePrincipal === granteePrincipal,
      );
    const { items, ...page } = pageOf(grants, input);
    return { Grants: items.map((grant) => show(key, grant)), ...page };
  },
});

const revokeGrant = operation<sdk.RevokeGrantCommandInput, object>({
  access: 'write',
  needs: (input, call) => [keyNeed('RevokeGrant', findKey(input.KeyId ?? '', call), call)],
  handle(input, call) {
    if (!findKey(input.KeyId ?? '', call).grants.delete(input.GrantId ?? ''))
      throw notFound(`Grant ID ${input.GrantId} not found`);
    return {};
  },
});

export const grantOperations: Readonly<Record<string, AnyOperation>> = {
  CreateGrant: createGrant,
  ListGrants: listGrants,
  RevokeGrant: revokeGrant,
};
