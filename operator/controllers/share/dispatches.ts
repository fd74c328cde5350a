// What the documents of a share were told of it by this process, and which of them it still waits for: each change of a decision wakes
// those whose claims changed, and no others.
import { isDeepStrictEqual } from 'node:util';
import { grantsOf, isUnsettled, type ShareDecision } from '../../access/consent.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { documentsForGrant, documentsOfShare, isHolder } from '../../access/documents-of-share.ts';
import { grantId, withoutSuspended, type Grant } from '../../access/grant.ts';
import type { Specs } from '../../access/specs.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import { Priority, type EnqueueOptions } from '../../kernel/runtime/reconciler.ts';
import { annotations, requestedAtOf } from '../../resources/annotations.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { documentController } from '../aws-document/controller-names.ts';
import type { DocumentSubscriptions } from '../reconcile/document-subscriptions.ts';
import type { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { batchDelayMs } from '../reconcile/batch-delay.ts';

export interface DispatchesOptions {
  readonly specs: Specs;
  readonly observed: ObservedDocuments;
  readonly subscriptions: DocumentSubscriptions;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
}

/** A grant as the documents were told of it, with the revision at which it came or changed: older runs say nothing about it. */
interface EnqueuedGrant {
  readonly grant: Grant;
  readonly revision: number;
}

/** When a reconcile was asked for last, by each side: for what is in its own account. What the other wants of its own is not theirs to say. */
interface RequestedAt {
  readonly consumer: string | undefined;
  readonly producer: string | undefined;
}

/** What this process last told the documents about a share. */
export interface Dispatch {
  readonly uid: string;
  /** By id. */
  readonly grants: ReadonlyMap<string, EnqueuedGrant>;
  /** Documents whose clean run since `revision` proves that nothing is left of what was withdrawn. */
  readonly withdrawal: { readonly documents: readonly DocumentKey[]; readonly revision: number } | undefined;
  /** The request was deleted. */
  readonly isEnding: boolean;
  readonly requestedAt: RequestedAt;
  /** When a look alone was asked for last, by either side. */
  readonly verifyRequestedAt: string;
  /** Revision of this process's first look, if the status already spoke of the same specs: what it says was given, was. */
  readonly remembered: number | undefined;
}

/** One look at a share, beside what its documents were told before. */
interface Look {
  readonly request: ShareRequest;
  readonly decision: ShareDecision;
  readonly priority: number;
  readonly before: Dispatch | undefined;
  readonly revision: number;
  readonly grants: ReadonlyMap<string, EnqueuedGrant>;
  /** Told before, and no more. */
  readonly taken: readonly Grant[];
  readonly isEnding: boolean;
  /** Some of its access ends. */
  readonly isLess: boolean;
  /** After a restart nothing is remembered: whatever the status says was given may have to be taken. */
  readonly isForgotten: boolean;
}

/** Grants that come together are written together: a document waits this long for more. Revocations do not wait. */
const BATCH_MS = 25;

export class Dispatches {
  readonly #options: DispatchesOptions;
  /** By share, `namespace/name`. */
  readonly #dispatches = new Map<string, Dispatch>();

  constructor(options: DispatchesOptions) {
    this.#options = options;
  }

  get(share: string): Dispatch | undefined {
    return this.#dispatches.get(share);
  }

  /** Enqueues the documents whose claims changed: those of new grants, and all that grants taken away may be in. */
  update(request: Stored<ShareRequest>, decision: ShareDecision, priority: number): Dispatch {
    const share = objectKey(request.metadata);
    const told = this.#tell(this.#look(request, decision, priority));
    // What is proved stays so, whatever is forgotten of the document; the runs of the others are waited for.
    const open = this.#unproved(told);
    for (const document of open) this.#options.subscriptions.awaitRun(document, share);
    const dispatch = { ...told, withdrawal: told.withdrawal && { ...told.withdrawal, documents: open } };
    this.#dispatches.set(share, dispatch);
    return dispatch;
  }

  /** Gone without its finalizer, by force: what it was given goes all the same. */
  forget(share: string): void {
    const grants = [...(this.#dispatches.get(share)?.grants.values() ?? [])];
    this.#dispatches.delete(share);
    this.#wake(unique(grants.flatMap(({ grant }) => documentsForGrant(grant))), { priority: Priority.revocation });
  }

  #look(request: ShareRequest, decision: ShareDecision, priority: number): Look {
    const { observed, specs } = this.#options;
    const before = this.#dispatches.get(objectKey(request.metadata));
    const revision = observed.nextRevision();
    const grants = enqueuedGrants(grantsOf(decision), before, revision);
    const taken = [...(before?.grants ?? [])]
      .filter(([id, told]) => grants.get(id)?.revision !== told.revision)
      .map(([, { grant }]) => grant);
    const isEnding = request.metadata.deletionTimestamp !== undefined;
    const isLess = taken.length > 0 || (isEnding && before?.isEnding === false);
    const isForgotten = before === undefined && mayHaveAccess(request, specs.approvalFor(request));
    return { request, decision, priority, before, revision, grants, taken, isEnding, isLess, isForgotten };
  }

  #tell(look: Look): Dispatch {
    const { request, decision, before, revision, grants, isEnding } = look;
    const approval = this.#options.specs.approvalFor(request);
    const requestedAt = {
      consumer: requestedAtOf(request.metadata),
      producer: approval && requestedAtOf(approval.metadata),
    };
    const askers = (['consumer', 'producer'] as const).filter(
      (side) => before !== undefined && before.requestedAt[side] !== requestedAt[side],
    );
    const verifyRequestedAt = [request, approval]
      .map((object) => object?.metadata.annotations?.[annotations.verifyRequestedAt] ?? '')
      .join(' ');
    const isAsked = askers.length > 0 || (before !== undefined && before.verifyRequestedAt !== verifyRequestedAt);
    const given = [...grants.values()].filter((told) => isNews(told, look));
    const holders = this.#possibleHolders(look);
    if (before !== undefined && given.length + holders.length === 0 && !isAsked) return { ...before, grants, isEnding };
    // What was taken before and is not proved yet goes on being waited for.
    const withdrawing = holders.length === 0 ? [] : unique([...holders, ...this.#unproved(before)]);
    this.#wake(withdrawing, { priority: isTaking(look) ? Priority.revocation : look.priority });
    const told = isAsked ? [...grants.values()] : given;
    for (const { grant } of told) this.#ask(grant, askers);
    this.#give(told, look.priority);
    const isUpToDate = before === undefined && speaksOf(request, decision, approval);
    return {
      uid: request.metadata.uid,
      grants,
      withdrawal: withdrawing.length > 0 ? { documents: withdrawing, revision } : before?.withdrawal,
      isEnding,
      requestedAt,
      verifyRequestedAt,
      remembered: isUpToDate ? revision : before?.remembered,
    };
  }

  /**
   * All that grants taken away may be in. Documents themselves wait a moment for decisions that are not settled, unless told that access
   * ends. Later than at the first look only those are read that it was given something in, or may have been by a run that is under way.
   */
  #possibleHolders({ request, taken, isLess, isForgotten }: Look): readonly DocumentKey[] {
    const { specs, observed } = this.#options;
    const all = isForgotten || isLess ? documentsOfShare(specs, request) : [];
    const share = objectKey(request.metadata);
    const touched = isForgotten ? all : all.filter((document) => observed.mayHold(document, share));
    return unique([...taken.flatMap(documentsForGrant), ...touched]).filter(isHolder);
  }

  #ask(grant: Grant, askers: readonly (keyof RequestedAt)[]): void {
    const { subscriptions } = this.#options;
    const accounts = askers.map((side) => (side === 'consumer' ? grant.consumer : grant.source).account);
    for (const document of documentsForGrant(grant)) {
      if (accounts.includes(document.account)) subscriptions.askRepair(document);
      if (askers.includes('consumer')) subscriptions.askRenewal(document, new Set([objectKey(grant.share)]));
    }
  }

  #give(told: readonly EnqueuedGrant[], priority: number): void {
    const { observed, subscriptions } = this.#options;
    const giving = told.map(({ grant }) => documentsForGrant(grant));
    this.#wake(unique(giving.flat()).filter(isHolder), { priority, afterMs: batchDelayMs(priority, BATCH_MS) });
    // Lake Formation invites once it has granted.
    for (const documents of giving) {
      const [catalog] = documents;
      for (const invitation of documents.filter((document) => !isHolder(document)))
        if (catalog !== undefined) subscriptions.follow(catalog, invitation, observed.nextRevision());
    }
  }

  #unproved(dispatch: Dispatch | undefined): readonly DocumentKey[] {
    const { documents = [], revision = 0 } = dispatch?.withdrawal ?? {};
    return documents.filter((document) => !this.#options.observed.isCleanSince(document, revision));
  }

  #wake(documents: readonly DocumentKey[], how: EnqueueOptions): void {
    for (const document of documents) this.#options.enqueue(documentController, formatDocumentKey(document), how);
  }
}

