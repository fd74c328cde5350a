// The shape of a service of the simulator: a table of operations, each with what it demands and what it does.
import type { PolicyDocument } from '../../../operator/policy/document.ts';
import type { Principal } from './principal.ts';
import type { World } from './world.ts';

/** Context keys of a request (`s3:prefix`, `aws:PrincipalArn`...); a missing key is absent, not empty. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/**
 * One authorization that an operation needs. All needs of an operation must be allowed before its handler runs.
 * The pipeline adds the global context keys (aws:PrincipalArn, aws:PrincipalAccount, aws:userid, aws:SecureTransport,
 * aws:SourceAccount..., see core/authorization.ts) and the identity side; the operation names the resource side.
 */
export interface Need {
  /** e.g. `glue:GetTable`. */
  readonly action: string;
  /** Resource ARN, or `*` for actions without resources. */
  readonly resource: string;
  /** Account that owns the resource; default: the caller's. Another account makes it a cross-account request: both sides must allow. */
  readonly resourceAccount?: string;
  /** Resource policies in force on that resource (bucket policy, key policy...). */
  readonly resourcePolicies?: readonly PolicyDocument[];
  /**
   * How identity and resource policies join inside one account. `union` (default): either allows.
   * `resource-required`: the resource policy must allow, itself or by naming the account root (KMS keys, role trust).
   */
  readonly join?: 'union' | 'resource-required';
  /**
   * Another need of the same operation asks the identity side (the access point a bucket is reached through): here the
   * resource policies are enough, across accounts too. A Deny anywhere still counts.
   */
  readonly identitySettled?: boolean;
  readonly context?: RequestContext;
}

/** One call on its way through the simulator. */
export interface Call {
  readonly world: World;
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal;
  /** The caller's account; `''` for anonymous. Resources without an explicit owner are made here. */
  readonly account: string;
  /** Region of the endpoint/signature, e.g. `eu-west-1`. */
  readonly region: string;
  readonly requestId: string;
  readonly userAgent: string;
  readonly accessKeyId: string | undefined;
  /** HTTP host and path style details some services need (S3 aliases, S3 Control account). */
  readonly host: string;
  /**
   * Calls another operation, authorized like any other, as the same caller unless `as` says who.
   * (Athena reads Glue and S3 as the one who asked; CloudFormation works as its execution role.)
   */
  invoke<O = unknown>(service: string, operation: string, input: object, as?: Principal): Promise<O>;
  /** Throws AccessDenied unless the need is allowed for this caller: for decisions that only a handler can make (per item of a batch). */
  authorize(need: Need): void;
  /** The same as a question. */
  isAllowed(need: Need): boolean;
}

/** What an operation returns: the SDK's output without what only a client can know. */
export type Output<T> = Omit<T, '$metadata'>;

/** One operation. Types are the SDK's own command input and output. */
export interface Operation<I, O> {
  /** What the caller must be allowed; `[]` = any authenticated caller. Must not change state; may throw AwsError for unusable input. */
  needs(input: I, call: Call): readonly Need[];
  handle(input: I, call: Call): O | Promise<O>;
  /** `read` operations emit no CloudTrail management event that rules can match and are never limited as writes. */
  readonly access: 'read' | 'write';
  /** Anonymous callers are refused before `needs` unless true (S3). */
  readonly anonymous?: boolean;
  /** True for data-plane calls (S3 objects, queue messages): CloudTrail records them only when asked, so no management event. */
  readonly dataPlane?: boolean;
  /** requestParameters of the CloudTrail event; default: the input, member names in lowerCamelCase, blobs left out. */
  readonly trail?: (input: I, output: O | undefined) => Readonly<Record<string, unknown>>;
}

/** Keeps the type of an operation while it sits in a table. */
export const operation = <I, O>(spec: Operation<I, O>): Operation<I, O> => spec;

/** A table entry whose types are no longer known. `never` input makes it callable only through the pipeline. */
// oxlint-disable-next-line typescript/no-explicit-any -- the pipeline decodes inputs by the SDK's schema, types end here
export type AnyOperation = Operation<any, any>;

/** One AWS service: the SDK package that gives the wire schema, and the operations it really has. */
export interface ServiceModule {
  /** Name used by `invoke` and the log: the IAM prefix where there is one (`s3`, `s3control`, `lakeformation`). */
  readonly name: string;
  /** Imports the SDK client package (`() => import('@aws-sdk/client-glue')`) whose exported schemas drive the codec. */
  readonly sdk: () => Promise<Readonly<Record<string, unknown>>>;
  readonly operations: Readonly<Record<string, AnyOperation>>;
  /** eventSource of CloudTrail events, e.g. `glue.amazonaws.com`. */
  readonly eventSource: string;
  /**
   * Called once when the simulator starts, for services that do things on their own (EventBridge subscribes to the trail).
   * What it returns is called when the simulator stops.
   */
  readonly start?: (backstage: Backstage) => (() => void) | undefined;
}

/** What a service may do outside of a call. */
export interface Backstage {
  readonly world: World;
  /** Makes a call as someone (a service principal, a role session), authorized like any other. */
  invoke<O = unknown>(service: string, operation: string, input: object, as: Principal, region: string): Promise<O>;
}
