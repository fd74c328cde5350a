// Secret values: create, read, replace.
import type {
  CreateSecretRequest,
  CreateSecretResponse,
  GetRandomPasswordRequest,
  GetRandomPasswordResponse,
  GetSecretValueRequest,
  GetSecretValueResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
  UpdateSecretRequest,
  UpdateSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { requestTagContext, setTags } from '../../core/tagging.ts';
import {
  addVersion,
  findSecret,
  liveSecret,
  secretNeed,
  secretsOf,
  staged,
  type Secret,
  type SecretVersion,
} from './secret.ts';

/** The AWS managed key: usable by everyone in the account through Secrets Manager, by nobody outside it. */
const MANAGED_KEY = 'alias/aws/secretsmanager';
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_VALUE_BYTES = 65_536;

interface Value {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

async function newVersion(
  call: Call,
  secret: Pick<Secret, 'kmsKeyId'>,
  id: string | undefined,
  value: Value,
  stages: readonly string[],
): Promise<SecretVersion> {
  const { SecretString, SecretBinary } = value;
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (Buffer.byteLength(SecretString ?? '') + (SecretBinary?.byteLength ?? 0) > MAX_VALUE_BYTES) {
    throw new AwsError('InvalidParameterException', `The secret value can't be longer than ${MAX_VALUE_BYTES} bytes.`);
  }
  const dataKey = await dataKeyOf(call, secret.kmsKeyId);
  return {
    id: id ?? crypto.randomUUID(),
    ...(SecretString === undefined ? {} : { text: SecretString }),
    ...(SecretBinary === undefined ? {} : { bytes: SecretBinary }),
    ...(dataKey === undefined ? {} : { dataKey }),
    createdAt: new Date(call.world.clock.now()),
    stages: new Set(stages),
  };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html: writers need GenerateDataKey, readers Decrypt. */
async function dataKeyOf(call: Call, keyId: string | undefined): Promise<Uint8Array | undefined> {
  if (keyId === undefined || keyId === MANAGED_KEY) return undefined;
  const { CiphertextBlob } = await call.invoke<{ CiphertextBlob: Uint8Array }>('kms', 'GenerateDataKey', {
    KeyId: keyId,
    KeySpec: 'AES_256',
  });
  return CiphertextBlob;
}

const CreateSecret = operation<CreateSecretRequest, CreateSecretResponse>({
  access: 'write',
  needs: (input, call) => {
    const resource = `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${input.Name ?? ''}`;
    const context = requestTagContext(input.Tags);
    return [
      {
        action: 'secretsmanager:CreateSecret',
        resource,
        context: { 'secretsmanager:Name': input.Name ?? '', ...context },
      },
      ...((input.Tags ?? []).length > 0 ? [{ action: 'secretsmanager:TagResource', resource, context }] : []),
    ];
  },
  handle: async (input, call) => {
    const name = input.Name ?? '';
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name))
      throw new AwsError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
        { status: 400 },
      );
    const existing = [...secretsOf(call).values()].find((secret) => secret.name === name);
    if (existing?.deletedAt !== undefined) {
      throw new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing !== undefined)
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    const now = new Date(call.world.clock.now());
    const secret: Secret = {
      name,
      arn: `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${name}-${call.world.id(6)}`,
      account: call.account,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
      createdAt: now,
      changedAt: now,
      versions: new Map(),
      tags: new Map(),
    };
    setTags(secret.tags, input.Tags);
    if (input.SecretString === undefined && input.SecretBinary === undefined) {
      secretsOf(call).set(secret.arn, secret);
      return { ARN: secret.arn, Name: name };
    }
    const version = await newVersion(call, secret, input.ClientRequestToken, input, ['AWSCURRENT']);
    addVersion(secret, version);
    secretsOf(call).set(secret.arn, secret);
    return { ARN: secret.arn, Name: name, VersionId: version.id };
  },
});

