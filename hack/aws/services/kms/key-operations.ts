// Keys: made, described, switched, tagged, deleted.
import type * as sdk from '@aws-sdk/client-kms';
import { operation, type AnyOperation, type Call, type Need, type Output } from '../../core/operation.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { announce, findKey, invalidState, keyNeed, keyStateOf, validation } from './key-lookup.ts';
import { addKey, defaultKeyPolicy } from './keys.ts';
import { demandNoLockout, readKeyPolicy } from './policy-operations.ts';
import { pageOf } from './paging.ts';
import { kmsState, type Key } from './state.ts';

const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
const [MIN_WAIT_DAYS, DEFAULT_WAIT_DAYS, MAX_WAIT_DAYS] = [7, 30, 30];

const describe = (key: Key): sdk.KeyMetadata => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.createdAt,
  Enabled: keyStateOf(key) === 'Enabled',
  Description: key.description,
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: keyStateOf(key),
  Origin: 'AWS_KMS',
  KeyManager: key.manager,
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
  ...(key.deletionAt === undefined ? {} : { DeletionDate: key.deletionAt }),
});

interface KeyInput {
  readonly KeyId?: string | undefined;
}

const needOn =
  (action: string) =>
  (input: KeyInput, call: Call): Need[] => [keyNeed(action, findKey(input.KeyId ?? '', call), call)];

const tagContext = (tags: readonly sdk.Tag[] | undefined): Record<string, string | string[]> => {
  if (tags === undefined || tags.length === 0) return {};
  return {
    'aws:TagKeys': tags.map(({ TagKey = '' }) => TagKey),
    ...Object.fromEntries(tags.map(({ TagKey = '', TagValue = '' }) => [`aws:RequestTag/${TagKey}`, TagValue])),
  };
};

const createKey = operation<sdk.CreateKeyCommandInput, Output<sdk.CreateKeyCommandOutput>>({
  access: 'write',
  needs: (input, { region, account }) => {
    const context = tagContext(input.Tags);
    // A right on keys, though the key has no id yet.
    const resource = `arn:aws:kms:${region}:${account}:key/*`;
    const tagging = (input.Tags ?? []).length > 0 ? [{ action: 'kms:TagResource', resource, context }] : [];
    return [{ action: 'kms:CreateKey', resource: '*', context }, ...tagging];
  },
  handle(input, call) {
    if ((input.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT')
      throw validation('the AWS simulator makes symmetric keys only');
    refuseMembers(call, input, ['MultiRegion', 'CustomKeyStoreId', 'XksKeyId']);
    if ((input.Origin ?? 'AWS_KMS') !== 'AWS_KMS')
      throw validation('the AWS simulator makes keys with material of AWS only');
    const policy = input.Policy === undefined ? defaultKeyPolicy(call.account) : readKeyPolicy(call, input.Policy);
    const key = addKey(call.world, {
      account: call.account,
      region: call.region,
      policy,
      manager: 'CUSTOMER',
      description: input.Description ?? '',
      tags: new Map((input.Tags ?? []).map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue])),
    });
    announce(call.world, key);
    try {
      demandNoLockout(call, key, policy, input.BypassPolicyLockoutSafetyCheck);
    } catch (error) {
      kmsState(call.world, call.account, call.region).keys.delete(key.id);
      throw error;
    }
    return { KeyMetadata: describe(key) };
  },
});

const describeKey = operation<sdk.DescribeKeyCommandInput, Output<sdk.DescribeKeyCommandOutput>>({
  access: 'read',
  needs: needOn('DescribeKey'),
  handle: (input, call) => ({ KeyMetadata: describe(findKey(input.KeyId ?? '', call)) }),
});

const listKeys = operation<sdk.ListKeysCommandInput, Output<sdk.ListKeysCommandOutput>>({
  access: 'read',
  needs: () => [{ action: 'kms:ListKeys', resource: '*' }],
  handle(input, call) {
    const { items, ...page } = pageOf([...kmsState(call.world, call.account, call.region).keys.values()], input);
    return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: key.arn })), ...page };
  },
});

