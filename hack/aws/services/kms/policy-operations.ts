// Key policies: checked like AWS checks them, kept by unique id.
import type * as sdk from '@aws-sdk/client-kms';
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { readPolicy, resourceRules } from '../../core/policy-text.ts';
import { showPrincipals, storePrincipals, unknownPrincipals } from '../../core/principal-ids.ts';
import { findKey, keyNeed, notFound, tagKeys } from './key-lookup.ts';
import type { Key } from './state.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const MAX_POLICY_BYTES = 32_768;

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocumentException', message);

/** Reads a key policy text into the form to keep. */
export const readKeyPolicy = (call: Call, text: string): PolicyDocument => {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw new AwsError(
      'LimitExceededException',
      `The key policy exceeds the maximum size of ${MAX_POLICY_BYTES} bytes.`,
    );
  }
  const reading = readPolicy(text, resourceRules);
  if (!reading.ok) throw malformed(reading.problem);
  if (unknownPrincipals(call.world, reading.policy).length > 0) {
    throw malformed('Policy contains a statement with one or more invalid principals.');
  }
  return storePrincipals(call.world, reading.policy);
};

/** AWS refuses a policy that would keep the caller from changing it again. It looks at the key as the request makes it, tags included. */
export const demandNoLockout = (call: Call, key: Key, policy: PolicyDocument, bypass: boolean | undefined): void => {
  const need = keyNeed('PutKeyPolicy', key, call, tagKeys(Object.fromEntries(key.tags)));
  if (bypass === true || call.isAllowed({ ...need, resourcePolicies: [policy] })) return;
  throw malformed('The new key policy will not allow you to update the key policy in the future.');
};

const getKeyPolicy = operation<sdk.GetKeyPolicyCommandInput, Output<sdk.GetKeyPolicyCommandOutput>>({
  access: 'read',
  needs: (input, call) => [keyNeed('GetKeyPolicy', findKey(input.KeyId ?? '', call), call)],
  handle(input, call) {
    if (input.PolicyName !== undefined && input.PolicyName !== 'default') throw notFound('No such policy exists');
    const shown = showPrincipals(call.world, findKey(input.KeyId ?? '', call).policy);
    return { Policy: JSON.stringify(shown, undefined, 2), PolicyName: 'default' };
  },
});

const putKeyPolicy = operation<sdk.PutKeyPolicyCommandInput, object>({
  access: 'write',
  needs: (input, call) => [keyNeed('PutKeyPolicy', findKey(input.KeyId ?? '', call), call)],
  handle(input, call) {
    const key = findKey(input.KeyId ?? '', call);
    const policy = readKeyPolicy(call, input.Policy ?? '');
    demandNoLockout(call, key, policy, input.BypassPolicyLockoutSafetyCheck);
    key.policy = policy;
    return {};
  },
});

const listKeyPolicies = operation<sdk.ListKeyPoliciesCommandInput, Output<sdk.ListKeyPoliciesCommandOutput>>({
  access: 'read',
  needs: (input, call) => [keyNeed('ListKeyPolicies', findKey(input.KeyId ?? '', call), call)],
  handle: () => ({ PolicyNames: ['default'], Truncated: false }),
});

export const policyOperations: Readonly<Record<string, AnyOperation>> = {
  GetKeyPolicy: getKeyPolicy,
  PutKeyPolicy: putKeyPolicy,
  ListKeyPolicies: listKeyPolicies,
};