const GetSecretValue = operation<GetSecretValueRequest, GetSecretValueResponse>({
  access: 'read',
  needs: (input, call) => [
    secretNeed('GetSecretValue', call, input.SecretId, {
      'secretsmanager:VersionStage': input.VersionStage ?? 'AWSCURRENT',
    }),
  ],
  handle: async (input, call) => {
    const secret = liveSecret(call, input.SecretId);
    const stage = input.VersionStage ?? (input.VersionId === undefined ? 'AWSCURRENT' : undefined);
    const version =
      input.VersionId === undefined ? staged(secret, stage ?? 'AWSCURRENT') : secret.versions.get(input.VersionId);
    if (version === undefined || (stage !== undefined && !version.stages.has(stage))) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${input.VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${input.VersionId}`}`,
      );
    }
    if (version.dataKey !== undefined) await call.invoke('kms', 'Decrypt', { CiphertextBlob: version.dataKey });
    else if (secret.account !== call.account) {
      throw new AwsError(
        'AccessDeniedException',
        'Access to KMS is not allowed: a secret under the AWS managed key cannot be read from another account',
        { status: 400 },
      );
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.text,
      SecretBinary: version.bytes,
      VersionStages: [...version.stages],
      CreatedDate: version.createdAt,
    };
  },
});

const PutSecretValue = operation<PutSecretValueRequest, PutSecretValueResponse>({
  access: 'write',
  needs: (input, call) => [secretNeed('PutSecretValue', call, input.SecretId)],
  handle: async (input, call) => {
    const secret = liveSecret(call, input.SecretId);
    const version = await newVersion(
      call,
      secret,
      input.ClientRequestToken,
      input,
      input.VersionStages ?? ['AWSCURRENT'],
    );
    refuseOtherValue(secret, version);
    addVersion(secret, version);
    secret.changedAt = version.createdAt;
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
  },
});

/** A token names a version: the same value again is a retry, another is a mistake. */
function refuseOtherValue(secret: Secret, version: SecretVersion): void {
  const existing = secret.versions.get(version.id);
  if (existing !== undefined && existing.text !== version.text) {
    throw new AwsError(
      'ResourceExistsException',
      'A resource with the ID you requested already exists: the version has another value.',
    );
  }
}

const UpdateSecret = operation<UpdateSecretRequest, UpdateSecretResponse>({
  access: 'write',
  needs: (input, call) => [secretNeed('UpdateSecret', call, input.SecretId)],
  handle: async (input, call) => {
    const secret = liveSecret(call, input.SecretId);
    if (input.Description !== undefined) secret.description = input.Description;
    if (input.KmsKeyId !== undefined) secret.kmsKeyId = input.KmsKeyId;
    secret.changedAt = new Date(call.world.clock.now());
    if (input.SecretString === undefined && input.SecretBinary === undefined)
      return { ARN: secret.arn, Name: secret.name };
    const version = await newVersion(call, secret, input.ClientRequestToken, input, ['AWSCURRENT']);
    refuseOtherValue(secret, version);
    addVersion(secret, version);
    return { ARN: secret.arn, Name: findSecret(call, secret.arn).name, VersionId: version.id };
  },
});

const CLASSES = [
  { excluded: 'ExcludeLowercase', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { excluded: 'ExcludeUppercase', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { excluded: 'ExcludeNumbers', characters: '0123456789' },
  { excluded: 'ExcludePunctuation', characters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' },
] as const;

const GetRandomPassword = operation<GetRandomPasswordRequest, GetRandomPasswordResponse>({
  access: 'read',
  needs: () => [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }],
  handle: (input, call) => {
    const allowed = CLASSES.filter(({ excluded }) => input[excluded] !== true)
      .map(({ characters }) =>
        characters.split('').filter((character) => !(input.ExcludeCharacters ?? '').includes(character)),
      )
      .filter((characters) => characters.length > 0);
    if (input.IncludeSpace === true) allowed.push([' ']);
    const pool = allowed.flat();
    const length = input.PasswordLength ?? 32;
    if (pool.length === 0 || length < allowed.length)
      throw new AwsError('InvalidParameterException', 'The password cannot be made of the characters that are left.');
    const pick = (characters: readonly string[]): string =>
      characters[Math.floor(call.world.random() * characters.length)] ?? '';
    const required = input.RequireEachIncludedType === false ? [] : allowed.map(pick);
    const rest = Array.from({ length: length - required.length }, () => pick(pool));
    return { RandomPassword: [...rest, ...required].join('') };
  },
});

export const valueOperations: Readonly<Record<string, AnyOperation>> = {
  CreateSecret,
  GetSecretValue,
  PutSecretValue,
  UpdateSecret,
  GetRandomPassword,
};
