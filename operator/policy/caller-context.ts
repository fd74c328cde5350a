// The condition keys that tell who calls. They are made from the caller alone, so that no request can claim them.
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
//          https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (principal key values)
import type { AccessRequest, Caller, RoleSessionCaller, RootCaller, UserCaller } from './request.ts';
import type { Lookup } from './variables.ts';

/** Keys of which only the caller decides whether and how they are there. Lower case, as lookups are. */
const CALLER_KEYS = [
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:userid',
  'aws:username',
  'aws:principalisawsservice',
  'aws:principalservicename',
];

/** Makes the lookup of a request: its context, with the caller's own keys over it. */
export function lookupOf(request: AccessRequest): Lookup {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(request.context)) {
    values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  for (const key of CALLER_KEYS) values.delete(key);
  for (const [key, value] of Object.entries(callerKeys(request.principal))) values.set(key, [value]);
  if (request.resourceAccount !== '') values.set('aws:resourceaccount', [request.resourceAccount]);
  return (key) => values.get(key);
}

function callerKeys(caller: Caller): Readonly<Record<string, string>> {
  const isService = { 'aws:principalisawsservice': String(caller.kind === 'service') };
  if (caller.kind === 'federated') return isService;
  if (caller.kind === 'service') return { ...isService, 'aws:principalservicename': caller.service };
  if (caller.kind === 'anonymous') {
    return { ...isService, 'aws:principalaccount': 'anonymous', 'aws:principaltype': 'Anonymous' };
  }
  return { ...isService, 'aws:principalaccount': caller.account, ...entityKeys(caller) };
}

function entityKeys(caller: RootCaller | UserCaller | RoleSessionCaller): Readonly<Record<string, string>> {
  if (caller.kind === 'root') {
    return { 'aws:principalarn': caller.arn, 'aws:principaltype': 'Account', 'aws:userid': caller.account };
  }
  const name = caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
  return caller.kind === 'user'
    ? {
        'aws:principalarn': caller.arn,
        'aws:principaltype': 'User',
        'aws:userid': caller.userId,
        'aws:username': name,
      }
    : {
        // The role's ARN, so that a condition on it holds for every session.
        'aws:principalarn': caller.roleArn,
        'aws:principaltype': 'AssumedRole',
        'aws:userid': `${caller.roleId}:${name}`,
      };
}
