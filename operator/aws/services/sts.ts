// STS: who we are, and becoming someone else.
import type * as sdk from '@aws-sdk/client-sts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  /** Unique id of user or role, for sessions followed by `:<session name>`. */
  readonly userId: string;
}

/** Credentials of a session. They stay in memory: never log or store them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When AWS stops accepting them; absent for long-lived keys. */
  readonly expiration?: Date;
}

export interface RoleSession extends SessionCredentials {
  readonly sessionToken: string;
  readonly expiration: Date;
  /** Unique id of the role (AROA...): a re-created one has another. */
  readonly roleId: string;
}

export class Sts {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  async identity(): Promise<CallerIdentity> {
    const { Account, Arn, UserId } = await this.#service.read('GetCallerIdentity', {});
    return { account: Account ?? '', arn: Arn ?? '', userId: UserId ?? '' };
  }

  /** @param role.duration seconds, 900..3600: a session got with a session's credentials lasts one hour at most. @throws AwsFault NoTrust */
  async assumeRole(role: {
    readonly arn: string;
    readonly externalId?: string | undefined;
    readonly sessionName: string;
    readonly duration: number;
  }): Promise<RoleSession> {
    const { Credentials, AssumedRoleUser } = await this.#service.read('AssumeRole', {
      RoleArn: role.arn,
      RoleSessionName: role.sessionName,
      ExternalId: role.externalId,
      DurationSeconds: role.duration,
    });
    if (
      Credentials?.AccessKeyId === undefined ||
      Credentials.SecretAccessKey === undefined ||
      Credentials.SessionToken === undefined ||
      Credentials.Expiration === undefined
    )
      throw this.#service.entryFault('AssumeRole', 'InternalFailure', 'the answer holds no credentials');
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      expiration: Credentials.Expiration,
      roleId: AssumedRoleUser?.AssumedRoleId?.split(':')[0] ?? '',
    };
  }
}
