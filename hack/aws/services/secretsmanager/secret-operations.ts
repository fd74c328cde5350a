// Secrets themselves: describe, list, delete and restore, tags, resource policies.
import type {
  DeleteResourcePolicyRequest,
  DeleteResourcePolicyResponse,
  DeleteSecretRequest,
  DeleteSecretResponse,
  DescribeSecretRequest,
  DescribeSecretResponse,
  Filter,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  ListSecretsRequest,
  ListSecretsResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
  RestoreSecretRequest,
  RestoreSecretResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { operation, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { readPolicy, resourceRules } from '../../core/policy-text.ts';
import { showPrincipals, storePrincipals, unknownPrincipals } from '../../core/principal-ids.ts';
import { requestTagContext, setTags, tagKeysContext, tagList } from '../../core/tagging.ts';
import { findSecret, liveSecret, secretNeed, secretsOf, type Secret } from './secret.ts';

const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
const DEFAULT_WINDOW_DAYS = 30;
const MIN_WINDOW_DAYS = 7;
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_POLICY_BYTES = 20_480;

const described = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  KmsKeyId: secret.kmsKeyId,
  LastChangedDate: secret.changedAt,
  DeletedDate: secret.deletedAt,
  CreatedDate: secret.createdAt,
  Tags: tagList(secret.tags),
});

const stagesOf = (secret: Secret): Record<string, string[]> =>
  Object.fromEntries([...secret.versions].map(([id, { stages }]) => [id, [...stages]]));

const DescribeSecret = operation<DescribeSecretRequest, DescribeSecretResponse>({
  access: 'read',
  needs: (input, call) => [secretNeed('DescribeSecret', call, input.SecretId)],
  handle: (input, call) => {
    const secret = findSecret(call, input.SecretId);
    return { ...described(secret), VersionIdsToStages: stagesOf(secret) };
  },
});

const ListSecrets = operation<ListSecretsRequest, ListSecretsResponse>({
  access: 'read',
  needs: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
  handle: (input, call) => {
    const matching = [...secretsOf(call).values()]
      .filter((secret) => input.IncludePlannedDeletion === true || secret.deletedAt === undefined)
      .filter((secret) => (input.Filters ?? []).every((filter) => matches(secret, filter)));
    const { items, next } = page(matching, input.NextToken, input.MaxResults ?? 100, 'InvalidNextTokenException');
    return {
      SecretList: items.map((secret) => ({ ...described(secret), SecretVersionsToStages: stagesOf(secret) })),
      NextToken: next,
    };
  },
});

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html: values are prefixes. */
function matches(secret: Secret, { Key, Values = [] }: Filter): boolean {
  const any = (candidates: readonly string[]): boolean =>
    Values.some((value) => candidates.some((candidate) => candidate.startsWith(value)));
  switch (Key) {
    case 'name':
      return any([secret.name]);
    case 'description':
      return any([secret.description ?? '']);
    case 'tag-key':
      return any([...secret.tags.keys()]);
    case 'tag-value':
      return any([...secret.tags.values()]);
    default:
      throw notImplemented(`ListSecrets with the filter ${Key ?? ''}`);
  }
}

const DeleteSecret = operation<DeleteSecretRequest, DeleteSecretResponse>({
  access: 'write',
  needs: (input, call) => [
    secretNeed('DeleteSecret', call, input.SecretId, {
      'secretsmanager:ForceDeleteWithoutRecovery': String(input.ForceDeleteWithoutRecovery ?? false),
    }),
  ],
  handle: (input, call) => {
    const secret = findSecret(call, input.SecretId);
    const now = call.world.clock.now();
    if (input.ForceDeleteWithoutRecovery === true) {
      secretsOf(call, secret.account).delete(secret.arn);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(now) };
    }
    const days = input.RecoveryWindowInDays ?? DEFAULT_WINDOW_DAYS;
    if (days < MIN_WINDOW_DAYS || days > DEFAULT_WINDOW_DAYS) {
      throw new AwsError(
        'InvalidParameterException',
        `The RecoveryWindowInDays value must be between ${MIN_WINDOW_DAYS} and ${DEFAULT_WINDOW_DAYS} days (inclusive).`,
      );
    }
    secret.deletedAt = new Date(now);
    secret.deleteAt = now + days * DAY_MS;
    return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(secret.deleteAt) };
  },
});