export const unique = (documents: readonly DocumentKey[]): readonly DocumentKey[] => [
  ...new Map(documents.map((document) => [formatDocumentKey(document), document])).values(),
];

/** New, or another than was told. What a pause held back is made up for when it ends; nothing was taken by it, and nothing is when it begins. */
const isNews = ({ grant, revision }: EnqueuedGrant, look: Look): boolean =>
  revision === look.revision || (!grant.suspended && look.before?.grants.get(grantId(grant))?.grant.suspended === true);

const isTaking = ({ request, decision, grants, isEnding, isLess, isForgotten }: Look): boolean => {
  const wasMore = isForgotten && !isUnsettled(decision) && grants.size < (request.status.granted ?? 0);
  return isLess || wasMore || isEnding;
};

const enqueuedGrants = (
  grants: readonly Grant[],
  before: Dispatch | undefined,
  revision: number,
): ReadonlyMap<string, EnqueuedGrant> =>
  new Map(
    grants.map((grant) => {
      const id = grantId(grant);
      return [id, unchangedGrant(before?.grants.get(id), grant) ?? { grant, revision }] as const;
    }),
  );

/** What was told already, if the grant is the same but for a pause; undefined where it is another. */
const unchangedGrant = (told: EnqueuedGrant | undefined, grant: Grant): EnqueuedGrant | undefined => {
  if (told?.grant === grant) return told;
  if (told === undefined || !isDeepStrictEqual(withoutSuspended(told.grant), withoutSuspended(grant))) return undefined;
  return told.grant.suspended === grant.suspended ? told : { grant, revision: told.revision };
};

/**
 * Whether an earlier process may have given something. What a status tells is older than what was written to AWS after it, so every
 * request that was ever seen or consented to may have access: one look at its documents settles it.
 */
const mayHaveAccess = ({ metadata, status }: ShareRequest, approval: ShareApproval | undefined): boolean =>
  metadata.deletionTimestamp !== undefined ||
  status.observedGeneration !== -1 ||
  approval?.status.boundTo?.requestUid !== undefined;

/** Nobody has edited request or approval since the status was written, and it tells of the same access for the same principal. */
const speaksOf = ({ metadata, status }: ShareRequest, decision: ShareDecision, approval?: ShareApproval): boolean =>
  status.observedGeneration === metadata.generation &&
  status.approval?.generation === approval?.metadata.generation &&
  isDeepStrictEqual(status.permissions ?? [], decision.permissions) &&
  grantsOf(decision).every(
    ({ principal }) => status.principalArn === principal.arn && status.principalId === principal.uniqueId,
  );
