// Whom a run of a document wakes: the shares that it serves, the documents that waited for it, and the objects behind principals that AWS
// does not know.
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { documentsForGrant, sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import type { GrantOutputs, Verdict } from '../../access/document.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import { linkNameOf } from '../../access/grant-names.ts';
import type { Specs } from '../../access/specs.ts';
import { objectKey } from '../../kernel/kind.ts';
import { Priority, type EnqueueOptions, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { shareOf } from '../reconcile/observed-document.ts';
import type { DocumentSubscriptions } from '../reconcile/document-subscriptions.ts';
import type { ObservedDocuments } from '../reconcile/observed-documents.ts';
import type { ShareUrgency } from '../reconcile/share-urgency.ts';
import { batchDelayMs } from '../reconcile/batch-delay.ts';
import { readersOfDrift } from '../reconcile/drift-readers.ts';
import { documentController, shareController } from './controller-names.ts';
import type { Finished } from './look-schedule.ts';

/** Names of the controllers that know the unique ids of principals. */
const principalControllers = { ConsumptionRole: 'consumptionrole', Team: 'team' } as const;

export interface DocumentNotificationsOptions {
  readonly specs: Specs;
  readonly observed: ObservedDocuments;
  readonly subscriptions: DocumentSubscriptions;
  readonly urgency: ShareUrgency;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
  /** Requests that touch a document, whether or not anything is granted. */
  readonly sharesTouching: (key: DocumentKey) => readonly ShareRequest[];
  /** Called when a document was read or could not be: whoever waits for the document itself looks again. */
  readonly onRecord: (key: DocumentKey, priority: number) => void;
}

type Pause = (size: number) => Promise<void>;

/** What a run found out about the grants in it, before it was recorded. */
export interface Discoveries {
  /** Grants whose link has another name than the policies of their principals were made for. */
  readonly withRenamedLink: readonly Grant[];
  /** Grants whose principal AWS does not know, or knows since this run. */
  readonly withUnknownPrincipal: readonly Grant[];
}

export class DocumentNotifications {
  readonly #options: DocumentNotificationsOptions;

  constructor(options: DocumentNotificationsOptions) {
    this.#options = options;
  }

  /** Shares look at their documents again, and so does whoever waits for the document itself. */
  notify(key: DocumentKey, priority: number): void {
    const { subscriptions, urgency, sharesTouching, enqueue, onRecord } = this.#options;
    const shares = sharesTouching(key).map(({ metadata }) => objectKey(metadata));
    for (const share of [...shares, ...subscriptions.takeWaiters(key)]) {
      const told = Math.min(priority, urgency.of(share));
      enqueue(shareController, share, { priority: told, afterMs: batchDelayMs(told) });
    }
    onRecord(key, priority);
  }

  /** Asked before the run is recorded: it compares with what was known. */
  async discover(finished: Finished, pause: Pause): Promise<Discoveries> {
    const withRenamedLink: Grant[] = [];
    const withUnknownPrincipal: Grant[] = [];
    for (const grant of finished.grants) {
      if (this.#hasRenamedLink(grant, finished.outcome?.outputs.get(grantId(grant)))) withRenamedLink.push(grant);
      if (this.#hasUnknownPrincipal(finished, grant)) withUnknownPrincipal.push(grant);
      await pause(1);
    }
    return { withRenamedLink, withUnknownPrincipal };
  }

  /** After a run: documents that waited for this one run again; unknown ones are swept. */
  async enqueueDependents(
    finished: Finished,
    { withRenamedLink, withUnknownPrincipal }: Discoveries,
    priority: number,
    pause: Pause,
  ): Promise<void> {
    const { observed, subscriptions, enqueue } = this.#options;
    const gathered = { priority, afterMs: batchDelayMs(priority) };
    for (const then of subscriptions.takeSuccessors(finished.key, finished.revision))
      enqueue(documentController, then, gathered);
    for (const { principal } of withRenamedLink)
      enqueue(documentController, formatDocumentKey(sharePoliciesKeyOf(principal.arn)), gathered);
    for (const { principal } of withUnknownPrincipal)
      enqueue(principalControllers[principal.reference.kind], objectKey(principal.reference), {
        priority: Priority.revocation,
      });
    // What nobody spoke for when it was last looked at was not read either.
    for (const discovered of finished.outcome?.discovered ?? [])
      if (observed.get(discovered)?.verifiedAt === undefined && !observed.isUnderWay(discovered))
        enqueue(documentController, formatDocumentKey(discovered), { priority: Priority.backlog });
    await this.#enqueueWaiting(finished, priority, pause);
  }

  /** Evidence of what somebody changed in AWS, told to each whom it concerns. */
  recordDriftEvents({ key, outcome }: Finished, context: ReconcileContext): void {
    const what = `${formatDocumentKey(key)} was changed in AWS and ${outcome?.writes === 0 ? 'is left as it is' : 'put right'}`;
    for (const [object, messages] of readersOfDrift(this.#options.specs, key, outcome?.drift ?? []))
      context.event(object, { type: 'Warning', reason: 'Drifted', note: `${what}: ${messages.join('; ')}` });
  }

  async #enqueueWaiting({ key, outcome, grants }: Finished, priority: number, pause: Pause): Promise<void> {
    if (outcome === undefined || outcome.writes === 0) return;
    const missing = outcome.drift.filter(({ kind }) => kind === 'missing');
    const givenAnew = new Set(missing.flatMap((drift) => drift.grants));
    for (const grant of grants) {
      this.#enqueueFollowing(key, grant, givenAnew.has(grantId(grant)), priority);
      await pause(1);
    }
  }

  #enqueueFollowing(key: DocumentKey, grant: Grant, isGivenAnew: boolean, most: number): void {
    const { observed, urgency, enqueue } = this.#options;
    const id = grantId(grant);
    const priority = Math.min(most, urgency.of(shareOf(id)));
    // None waits for one that comes after it.
    const documents = documentsForGrant(grant);
    const place = documents.findIndex((other) => formatDocumentKey(other) === formatDocumentKey(key));
    for (const other of documents.slice(place + 1)) {
      const verdict = observed.get(other)?.verdict(id);
      // Lake Formation shares what it took back by another invitation: the one that was accepted is worth nothing any more.
      const mustAcceptAnew = isGivenAnew && key.kind === 'catalog-grants' && other.kind === 'invitations';
      // Who waits for IAM does not wait for this one, and two that wait for IAM would wake each other without a pause.
      const waitsForThis = verdict?.state === 'Waiting' && !isPrincipalUnknown(verdict);
      if (waitsForThis || (verdict !== undefined && mustAcceptAnew))
        enqueue(documentController, formatDocumentKey(other), { priority, afterMs: batchDelayMs(priority) });
    }
  }

  #hasRenamedLink(grant: Grant, found: GrantOutputs | undefined): boolean {
    const expected = linkNameOf(grant, this.#options.observed.outputs.get(grantId(grant)));
    if (expected === undefined || found?.link === undefined) return false;
    return expected.database !== found.database || expected.link !== found.link;
  }

  /**
   * AWS does not know the principal, which may be new or gone, or knows it since this run, when it may be another one: its object finds
   * out sooner than by its own next look. Consent was not to whoever comes after it.
   */
  #hasUnknownPrincipal({ key, outcome }: Finished, grant: Grant): boolean {
    const id = grantId(grant);
    return (
      isPrincipalUnknown(outcome?.verdicts.get(id)) || isPrincipalUnknown(this.#options.observed.get(key)?.verdict(id))
    );
  }
}

const isPrincipalUnknown = (verdict: Verdict | undefined): boolean =>
  verdict !== undefined && verdict.state !== 'Satisfied' && verdict.reason === 'PrincipalNotFound';
