// Finds keys by any of their names, and says what using one demands.
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { seen } from '../../core/visibility.ts';
import type { World } from '../../core/world.ts';
import { kmsState, type Key, type KmsState } from './state.ts';

export const notFound = (message: string): AwsError => new AwsError('NotFoundException', message);
export const invalidState = (message: string): AwsError => new AwsError('KMSInvalidStateException', message);
export const validation = (message: string): AwsError => new AwsError('ValidationException', message);

interface Place {
  readonly account: string;
  readonly region: string;
  /** `key/...`, `alias/...` or a bare key id. */
  readonly name: string;
}

const placeOf = (keyId: string, call: Call): Place => {
  const match = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(.+)$/.exec(keyId);
  if (match === null) return { account: call.account, region: call.region, name: keyId };
  const [, region = '', account = '', name = ''] = match;
  if (region !== call.region) throw notFound(`Invalid arn ${region}`);
  return { account, region, name };
};

/** The state of an account that may not exist, without making one for it. */
const stateOf = (call: Call, { account, region }: Place): KmsState | undefined =>
  call.world.accounts.has(account) ? kmsState(call.world, account, region) : undefined;

/** A key whose waiting time is over is gone. */
const alive = (state: KmsState, key: Key | undefined, now: number): Key | undefined => {
  if (key?.deletionAt === undefined || key.deletionAt.getTime() > now) return key;
  state.keys.delete(key.id);
  for (const [alias, target] of state.aliases) if (target.keyId === key.id) state.aliases.delete(alias);
  return undefined;
};

/** @param keyId key id, key ARN, `alias/name` or alias ARN. Throws NotFoundException. */
export const findKey = (keyId: string, call: Call): Key => {
  const place = placeOf(keyId, call);
  const state = stateOf(call, place);
  const isAlias = place.name.startsWith('alias/');
  const id = isAlias ? state?.aliases.get(place.name)?.keyId : place.name.replace(/^key\//, '');
  const key =
    state === undefined || id === undefined ? undefined : alive(state, state.keys.get(id), call.world.clock.now());
  if (key !== undefined) return key;
  const base = `arn:aws:kms:${place.region}:${place.account}:`;
  throw notFound(
    isAlias
      ? `Alias ${base}${place.name} is not found.`
      : `Key '${base}key/${place.name.replace(/^key\//, '')}' does not exist`,
  );
};

export const keyStateOf = (key: Key): 'PendingDeletion' | 'Enabled' | 'Disabled' =>
  key.deletionAt !== undefined ? 'PendingDeletion' : key.enabled ? 'Enabled' : 'Disabled';

/** Encryption context of a request, as condition keys. */
export const encryptionContextKeys = (
  context: Readonly<Record<string, string>> | undefined,
): Record<string, string | string[]> => {
  const entries = Object.entries(context ?? {});
  if (entries.length === 0) return {};
  return {
    ...Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    'kms:EncryptionContextKeys': entries.map(([name]) => name),
  };
};

const grantApplies = (key: Key, action: string): Key['policy'][] =>
  [...key.grants.values()].filter(({ operations }) => operations.includes(action)).map(({ policy }) => policy);

interface Labels {
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Aliases and tags as authorization knows them, which may be minutes later than they show. https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html */
const labelsInForce = (world: World, key: Key, region: string): Labels => {
  const { aliases } = kmsState(world, key.account, region);
  return seen(world, 'kms', `labels of ${key.arn}`, {
    aliases: [...aliases].filter(([, { keyId }]) => keyId === key.id).map(([alias]) => alias),
    tags: Object.fromEntries(key.tags),
  });
};

/** Tags of a key as condition keys. */
export const tagKeys = (tags: Labels['tags']): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]));

/** From its first moment a key is known, and its tags are not. */
export const announce = (world: World, key: Key): void =>
  void seen<Labels>(world, 'kms', `labels of ${key.arn}`, { aliases: [], tags: {} });

/**
 * What an action on a key demands: the key policy (or a grant) must allow, itself or by naming the account.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
export const keyNeed = (action: string, key: Key, call: Call, context: Need['context'] = {}): Need => {
  const { aliases, tags } = labelsInForce(call.world, key, call.region);
  return {
    action: `kms:${action}`,
    resource: key.arn,
    resourceAccount: key.account,
    resourcePolicies: [key.policy, ...grantApplies(key, action)],
    join: 'resource-required',
    context: {
      'kms:CallerAccount': call.account,
      ...(aliases.length === 0 ? {} : { 'kms:ResourceAliases': aliases }),
      ...tagKeys(tags),
      ...context,
    },
  };
};

/** Throws unless the key can be used for cryptography now. */
export const demandUsable = (key: Key): void => {
  const state = keyStateOf(key);
  if (state === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  if (state === 'PendingDeletion') throw invalidState(`${key.arn} is pending deletion.`);
};
