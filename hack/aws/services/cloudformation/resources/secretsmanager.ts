// AWS::SecretsManager::Secret and ResourcePolicy.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html
import type { ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { boolean, document, number, object, removedTagKeys, tags, text } from './values.ts';

export const secret: ResourceType = {
  properties: {
    Name: 'replace',
    Description: 'update',
    KmsKeyId: 'update',
    SecretString: 'update',
    GenerateSecretString: 'update',
    Tags: 'update',
  },
  tags: 'list',
  async create(properties, context) {
    const { ARN } = await context.invoke<{ ARN: string }>('secretsmanager', 'CreateSecret', {
      Name: text(properties, 'Name') ?? context.generatedName(256),
      Description: text(properties, 'Description'),
      KmsKeyId: text(properties, 'KmsKeyId'),
      SecretString:
        properties['GenerateSecretString'] === undefined
          ? text(properties, 'SecretString')
          : await generated(properties, (input) => context.invoke('secretsmanager', 'GetRandomPassword', input)),
      Tags: tags(properties),
    });
    return { physicalId: ARN, attributes: { Id: ARN } };
  },
  async update(SecretId, properties, previous, context) {
    await context.invoke('secretsmanager', 'UpdateSecret', {
      SecretId,
      Description: text(properties, 'Description') ?? '',
      KmsKeyId: text(properties, 'KmsKeyId'),
      SecretString: text(properties, 'SecretString'),
    });
    const gone = removedTagKeys(previous, properties);
    if (gone.length > 0) await context.invoke('secretsmanager', 'UntagResource', { SecretId, TagKeys: gone });
    if (tags(properties).length > 0)
      await context.invoke('secretsmanager', 'TagResource', { SecretId, Tags: tags(properties) });
    return { physicalId: SecretId, attributes: { Id: SecretId } };
  },
  async remove(SecretId, _, context) {
    await context.invoke('secretsmanager', 'DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true });
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-secretsmanager-secret-generatesecretstring.html */
async function generated(
  properties: JsonObject,
  randomPassword: (input: object) => Promise<{ RandomPassword?: string }>,
): Promise<string> {
  const options = object(properties, 'GenerateSecretString');
  const { RandomPassword = '' } = await randomPassword({
    PasswordLength: number(options, 'PasswordLength'),
    ExcludeCharacters: text(options, 'ExcludeCharacters'),
    ExcludeLowercase: boolean(options, 'ExcludeLowercase'),
    ExcludeNumbers: boolean(options, 'ExcludeNumbers'),
    ExcludePunctuation: boolean(options, 'ExcludePunctuation'),
    ExcludeUppercase: boolean(options, 'ExcludeUppercase'),
    IncludeSpace: boolean(options, 'IncludeSpace'),
    RequireEachIncludedType: boolean(options, 'RequireEachIncludedType'),
  });
  const template = text(options, 'SecretStringTemplate');
  if (template === undefined) return RandomPassword;
  return JSON.stringify({
    ...(JSON.parse(template) as object),
    [text(options, 'GenerateStringKey') ?? '']: RandomPassword,
  });
}

export const secretPolicy: ResourceType = {
  properties: { SecretId: 'replace', ResourcePolicy: 'update', BlockPublicPolicy: 'update' },
  required: ['SecretId', 'ResourcePolicy'],
  async create(properties, context) {
    const SecretId = text(properties, 'SecretId') ?? '';
    await context.invoke('secretsmanager', 'PutResourcePolicy', {
      SecretId,
      ResourcePolicy: document(properties, 'ResourcePolicy'),
    });
    return { physicalId: SecretId };
  },
  async update(SecretId, properties, _, context) {
    await context.invoke('secretsmanager', 'PutResourcePolicy', {
      SecretId,
      ResourcePolicy: document(properties, 'ResourcePolicy'),
    });
    return { physicalId: SecretId };
  },
  async remove(SecretId, _, context) {
    await context.invoke('secretsmanager', 'DeleteResourcePolicy', { SecretId });
  },
};