const RestoreSecret = operation<RestoreSecretRequest, RestoreSecretResponse>({
  access: 'write',
  needs: (input, call) => [secretNeed('RestoreSecret', call, input.SecretId)],
  handle: (input, call) => {
    const secret = findSecret(call, input.SecretId);
    delete secret.deletedAt;
    delete secret.deleteAt;
    return { ARN: secret.arn, Name: secret.name };
  },
});

const TagResource = operation<TagResourceRequest, object>({
  access: 'write',
  needs: (input, call) => [secretNeed('TagResource', call, input.SecretId, requestTagContext(input.Tags))],
  handle: (input, call) => {
    setTags(liveSecret(call, input.SecretId).tags, input.Tags);
    return {};
  },
});

const UntagResource = operation<UntagResourceRequest, object>({
  access: 'write',
  needs: (input, call) => [secretNeed('UntagResource', call, input.SecretId, tagKeysContext(input.TagKeys))],
  handle: (input, call) => {
    const { tags } = liveSecret(call, input.SecretId);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const PutResourcePolicy = operation<PutResourcePolicyRequest, PutResourcePolicyResponse>({
  access: 'write',
  needs: (input, call) => [
    secretNeed('PutResourcePolicy', call, input.SecretId, {
      'secretsmanager:BlockPublicPolicy': String(input.BlockPublicPolicy ?? false),
    }),
  ],
  handle: (input, call) => {
    const secret = liveSecret(call, input.SecretId);
    const text = input.ResourcePolicy ?? '';
    const reading = readPolicy(text, resourceRules);
    if (!reading.ok || Buffer.byteLength(text) > MAX_POLICY_BYTES) {
      throw new AwsError(
        'MalformedPolicyDocumentException',
        `This resource policy contains a syntax error: ${reading.ok ? 'too long' : reading.problem}`,
      );
    }
    const [unknown] = unknownPrincipals(call.world, reading.policy);
    if (unknown !== undefined)
      throw new AwsError(
        'MalformedPolicyDocumentException',
        `This resource policy contains an unsupported principal: ${unknown}`,
      );
    const isOpen = reading.policy.Statement.some(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' &&
        Condition === undefined &&
        (Principal === '*' || (Principal?.AWS !== undefined && [Principal.AWS].flat().includes('*'))),
    );
    if (input.BlockPublicPolicy === true && isOpen) {
      throw new AwsError(
        'PublicPolicyException',
        "You can't attach a resource policy that allows broad access to the secret.",
      );
    }
    secret.policy = storePrincipals(call.world, reading.policy);
    return { ARN: secret.arn, Name: secret.name };
  },
});

const GetResourcePolicy = operation<GetResourcePolicyRequest, GetResourcePolicyResponse>({
  access: 'read',
  needs: (input, call) => [secretNeed('GetResourcePolicy', call, input.SecretId)],
  handle: (input, call) => {
    const { arn, name, policy } = findSecret(call, input.SecretId);
    return {
      ARN: arn,
      Name: name,
      ...(policy === undefined ? {} : { ResourcePolicy: JSON.stringify(showPrincipals(call.world, policy)) }),
    };
  },
});

const DeleteResourcePolicy = operation<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse>({
  access: 'write',
  needs: (input, call) => [secretNeed('DeleteResourcePolicy', call, input.SecretId)],
  handle: (input, call) => {
    const secret = liveSecret(call, input.SecretId);
    delete secret.policy;
    return { ARN: secret.arn, Name: secret.name };
  },
});

export const secretOperations: Readonly<Record<string, AnyOperation>> = {
  DescribeSecret,
  ListSecrets,
  DeleteSecret,
  RestoreSecret,
  TagResource,
  UntagResource,
  PutResourcePolicy,
  GetResourcePolicy,
  DeleteResourcePolicy,
};
