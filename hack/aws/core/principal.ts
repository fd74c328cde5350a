// Who signed a request. The pipeline makes a Principal from the verified signature; operations never parse credentials.

/** Nobody: the request carried no signature. */
interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

/** The account itself. Its ARN is `arn:aws:iam::<account>:root`; identity policies do not limit it. */
interface RootPrincipal {
  readonly kind: 'root';
  readonly account: string;
  readonly arn: string;
}

/** An IAM user with a long-lived access key. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly account: string;
  readonly arn: string;
  /** AIDA..., the unique id: survives nothing, a re-created user has another. */
  readonly userId: string;
  readonly userName: string;
}

/** A session that sts:AssumeRole made. */
export interface RoleSessionPrincipal {
  readonly kind: 'role-session';
  readonly account: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string;
  readonly roleArn: string;
  /** AROA..., the unique id of the role at the time of the session. */
  readonly roleId: string;
  readonly roleName: string;
  readonly sessionName: string;
  /** JSON of the session policy, if one was passed: the session may do no more than it allows. */
  readonly sessionPolicy?: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
}

/** An AWS service acting in an account, e.g. `cloudformation.amazonaws.com`. */
export interface ServicePrincipal {
  readonly kind: 'service';
  readonly account: string;
  readonly service: string;
  /** The resource on whose behalf the service acts (an EventBridge rule...): aws:SourceArn and aws:SourceAccount of its calls. */
  readonly sourceArn?: string;
}

export type Principal = AnonymousPrincipal | RootPrincipal | UserPrincipal | RoleSessionPrincipal | ServicePrincipal;

/** The account a principal belongs to; undefined for anonymous. */
export const accountOf = (principal: Principal): string | undefined =>
  principal.kind === 'anonymous' ? undefined : principal.account;
