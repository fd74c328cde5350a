// What IAM remembers of one account.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';

/** A policy as it was written (shown back by IAM) and as it was parsed (asked by the evaluator, which remembers it by object). */
export interface StoredPolicy {
  readonly text: string;
  readonly policy: PolicyDocument;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  status: 'Active' | 'Inactive';
  readonly createdAt: Date;
}

/** What users and roles have in common. */
export interface Identity {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** AIDA... or AROA... */
  readonly id: string;
  readonly createdAt: Date;
  readonly inline: Map<string, StoredPolicy>;
  /** ARNs of managed policies, in order of attachment. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
  boundary: string | undefined;
}

export type User = Identity;

export interface Role extends Identity {
  description: string | undefined;
  maxSessionDuration: number;
  /** Trust policy; principals are kept as unique ids (see core/principal-ids.ts). */
  trust: StoredPolicy;
  lastUsed: { readonly at: Date; readonly region: string } | undefined;
  /** `autoscaling.amazonaws.com` for a service-linked role. */
  readonly linkedTo: string | undefined;
}

export interface PolicyVersion {
  readonly id: string;
  readonly stored: StoredPolicy;
  readonly createdAt: Date;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** ANPA... */
  readonly id: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly versions: Map<string, PolicyVersion>;
  defaultVersionId: string;
  /** The next version's number: numbers of deleted versions are not used again. */
  nextVersion: number;
  readonly tags: Map<string, string>;
}

export interface IamState {
  readonly users: Map<string, User>;
  readonly roles: Map<string, Role>;
  /** Customer managed policies by ARN. */
  readonly policies: Map<string, ManagedPolicy>;
  readonly accessKeys: Map<string, AccessKey>;
}

const initial = (): IamState => ({ users: new Map(), roles: new Map(), policies: new Map(), accessKeys: new Map() });

export const iamState = (world: World, account: string): IamState => world.state('iam', account, 'global', initial);
