// The accounts: who we are in each of them, and its services.
import { iamArn, partitionOf } from '../policy/arn.ts';
import { Calls } from './calls.ts';
import type { CallHook, CallReport, Target } from './calls.ts';
import type { ServiceName } from './call.ts';
import { Clients } from './clients.ts';
import type { RequestHandler } from './clients.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { Federation } from './federation.ts';
import { defaultRateLimits } from './rate-limits.ts';
import type { RateLimit } from './rate-limits.ts';
import { sessionNameOf, Sessions } from './sessions.ts';
import type { AssumableRole } from './sessions.ts';
import type { Service } from './service.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { BucketState } from './rate-limiter.ts';
import { CloudFormation } from './services/cloudformation.ts';
import { Glue } from './services/glue.ts';
import { Iam } from './services/iam.ts';
import { Kms } from './services/kms.ts';
import { LakeFormation } from './services/lakeformation.ts';
import { Ram } from './services/ram.ts';
import { S3 } from './services/s3.ts';
import { S3Control } from './services/s3control.ts';
import { Sqs } from './services/sqs.ts';
import { Ssm } from './services/ssm.ts';
import { Sts } from './services/sts.ts';
import type { SessionCredentials } from './services/sts.ts';

/** One AWS account and region, as one identity in it. Every failure is an AwsFault. */
export interface AccountAws {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly cloudFormation: CloudFormation;
  readonly glue: Glue;
  readonly iam: Iam;
  readonly kms: Kms;
  readonly lakeFormation: LakeFormation;
  readonly ram: Ram;
  readonly s3: S3;
  readonly s3control: S3Control;
  readonly sqs: Sqs;
  readonly ssm: Ssm;
  readonly sts: Sts;
  /** The session's credentials, for handing out (console, presigned URLs). Never log or store them. */
  credentials(): Promise<SessionCredentials>;
}

/** How an environment's account is entered. */
export interface EnvironmentAccess {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  readonly pivotRoleArn: string;
  readonly externalId: string;
}

/** A role made by `cdk bootstrap`: `deploy` for stacks, `lookup` for reading before we may do anything else. */
export interface BootstrapAccess {
  readonly accountId: string;
  readonly region: string;
  readonly role: 'deploy' | 'lookup';
  /** Default `hnb659fds`, the CDK's own. */
  readonly qualifier?: string;
}

export interface AwsOptions {
  /** Names this installation in CloudTrail. */
  readonly installation: string;
  /** The leader's epoch, in CloudTrail beside it. */
  readonly epoch: () => string | number;
  /** The account and region of the operator itself. */
  readonly hub: { readonly accountId: string; readonly region: string };
  /** Whether the lease is surely ours: asked before every write. */
  readonly mayWrite: () => boolean;
  /** The hub's credentials; without them the SDK's default chain (IRSA, environment, instance). */
  readonly credentials?: SessionCredentials | (() => Promise<SessionCredentials>) | undefined;
  /** Replaces AWS's endpoints, e.g. with the simulator's. */
  readonly endpoint?: string | undefined;
  /** Replaces HTTP, e.g. with the simulator in this process. */
  readonly requestHandler?: RequestHandler | undefined;
  readonly rateLimits?: Partial<Readonly<Record<ServiceName, RateLimit>>>;
  /** For fault tests: called around each attempt. */
  readonly onCall?: CallHook | undefined;
  /** For metrics: called after each attempt. */
  readonly report?: ((report: CallReport) => void) | undefined;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const cdkQualifier = 'hnb659fds';
/** Seconds. One hour is the most a chained session may last: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const sessionDuration = 3600;

/** All of AWS that the operator can reach. One per process. */
export class AwsAccounts {
  readonly #options: AwsOptions;
  readonly #clients: Clients;
  readonly #rateLimiter: RateLimiter;
  readonly #calls: Calls;
  readonly #sessions: Sessions;
  readonly #accounts = new Map<string, AccountAws>();
  /** The web console, for people who bear the keys of a session. */
  readonly federation: Federation;

