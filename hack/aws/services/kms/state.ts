// The keys of one account and region.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';

export interface Grant {
  readonly id: string;
  readonly token: string;
  readonly name: string | undefined;
  readonly createdAt: Date;
  readonly granteePrincipal: string;
  readonly retiringPrincipal: string | undefined;
  readonly operations: readonly string[];
  readonly constraints: {
    readonly subset?: Readonly<Record<string, string>>;
    readonly equals?: Readonly<Record<string, string>>;
  };
  /** The same as a statement, for the evaluator; the grantee is kept by unique id. */
  readonly policy: PolicyDocument;
}

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly createdAt: Date;
  readonly manager: 'AWS' | 'CUSTOMER';
  description: string;
  enabled: boolean;
  /** Set while the key waits for its deletion. */
  deletionAt: Date | undefined;
  rotation: boolean;
  /** Principals by unique id. */
  policy: PolicyDocument;
  readonly tags: Map<string, string>;
  readonly grants: Map<string, Grant>;
}

export interface KmsState {
  readonly keys: Map<string, Key>;
  /** `alias/name` -> key id. */
  readonly aliases: Map<string, { readonly keyId: string; readonly createdAt: Date }>;
}

export const kmsState = (world: World, account: string, region: string): KmsState =>
  world.state('kms', account, region, () => ({ keys: new Map(), aliases: new Map() }));
