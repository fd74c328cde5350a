// What each kind of AWS document must be able to do: be observed, planned, written and judged. One module per kind in documents/.
import type { AccountAws } from '../aws/account.ts';
import type { ItemStatusReason } from '../resources/conditions.ts';
import type { ConsumptionRole } from '../resources/consumption-role.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Team } from '../resources/team.ts';
import type { DocumentKey } from './document-key.ts';
import type { Specs } from './specs.ts';

/** How a document stands with one grant that depends on it, after the last read. */
export type Verdict =
  /** The document gives the grant exactly what it asks for. */
  | {
      readonly state: 'Satisfied';
      readonly flaw?: Flaw;
      /** Where the dataset's own role reads what the grant opens, as a prefix of the bucket: who holds the grant never goes there itself. */
      readonly readsBelow?: string;
    }
  /** Something else must happen first (an invitation, a role that IAM has not spread yet). Comes again by itself. */
  | { readonly state: 'Waiting'; readonly reason: ItemStatusReason; readonly message: string }
  /** This grant cannot be made as asked; the others are not affected. `message` says what to do. */
  | { readonly state: 'Failed'; readonly reason: FailureReason; readonly message: string };

/** What somebody else's doing makes of a grant that is given as it should be: its principal cannot, or may not be able to, use it. */
export interface Flaw {
  readonly health: 'Unhealthy' | 'Unknown';
  readonly reason: 'ReaderDenied' | 'KeyNotAllowed' | 'Unverified';
  /** Which statement of which document, and what to do. */
  readonly message: string;
}

/** @param dataset id */
export type OwnReading = (dataset: string, prefix: string) => Flaw | undefined;

/** Reasons that appear in `status.items[].message` and conditions; CamelCase as Kubernetes asks. */
export type FailureReason =
  | 'QuotaExceeded'
  | 'InvitationRejected'
  | 'PrincipalNotFound'
  | 'ItemNotFound'
  | 'FilterInvalid'
  | 'NotEnforced'
  | 'BucketNotFound'
  | 'KeyNotFound'
  | 'AttachmentMissing'
  | 'DatabaseTaken'
  | 'AccessDenied'
  | 'AwsError';

/** A difference between what the specs say and what AWS had: evidence for health, events and the audit record. */
export interface Drift {
  /** `missing`: taken away behind our back; `extra`: given behind our back; `changed`: both. */
  readonly kind: 'missing' | 'extra' | 'changed';
  /** What differs, readable: `statement DataAll-Bucket-ReadOnly lacks arn:...`. Names nothing of a grant that is not in `grants`. */
  readonly message: string;
  /** Grants that suffer (missing/changed), which are told of it; empty for extras, which are nobody's. */
  readonly grants: readonly string[];
}

/** What to do to a document; `actions` empty means: nothing to write. */
export interface Plan<Action> {
  readonly actions: readonly Action[];
  /**
   * What is done also where differences are reported only: our own grants have come to open what nobody consented to. Part of `actions`
   * by what it does.
   */
  readonly urgent?: readonly Action[];
  readonly drift: readonly Drift[];
  /** Grants that cannot be served by this document, by grant id; they are left out of `actions`. */
  readonly refused: ReadonlyMap<string, Verdict & { state: 'Failed' | 'Waiting' }>;
}

/**
 * Result of one write. A failed entry of a batch fails only its own grants. `omittedPrincipals`: principals of others that exist no more, and for
 * whom AWS refused the whole; it was written without them, which takes nothing from anybody.
 */
export type ActionOutcome =
  | { readonly done: true; readonly omittedPrincipals?: readonly string[] }
  | {
      readonly done: false;
      readonly grants: readonly string[];
      readonly verdict: Verdict & { state: 'Failed' | 'Waiting' };
      /** More than those grants fail: what must go is still there (`extra`), or what is there for no grant is not (`missing`). */
      readonly problem?: 'extra' | 'missing';
      readonly omittedPrincipals?: readonly string[];
    };

/** Of a document of the producer's account, a Dataset. */
export type DocumentOwner = Dataset | Environment | Team | ConsumptionRole;

/** What a document's work may use. `aws` is the session of the account where the document lives. */
export interface DocumentContext {
  readonly aws: AccountAws;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called between the pieces of long work, with their size in grants: resolves when others had their turn, if it was long. */
  readonly pause?: (size: number) => Promise<void>;
  /** Names of the parts that the document had when its last run ended; undefined where that is not known for sure. */
  readonly parts?: readonly string[] | undefined;
}

/**
 * One kind of document. `Claims` is everything the specs want of it (computed from grants and baseline), `Observed` is
 * one read of AWS. Planning and judging are pure and total; equal input gives zero actions.
 */