  constructor(options: AwsOptions) {
    const { clock = systemClock, random = Math.random } = options;
    this.#options = options;
    this.#clients = new Clients({ endpoint: options.endpoint, requestHandler: options.requestHandler });
    this.#rateLimiter = new RateLimiter(clock, { ...defaultRateLimits, ...options.rateLimits });
    this.#calls = new Calls({
      clients: this.#clients,
      rateLimiter: this.#rateLimiter,
      clock,
      random,
      mayWrite: options.mayWrite,
      onCall: options.onCall,
      report: options.report,
    });
    this.federation = new Federation({ clients: this.#clients, clock, endpoint: options.endpoint });
    this.#sessions = new Sessions({
      clock,
      random,
      sessionName: () => sessionNameOf(options.installation, options.epoch()),
      assume: async (role, sessionName) => await this.#assume(role, sessionName),
    });
  }

  /** The operator's own account, as itself. */
  hub(region = this.#options.hub.region): AccountAws {
    const { accountId } = this.#options.hub;
    return this.#account(`hub ${region}`, 'hub', {
      account: accountId,
      region,
      quotaAccount: accountId,
      credentials: this.#hubCredentials(),
    });
  }

  /** An environment's account, as its pivot role. Asks AWS nothing: the first call makes the session. */
  forEnvironment({ accountId, region, pivotRoleArn, externalId }: EnvironmentAccess): AccountAws {
    return this.forRole({ arn: pivotRoleArn, externalId }, accountId, region);
  }

  /** An account as a role of its CDK bootstrap stack. */
  forBootstrap({ accountId, region, role, qualifier = cdkQualifier }: BootstrapAccess): AccountAws {
    return this.forRole({ arn: bootstrapRoleArn(accountId, region, qualifier, role) }, accountId, region);
  }

  /** The role CloudFormation works as in a bootstrapped account. */
  executionRoleArn({ accountId, region, qualifier = cdkQualifier }: Omit<BootstrapAccess, 'role'>): string {
    return bootstrapRoleArn(accountId, region, qualifier, 'cfn-exec');
  }

  /** An account as any role the hub may assume. */
  forRole(role: AssumableRole, accountId: string, region: string): AccountAws {
    const id = `${role.arn} ${role.externalId ?? ''}`;
    const session = this.#sessions.of(role);
    return this.#account(`${id} ${region}`, id, {
      account: accountId,
      region,
      quotaAccount: accountId,
      session,
      credentials: async () => await session.credentials(),
    });
  }

  /** Drops the sessions of a role: call it when its trust, its permissions or the role itself changed. */
  forget(roleArn: string): void {
    this.#sessions.drop(roleArn);
  }

  /** Whether a role that we are let into refuses any other external id. Asks AWS at most once an hour, as long as it does. */
  async demandsExternalId(role: AssumableRole): Promise<boolean> {
    return await this.#sessions.of(role).demandsExternalId();
  }

  /** The rate limiter's buckets, for metrics. */
  rateLimiterStates(): readonly BucketState[] {
    return this.#rateLimiter.states();
  }

  /** Closes idle connections. Calls under way are ended by their work's signal. */
  close(): void {
    this.#calls.close();
    this.#clients.close();
  }

  #hubCredentials(): Target['credentials'] {
    const { credentials } = this.#options;
    if (credentials === undefined || typeof credentials === 'function') return credentials;
    return async () => await Promise.resolve(credentials);
  }

  /** The call is the hub's and counts there, but a refusal is about the account of the role, and so says its fault. */
  async #assume(role: AssumableRole, sessionName: string): Promise<SessionCredentials> {
    const { accountId, region } = this.#options.hub;
    const account = role.arn.split(':')[4] ?? accountId;
    const target = { account, region, quotaAccount: accountId, credentials: this.#hubCredentials() };
    return await new Sts(this.#calls.service('sts', target, 'hub')).assumeRole({
      ...role,
      sessionName,
      duration: sessionDuration,
    });
  }

  #account(key: string, id: string, target: Target): AccountAws {
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = this.#open(id, target);
      this.#accounts.set(key, account);
    }
    return account;
  }

  #open(id: string, target: Target): AccountAws {
    const service = <Sdk>(name: ServiceName): Service<Sdk> => this.#calls.service(name, target, id);
    return {
      account: target.account,
      region: target.region,
      cloudFormation: new CloudFormation(service('cloudformation')),
      glue: new Glue(service('glue')),
      iam: new Iam(service('iam')),
      kms: new Kms(service('kms')),
      lakeFormation: new LakeFormation(service('lakeformation')),
      ram: new Ram(service('ram')),
      s3: new S3(service('s3')),
      s3control: new S3Control(service('s3control')),
      sqs: new Sqs(service('sqs')),
      ssm: new Ssm(service('ssm')),
      sts: new Sts(service('sts')),
      credentials: async () => {
        if (target.credentials === undefined)
          throw new TypeError('credentials of the default chain are not handed out');
        return await target.credentials();
      },
    };
  }
}

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html: `cdk-<qualifier>-<role>-role-<account>-<region>`. */
const bootstrapRoleArn = (accountId: string, region: string, qualifier: string, role: string): string =>
  iamArn(partitionOf(region), accountId, `role/cdk-${qualifier}-${role}-role-${accountId}-${region}`);
