// AWS::KMS::Key and AWS::KMS::Alias.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { boolean, document, number, removedTagKeys, tags, text } from './values.ts';

const kmsTags = (properties: JsonObject) =>
  tags(properties).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));

export const key: ResourceType = {
  properties: {
    KeyPolicy: 'update',
    Description: 'update',
    EnableKeyRotation: 'update',
    Enabled: 'update',
    PendingWindowInDays: 'update',
    BypassPolicyLockoutSafetyCheck: 'update',
    KeySpec: 'replace',
    KeyUsage: 'replace',
    MultiRegion: 'replace',
    Tags: 'update',
  },
  tags: 'list',
  async create(properties, context) {
    const { KeyMetadata } = await context.invoke<{ KeyMetadata: { KeyId: string; Arn: string } }>('kms', 'CreateKey', {
      Policy: document(properties, 'KeyPolicy'),
      Description: text(properties, 'Description'),
      KeySpec: text(properties, 'KeySpec'),
      KeyUsage: text(properties, 'KeyUsage'),
      MultiRegion: boolean(properties, 'MultiRegion'),
      BypassPolicyLockoutSafetyCheck: boolean(properties, 'BypassPolicyLockoutSafetyCheck'),
      Tags: kmsTags(properties),
    });
    const { KeyId, Arn } = KeyMetadata;
    if (boolean(properties, 'EnableKeyRotation') === true) await context.invoke('kms', 'EnableKeyRotation', { KeyId });
    if (boolean(properties, 'Enabled') === false) await context.invoke('kms', 'DisableKey', { KeyId });
    // The handler ends by reading what it made:
    // https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms/blob/master/key/aws-kms-key.json
    for (const read of ['DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags'])
      await context.invoke('kms', read, { KeyId });
    return { physicalId: KeyId, attributes: { Arn, KeyId } };
  },
  async update(KeyId, properties, previous, context) {
    await updateKey(KeyId, properties, previous, context);
    return {
      physicalId: KeyId,
      attributes: { Arn: `arn:aws:kms:${context.region}:${context.account}:key/${KeyId}`, KeyId },
    };
  },
  async remove(KeyId, properties, context) {
    await context.invoke('kms', 'ScheduleKeyDeletion', {
      KeyId,
      PendingWindowInDays: number(properties, 'PendingWindowInDays') ?? 30,
    });
  },
};

async function updateKey(
  KeyId: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  const changed = (name: string): boolean => JSON.stringify(properties[name]) !== JSON.stringify(previous[name]);
  if (changed('Enabled'))
    await context.invoke('kms', boolean(properties, 'Enabled') === false ? 'DisableKey' : 'EnableKey', { KeyId });
  if (changed('Description'))
    await context.invoke('kms', 'UpdateKeyDescription', { KeyId, Description: text(properties, 'Description') ?? '' });
  if (changed('KeyPolicy'))
    await context.invoke('kms', 'PutKeyPolicy', {
      KeyId,
      PolicyName: 'default',
      Policy: document(properties, 'KeyPolicy'),
    });
  if (changed('EnableKeyRotation')) {
    await context.invoke(
      'kms',
      boolean(properties, 'EnableKeyRotation') === true ? 'EnableKeyRotation' : 'DisableKeyRotation',
      { KeyId },
    );
  }
  const gone = removedTagKeys(previous, properties);
  if (gone.length > 0) await context.invoke('kms', 'UntagResource', { KeyId, TagKeys: gone });
  if (changed('Tags') && tags(properties).length > 0)
    await context.invoke('kms', 'TagResource', { KeyId, Tags: kmsTags(properties) });
}

export const alias: ResourceType = {
  properties: { AliasName: 'replace', TargetKeyId: 'update' },
  required: ['AliasName', 'TargetKeyId'],
  async create(properties, context) {
    const AliasName = text(properties, 'AliasName') ?? '';
    await context.invoke('kms', 'CreateAlias', { AliasName, TargetKeyId: keyId(properties) });
    return { physicalId: AliasName };
  },
  async update(AliasName, properties, _, context) {
    await context.invoke('kms', 'UpdateAlias', { AliasName, TargetKeyId: keyId(properties) });
    return { physicalId: AliasName };
  },
  async remove(AliasName, _, context) {
    await context.invoke('kms', 'DeleteAlias', { AliasName });
  },
};

const keyId = (properties: JsonObject): string => (text(properties, 'TargetKeyId') ?? '').replace(/^.*:key\//, '');