export interface DocumentType<Key extends DocumentKey, Claims, Observed, Action> {
  readonly kind: Key['kind'];
  /**
   * Everything the specs want of it; undefined when no custom resource speaks for it any more: then it is not ours to touch.
   * @param now milliseconds since the epoch
   */
  collect(specs: Specs, key: Key, now: number): Claims | undefined;
  /**
   * The same with what other documents found out about its grants. In pieces: yields the size of each, in grants. Absent where that is
   * nothing to it.
   * @param outputs by grant id
   */
  complete?(
    this: void,
    claims: Claims,
    outputs: (grant: string) => GrantOutputs | undefined,
  ): Generator<number, Claims>;
  /** The requests that it may serve, whatever they give at the moment. */
  shares(specs: Specs, key: Key): readonly ShareRequest[];
  /** The objects that it is a part of, whether or not anything is shared: who owns them is told of what in it is no grant's. */
  owners(specs: Specs, key: Key): readonly DocumentOwner[];
  observe(context: DocumentContext, key: Key, claims: Claims): Promise<Observed>;
  /**
   * Reads again what `written` may have changed, and keeps the rest of what was observed a moment before. Absent where the document is
   * read as a whole.
   */
  readBack?(
    context: DocumentContext,
    key: Key,
    claims: Claims,
    observed: Observed,
    written: readonly Action[],
  ): Promise<Observed>;
  /**
   * What planning and judging rest on, made before them in pieces and remembered for these claims and what was observed. Yields the size
   * of each piece, in grants. Absent where AWS lets a document serve few grants only.
   */
  prepare?(this: void, key: Key, claims: Claims, observed: Observed): Iterable<number>;
  /**
   * A suspended grant keeps what is there of what it asks for, and gets nothing: no more than both sides consent to stays, and what
   * it lacks is no reason to write.
   */
  plan(key: Key, claims: Claims, observed: Observed): Plan<Action>;
  /** Whether an action takes something away. Absent where a document is written as a whole. */
  isRevocation?(this: void, action: Action): boolean;
  /**
   * What of an action gives something to these grants, or takes something from anybody; undefined = nothing, the same action = all of
   * it. Absent where a document is written as a whole.
   */
  subsetFor?(this: void, action: Action, grants: ReadonlySet<string>): Action | undefined;
  /**
   * What must be taken back of these grants so that AWS gives it anew, and sends what did not arrive once more. Undefined: nothing.
   * Absent where nothing is sent.
   */
  renew?(key: Key, claims: Claims, observed: Observed, grants: ReadonlySet<string>): Action | undefined;
  /** Writes one action; throws AwsFault for what fails as a whole (throttled, denied), returns per-grant failures. */
  execute(context: DocumentContext, key: Key, claims: Claims, action: Action): Promise<ActionOutcome>;
  /** Verdict for every grant in the claims, by grant id. A grant without entry counts as waiting. */
  judge(key: Key, claims: Claims, observed: Observed): ReadonlyMap<string, Verdict>;
  /** True when nothing of ours is left that the claims do not ask for: revocation is proved by a read. */
  isClean(key: Key, claims: Claims, observed: Observed): boolean;
  /** Names of the parts of a document that only its names make one, for the next run to know which to look for. */
  parts?(observed: Observed): readonly string[];
  /** Which policies a principal has, and which it lacks. Absent where the document is no principal's. */
  attachments?(key: Key, claims: Claims, observed: Observed): PolicyAttachments;
  /** What consumers of the data need to know and only AWS decided: names and aliases, by grant id. */
  outputs?(key: Key, claims: Claims, observed: Observed): ReadonlyMap<string, GrantOutputs>;
  /** What others make of reading by the dataset's own role, below a prefix of its bucket. Undefined: nothing, wherever. */
  ownReading?(key: Key, claims: Claims, observed: Observed): OwnReading | undefined;
  /** Documents seen in passing that nobody asked for (an access point of a share that is gone). */
  discover?(key: Key, claims: Claims, observed: Observed): readonly DocumentKey[];
}

/** Of a principal: the share policies that are there for it. */
export interface PolicyAttachments {
  readonly policies: readonly { readonly arn: string; readonly attached: boolean }[];
  /** Why not all that is shared with it has room in them. */
  readonly noRoom?: string;
  /** What its policies have to allow, where it keeps them itself. */
  readonly resources?: readonly string[];
}

/** Where the consumer finds what was granted. */
export interface GrantOutputs {
  readonly database?: string;
  readonly link?: string;
  readonly accessPointArn?: string;
  readonly accessPointAlias?: string;
}
