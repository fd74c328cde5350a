// What is asked of the evaluator: who wants to do what to which resource, and every policy that has a say.
import type { PolicyDocument } from './document.ts';

/** Nobody: the request carried no signature. */
interface AnonymousCaller {
  readonly kind: 'anonymous';
}

/** The account itself. Its ARN is `arn:aws:iam::<account>:root`. Identity policies do not limit it; SCPs do. */
export interface RootCaller {
  readonly kind: 'root';
  readonly account: string;
  readonly arn: string;
}

/** An IAM user. */
export interface UserCaller {
  readonly kind: 'user';
  readonly account: string;
  /** `arn:aws:iam::<account>:user/<path><name>` */
  readonly arn: string;
  /** AIDA...: a re-created user has another one. */
  readonly userId: string;
}

/** A session of a role (sts:AssumeRole and its relatives). */
export interface RoleSessionCaller {
  readonly kind: 'role-session';
  readonly account: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string;
  /** `arn:aws:iam::<account>:role/<path><name>` */
  readonly roleArn: string;
  /** AROA...: a re-created role has another one. */
  readonly roleId: string;
}

/** An AWS service calling with its own identity, e.g. `events.amazonaws.com`. */
interface ServiceCaller {
  readonly kind: 'service';
  readonly service: string;
}

/** A person known to an outside identity provider, not yet to AWS (AssumeRoleWithSAML, AssumeRoleWithWebIdentity). */
interface FederatedCaller {
  readonly kind: 'federated';
  /** ARN of the SAML or OIDC provider, or a name such as `cognito-identity.amazonaws.com`. */
  readonly provider: string;
}

export type Caller = AnonymousCaller | RootCaller | UserCaller | RoleSessionCaller | ServiceCaller | FederatedCaller;

/**
 * Condition keys of the request, e.g. `aws:SourceIp`, `s3:prefix`. Names are not case-sensitive. A key without value is
 * left out. A list is a multivalued key. Keys about the caller (aws:PrincipalArn, aws:userid...) come from the caller
 * alone (see caller-context.ts); what is said about them here is ignored.
 */
type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * A policy and what people call it, e.g. `bucket policy of raw-data`. Compiled policies are remembered per `policy`
 * object: keep parsed documents instead of parsing them for each request, and never change one in place.
 */
export interface PolicySource {
  readonly name: string;
  readonly policy: PolicyDocument;
}

export interface AccessRequest {
  readonly principal: Caller;
  /** `service:Operation`, e.g. `s3:GetObject`. */
  readonly action: string;
  /** ARN of one resource, or `*` for actions that have none. */
  readonly resource: string;
  /** Account that owns the resource, 12 digits. */
  readonly resourceAccount: string;
  readonly context: Context;
  /** Policies attached to the user, its groups, or the role. */
  readonly identityPolicies: readonly PolicySource[];
  readonly permissionsBoundary?: PolicySource;
  /** Absent: the session was made without session policies. An empty list allows nothing. */
  readonly sessionPolicies?: readonly PolicySource[];
  /** Of the caller's account, from the organization's root down; every level must allow. Absent: no organization. */
  readonly serviceControlPolicies?: readonly (readonly PolicySource[])[];
  readonly resourcePolicies: readonly PolicySource[];
  /**
   * How identity and resource policies join inside one account. `union`: either is enough. `resource-required`: the
   * resource policy must allow the caller, or allow its account and so let identity policies count (KMS keys, role trust).
   */
  readonly join: 'union' | 'resource-required';
}