/** A change of a key by one line. */
const change = <I extends KeyInput>(action: string, apply: (key: Key, input: I) => void) =>
  operation<I, object>({
    access: 'write',
    needs: needOn(action),
    handle(input, call) {
      const key = findKey(input.KeyId ?? '', call);
      if (key.deletionAt !== undefined) throw invalidState(`${key.arn} is pending deletion.`);
      apply(key, input);
      return {};
    },
  });

const scheduleKeyDeletion = operation<
  sdk.ScheduleKeyDeletionCommandInput,
  Output<sdk.ScheduleKeyDeletionCommandOutput>
>({
  access: 'write',
  needs: needOn('ScheduleKeyDeletion'),
  handle(input, call) {
    const key = findKey(input.KeyId ?? '', call);
    const days = input.PendingWindowInDays ?? DEFAULT_WAIT_DAYS;
    if (days < MIN_WAIT_DAYS || days > MAX_WAIT_DAYS) {
      throw validation(`PendingWindowInDays must be between ${MIN_WAIT_DAYS} and ${MAX_WAIT_DAYS}`);
    }
    if (key.deletionAt !== undefined) throw invalidState(`${key.arn} is pending deletion.`);
    key.deletionAt = new Date(call.world.clock.now() + days * DAY_MS);
    return { KeyId: key.arn, DeletionDate: key.deletionAt, KeyState: 'PendingDeletion', PendingWindowInDays: days };
  },
});

const cancelKeyDeletion = operation<sdk.CancelKeyDeletionCommandInput, Output<sdk.CancelKeyDeletionCommandOutput>>({
  access: 'write',
  needs: needOn('CancelKeyDeletion'),
  handle(input, call) {
    const key = findKey(input.KeyId ?? '', call);
    if (key.deletionAt === undefined) throw invalidState(`${key.arn} is not pending deletion.`);
    key.deletionAt = undefined;
    // "After cancelling, the key is Disabled": https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html
    key.enabled = false;
    return { KeyId: key.arn };
  },
});

const getKeyRotationStatus = operation<
  sdk.GetKeyRotationStatusCommandInput,
  Output<sdk.GetKeyRotationStatusCommandOutput>
>({
  access: 'read',
  needs: needOn('GetKeyRotationStatus'),
  handle: (input, call) => ({ KeyRotationEnabled: findKey(input.KeyId ?? '', call).rotation }),
});

const listResourceTags = operation<sdk.ListResourceTagsCommandInput, Output<sdk.ListResourceTagsCommandOutput>>({
  access: 'read',
  needs: needOn('ListResourceTags'),
  handle(input, call) {
    const tags = [...findKey(input.KeyId ?? '', call).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    const { items, ...page } = pageOf(tags, input);
    return { Tags: [...items], ...page };
  },
});

export const keyOperations: Readonly<Record<string, AnyOperation>> = {
  CreateKey: createKey,
  DescribeKey: describeKey,
  ListKeys: listKeys,
  EnableKey: change('EnableKey', (key) => {
    key.enabled = true;
  }),
  DisableKey: change('DisableKey', (key) => {
    key.enabled = false;
  }),
  EnableKeyRotation: change('EnableKeyRotation', (key) => {
    key.rotation = true;
  }),
  DisableKeyRotation: change('DisableKeyRotation', (key) => {
    key.rotation = false;
  }),
  UpdateKeyDescription: change<sdk.UpdateKeyDescriptionCommandInput>('UpdateKeyDescription', (key, input) => {
    key.description = input.Description ?? '';
  }),
  TagResource: change<sdk.TagResourceCommandInput>('TagResource', (key, input) => {
    for (const { TagKey = '', TagValue = '' } of input.Tags ?? []) key.tags.set(TagKey, TagValue);
  }),
  UntagResource: change<sdk.UntagResourceCommandInput>('UntagResource', (key, input) => {
    for (const name of input.TagKeys ?? []) key.tags.delete(name);
  }),
  ListResourceTags: listResourceTags,
  ScheduleKeyDeletion: scheduleKeyDeletion,
  CancelKeyDeletion: cancelKeyDeletion,
  GetKeyRotationStatus: getKeyRotationStatus,
};
