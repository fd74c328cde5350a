// One secret: its versions and their stages, its policy, its scheduled end.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need, RequestContext } from '../../core/operation.ts';
import { resourceTagContext } from '../../core/tagging.ts';

export interface SecretVersion {
  readonly id: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly createdAt: Date;
  readonly stages: Set<string>;
  /** The data key KMS gave when it was written; a reader must be allowed to decrypt it. */
  readonly dataKey?: Uint8Array;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  description?: string;
  kmsKeyId?: string;
  readonly createdAt: Date;
  changedAt: Date;
  /** Scheduled deletion: unreadable from the request on, gone from this time on. */
  deleteAt?: number;
  deletedAt?: Date;
  readonly versions: Map<string, SecretVersion>;
  readonly tags: Map<string, string>;
  policy?: PolicyDocument;
}

interface SecretStore {
  readonly secrets: Map<string, Secret>;
}

/** Secrets of an account and region by ARN; those whose recovery window is over are gone. */
export function secretsOf(call: Call, account = call.account): Map<string, Secret> {
  const { secrets } = call.world.state<SecretStore>('secretsmanager', account, call.region, () => ({
    secrets: new Map(),
  }));
  const now = call.world.clock.now();
  for (const secret of secrets.values())
    if (secret.deleteAt !== undefined && secret.deleteAt <= now) secrets.delete(secret.arn);
  return secrets;
}

const missing = (): AwsError =>
  new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

/** By name, by ARN, or by ARN without its random end. Other accounts' secrets only by ARN. */
export function findSecret(call: Call, id: string | undefined): Secret {
  const account = id?.startsWith('arn:') ? (id.split(':')[4] ?? '') : call.account;
  const secrets = [...secretsOf(call, account).values()];
  const found = secrets.find(
    ({ name, arn }) =>
      id === arn || (id === name && account === call.account) || (id !== undefined && arn.slice(0, -RANDOM_END) === id),
  );
  if (found === undefined) throw missing();
  return found;
}

/** ARNs end in a dash and six random characters: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html */
const RANDOM_END = 7;

/** A secret that is not on its way out. */
export function liveSecret(call: Call, id: string | undefined): Secret {
  const secret = findSecret(call, id);
  if (secret.deletedAt !== undefined) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}

/** What one action on a secret demands: identity side and the secret's policy. */
export function secretNeed(action: string, call: Call, id: string | undefined, context: RequestContext = {}): Need {
  const secret = findSecret(call, id);
  return {
    action: `secretsmanager:${action}`,
    resource: secret.arn,
    resourceAccount: secret.account,
    resourcePolicies: secret.policy === undefined ? [] : [secret.policy],
    context: { 'secretsmanager:SecretId': secret.arn, ...resourceTagContext(secret.tags), ...context },
  };
}

/** The version that carries a stage. */
export const staged = (secret: Secret, stage: string): SecretVersion | undefined =>
  [...secret.versions.values()].find(({ stages }) => stages.has(stage));

/**
 * A new version becomes AWSCURRENT, what was current AWSPREVIOUS; versions without a stage are dropped.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
 */
export function addVersion(secret: Secret, version: SecretVersion): void {
  if (version.stages.has('AWSCURRENT')) {
    const current = staged(secret, 'AWSCURRENT');
    staged(secret, 'AWSPREVIOUS')?.stages.delete('AWSPREVIOUS');
    current?.stages.delete('AWSCURRENT');
    current?.stages.add('AWSPREVIOUS');
  }
  for (const stage of version.stages) staged(secret, stage)?.stages.delete(stage);
  secret.versions.set(version.id, version);
  for (const [id, { stages }] of secret.versions) if (stages.size === 0) secret.versions.delete(id);
}
