// ShareRequest: decides what a share gives, wakes the AWS documents that make it true, and tells how they stand.
import { isDeepStrictEqual } from 'node:util';
import { decide, principalFor, problemsOf } from '../../access/share-decision.ts';
import { grantsOf, isUnsettled, type ShareDecision } from '../../access/consent.ts';
import { NO_PROBLEMS } from '../../access/item-check.ts';
import { partiesOf } from '../../access/parties.ts';
import type { Verdict } from '../../access/document.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import {
  documentsForAnyItem,
  documentsForGrant,
  documentsOfShare,
  isHolder,
  type ShareParties,
} from '../../access/documents-of-share.ts';
import { grantId, withoutSuspended, type Grant } from '../../access/grant.ts';
import type { Specs } from '../../access/specs.ts';
import { mergeConditions, timestamp } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  type ControllerDefinition,
  type EnqueueOptions,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { isAbandoned, mistakenAbandon, recordOrphansEvent } from '../reconcile/abandon.ts';
import { documentController, shareController } from '../aws-document/controller-names.ts';
import type { DocumentOutcomes } from '../reconcile/document-status-cache.ts';
import { gatherMs } from '../reconcile/gather.ts';
import { ProgressPace } from './status-debounce.ts';
import { tellStory } from './events.ts';
import { shareSources } from './watches.ts';
import { perTeam } from '../reconcile/concurrency.ts';
import { itemKey, summarizeShare, type GrantStanding, type ShareSummary } from './status.ts';

export interface ShareRequestOptions {
  readonly specs: Specs;
  readonly stores: Stores;
  readonly outcomes: DocumentOutcomes;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
}

/** A grant as the documents were told of it, with the tick at which it came or changed: older runs say nothing about it. */
interface ToldGrant {
  readonly grant: Grant;
  readonly tick: number;
}

/** What this process last told the documents about a share. */
interface Dispatch {
  readonly uid: string;
  /** By id. */
  readonly grants: ReadonlyMap<string, ToldGrant>;
  /** Documents whose clean run since `tick` proves that nothing is left of what was withdrawn. */
  readonly withdrawal: { readonly documents: readonly DocumentKey[]; readonly tick: number } | undefined;
  /** The request was deleted. */
  readonly isEnding: boolean;
  readonly requestedAt: string | undefined;
  /** Tick of this process's first look, if the status already spoke of the same specs: what it says was given, was. */
  readonly remembered: number | undefined;
}

/** `verifiedAt` alone is worth a write once an hour. */
const VERIFIED_EVERY_MS = 3_600_000;
/** Grants that come together are written together: a document waits this long for more. Revocations do not wait. */
const GATHER_MS = 25;
/** Differences named in a condition. */
const SHOWN_DRIFT = 5;

export const defineShareController = (options: ShareRequestOptions): ControllerDefinition => {
  const { specs, outcomes } = options;
  const dispatches = new Map<string, Dispatch>();
  const pace = new ProgressPace();

  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const request = options.stores.get(shareRequestKind).get(namespace, name);
    if (request === undefined) return forget(key);
    const { uid } = request.metadata;
    if (dispatches.get(key)?.uid !== uid) forget(key);
    outcomes.hurry(key, context.priority);
    for (const item of request.status.items ?? [])
      outcomes.rememberOutputs(`${key}/${item.kind}/${item.name}`, outputsOfItem(item));
    const now = context.now();
    const decision = decide(specs, request, now);
    const parties = partiesOfRequest(request);
    const dispatch = wakeDocuments(request, decision, context);
    const open = unproved(dispatch);
    // What is proved stays so, whatever is forgotten of the document; the runs of the others are waited for.
    const withdrawal = dispatch.withdrawal && { ...dispatch.withdrawal, documents: open };
    dispatches.set(key, { ...dispatch, withdrawal });
    for (const document of open) outcomes.awaitRun(document, key);
    const withdrawn = open.length === 0;
    if (request.metadata.deletionTimestamp !== undefined) {
      if (isAbandoned(request) || withdrawn) {
        // Somebody else's finalizer may keep it: what is known of it stays until it is gone, or each look would be a first one.
        if (request.metadata.finalizers?.includes(FINALIZER) !== true) return done;
        recordOrphansEvent(request, open.map(formatDocumentKey), context);
        pace.forget(uid);
        await context.write.removeFinalizer(shareRequestKind, request, FINALIZER);
        return done;
      }
    }
    const openNames = new Set(open.map(formatDocumentKey));
    const summary = summarizeShare({
      request,
      decision,
      standing: (grant) => standingOf(grant, dispatch, openNames),
      problems: isWaitingForDecision(decision) ? problemsOf(specs, request) : NO_PROBLEMS,
      withdrawn,
      obstacle: obstacleOf(request, open),
      drift: driftOf(dispatch),
    });
    const untilEnd =
      decision.expiresAt !== undefined && decision.expiresAt > now ? decision.expiresAt - now : undefined;
    const untilWorthTelling = pace.wait(request, summary.conditions, now, context.priority < Priority.fresh);
    if (untilWorthTelling > 0)
      return requeueAfter(Math.min(untilWorthTelling, untilEnd ?? Number.POSITIVE_INFINITY), context.priority);
    await writeStatus(request, decision, parties, dispatch, summary, context);
    if (!summary.conditions.some(({ type, status }) => type === 'Reconciling' && status === 'True')) outcomes.calm(key);
    return untilEnd === undefined ? done : requeueAfter(Math.min(untilEnd, 24 * 3_600_000), Priority.revocation);
  };

  /** What keeps the end of a share from being proved. */
  const obstacleOf = (request: ShareRequest, open: readonly DocumentKey[]): string | undefined => {
    const refused = outcomes.failureAmong(open)?.message;
    const mistake = request.metadata.deletionTimestamp === undefined ? undefined : mistakenAbandon(request);
    return [mistake, refused].filter((part) => part !== undefined).join('. ') || undefined;
  };

  /** Gone without its finalizer, by force: what it was given goes all the same. */
  const forget = (key: string): Result => {
    const { uid, grants: told } = dispatches.get(key) ?? {};
    const grants = [...(told?.values() ?? [])];
    dispatches.delete(key);
    if (uid !== undefined) pace.forget(uid);
    outcomes.forgetShare(key);
    wake(unique(grants.flatMap(({ grant }) => documentsForGrant(grant))), { priority: Priority.revocation });
    return done;
  };

  const partiesOfRequest = (request: ShareRequest): ShareParties | undefined => {
    const { namespace, name } = request.spec.datasetRef;
    return partiesOf({
      request,
      dataset: specs.dataset(namespace, name),
      consumer: specs.environment(request.metadata.namespace),
      principal: principalFor(specs, request),
    });
  };

  /** Enqueues the documents whose claims changed: those of new grants, and all that grants taken away may be in. */
  const wakeDocuments = (request: ShareRequest, decision: ShareDecision, context: ReconcileContext): Dispatch => {
    const before = dispatches.get(`${request.metadata.namespace}/${request.metadata.name}`);
    const requestedAt = request.metadata.annotations?.[annotations.requestedAt];
    const tick = outcomes.tick();
    const grants = new Map(
      grantsOf(decision).map((grant) => {
        const told = before?.grants.get(grantId(grant));
        return [grantId(grant), retold(told, grant) ?? { grant, tick }] as const;
      }),
    );
    const fresh = [...grants.values()].filter((told) => told.tick === tick);
    // What a pause held back is made up for when it ends; nothing was taken by it, and nothing is when it begins.
    const goingOn = [...grants].filter(
      ([id, told]) => !told.grant.suspended && before?.grants.get(id)?.grant.suspended,
    );
    const taken = [...(before?.grants ?? [])]
      .filter(([id, told]) => grants.get(id)?.tick !== told.tick)
      .map(([, { grant }]) => grant);
    const asked = before !== undefined && before.requestedAt !== requestedAt;
    // After a restart nothing is remembered: whatever the status says was given may have to be taken. Documents themselves wait a
    // moment for decisions that are not settled, unless told that access ends.
    const forgotten = before === undefined && mayHaveAccess(request, specs.approvalFor(request));
    const isEnding = request.metadata.deletionTimestamp !== undefined;
    const share = `${request.metadata.namespace}/${request.metadata.name}`;
    // Later, only those are read that it was given something in, or may have been by a run that is under way.
    const isLess = taken.length > 0 || (isEnding && before?.isEnding === false);
    const all = forgotten || isLess ? documentsOfShare(specs, request) : [];
    const touched = forgotten ? all : all.filter((document) => outcomes.mayHold(document, share));
    const found = unique([...taken.flatMap(documentsForGrant), ...touched]).filter(isHolder);
    if (before !== undefined && fresh.length + goingOn.length + found.length === 0 && !asked)
      return { ...before, grants, isEnding };
    // What was taken before and is not proved yet goes on being waited for.
    const withdrawing = found.length === 0 ? [] : unique([...found, ...unproved(before)]);
    const wasMore = forgotten && !isUnsettled(decision) && grants.size < (request.status.granted ?? 0);
    const isTaking = isLess || wasMore || isEnding;
    wake(withdrawing, { priority: isTaking ? Priority.revocation : context.priority });
    const wanted = asked ? [...grants.values()] : [...fresh, ...goingOn.map(([, told]) => told)];
    if (asked)
      for (const { grant } of wanted) for (const document of documentsForGrant(grant)) outcomes.askRepair(document);
    const giving = wanted.map(({ grant }) => documentsForGrant(grant));
    wake(unique(giving.flat()).filter(isHolder), {
      priority: context.priority,
      after: gatherMs(context.priority, GATHER_MS),
    });
    // Lake Formation invites once it has granted.
    for (const documents of giving) {
      const [catalog] = documents;
      for (const invitation of documents.filter((document) => !isHolder(document)))
        if (catalog !== undefined) outcomes.follow(catalog, invitation);
    }
    return {
      uid: request.metadata.uid,
      grants,
      withdrawal: withdrawing.length > 0 ? { documents: withdrawing, tick } : before?.withdrawal,
      isEnding,
      requestedAt,
      remembered:
        before === undefined && isUpToDate(request, decision, specs.approvalFor(request)) ? tick : before?.remembered,
    };
  };

  /** Nobody has edited request or approval since the status was written, and it tells of the same access for the same principal. */
  const isUpToDate = ({ metadata, status }: ShareRequest, decision: ShareDecision, approval?: ShareApproval): boolean =>
    status.observedGeneration === metadata.generation &&
    status.approval?.generation === approval?.metadata.generation &&
    isDeepStrictEqual(status.permissions ?? [], decision.permissions) &&
    grantsOf(decision).every(
      ({ principal }) => status.principalArn === principal.arn && status.principalId === principal.uniqueId,
    );

  /** What was found and left as it is, because the environment says so. */
  const driftOf = ({ grants }: Dispatch): readonly string[] => {
    const documents = unique([...grants.values()].flatMap(({ grant }) => documentsForGrant(grant)));
    return documents.flatMap((document) => outcomes.reportedDrift(document)).slice(0, SHOWN_DRIFT);
  };

  const wake = (documents: readonly DocumentKey[], how: EnqueueOptions): void => {
    for (const document of documents) options.enqueue(documentController, formatDocumentKey(document), how);
  };

  const unproved = (dispatch: Dispatch | undefined): readonly DocumentKey[] => {
    const { documents = [], tick = 0 } = dispatch?.withdrawal ?? {};
    return documents.filter((document) => !outcomes.isCleanSince(document, tick));
  };

  const standingOf = (grant: Grant, dispatch: Dispatch, open: ReadonlySet<string>): GrantStanding => {
    const id = grantId(grant);
    const documents = documentsForGrant(grant);
    const since = dispatch.grants.get(id)?.tick ?? 0;
    const verdicts = documents.map((document) => outcomes.verdict(document, id, since));
    // What AWS refuses of others in a document is the trouble of those who wait for it.
    const concerned = documents.filter(
      (document) => outcomes.get(document)?.isUnread === true || open.has(formatDocumentKey(document)),
    );
    const isRemembered = dispatch.remembered !== undefined && dispatch.remembered === since;
    return {
      verdict: worst([...verdicts, ...ownReadings(grant, verdicts)]),
      outputs: outcomes.outputs(id),
      failure: outcomes.failureAmong(concerned),
      isRemembered,
    };
  };

  /**
   * Lake Formation reads tables as the dataset's own role, which others may keep out of bucket or key, unless they have registered the place
   * with another. All three are read for the dataset's sake.
   */
  const ownReadings = (grant: Grant, verdicts: readonly (Verdict | undefined)[]): readonly Verdict[] => {
    if (grant.item.kind !== 'Table') return [];
    const found = verdicts.find((verdict) => verdict?.state === 'Satisfied' && verdict.readsBelow !== undefined);
    const prefix = found?.state === 'Satisfied' ? (found.readsBelow ?? '') : '';
    const { account, region, bucket, dataset } = grant.source;
    const policies = documentsForAnyItem(grant).filter(({ kind }) => kind === 'bucket-policy' || kind === 'key-policy');
    return [...policies, { kind: 'registration' as const, account, region, bucket }]
      .flatMap((document) => outcomes.flawOfOwn(document, dataset.id, prefix) ?? [])
      .map((flaw) => ({ state: 'Satisfied', flaw }));
  };

  const writeStatus = async (
    request: Stored<ShareRequest>,
    decision: ShareDecision,
    parties: ShareParties | undefined,
    dispatch: Dispatch,
    summary: ShareSummary,
    context: ReconcileContext,
  ): Promise<void> => {
    const { status, metadata } = request;
    const approval = specs.approvalFor(request);
    const told = {
      observedGeneration: metadata.generation,
      phase: summary.phase,
      requested: summary.requested,
      granted: summary.granted,
      items: summary.items,
      conditions: mergeConditions(status.conditions, summary.conditions, metadata.generation, context.now()),
      permissions: decision.permissions.length > 0 ? decision.permissions : undefined,
      principalArn: parties?.principal.arn,
      principalId: parties?.principal.uniqueId,
      consumerAccount: parties?.consumer.account,
      approval: approval && { name: approval.metadata.name, generation: approval.metadata.generation },
      expiresAt: decision.expiresAt === undefined ? undefined : timestamp(decision.expiresAt),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    };
    const verifiedAt = verificationTime(dispatch, summary, status.verifiedAt);
    const isNews =
      verifiedAt === undefined ||
      status.verifiedAt === undefined ||
      Date.parse(verifiedAt) - Date.parse(status.verifiedAt) >= VERIFIED_EVERY_MS ||
      !isShown(status, told);
    await context.write.status(shareRequestKind, request, {
      ...told,
      verifiedAt: isNews ? verifiedAt : status.verifiedAt,
    });
    tellStory(request, summary, context);
  };

  /**
   * The oldest read among the documents of what is granted: everything is at least that fresh. What was read for others before is no
   * proof; where something could not be read since, the time of the last proof stays.
   */
  const verificationTime = (
    { grants }: Dispatch,
    { items }: ShareSummary,
    before: string | undefined,
  ): string | undefined => {
    const given = items.filter(({ state }) => state === 'Granted');
    if (given.length === 0) return undefined;
    if (given.some(({ health }) => health !== 'Healthy')) return before;
    const keys = new Set(given.map(itemKey));
    const times = [...grants]
      .filter(([, { grant }]) => keys.has(itemKey(grant.item)))
      .flatMap(([id, { grant, tick }]) =>
        documentsForGrant(grant).map((document) =>
          outcomes.verdict(document, id, tick) === undefined ? undefined : outcomes.verifiedAt(document),
        ),
      );
    return times.includes(undefined) ? before : timestamp(Math.min(...times.flatMap((time) => time ?? [])));
  };

  return { name: shareController, sources: shareSources(options), ...perTeam, reconcile };
};

/** For all of it, or for some of its items. */
const isWaitingForDecision = ({ state, items }: ShareDecision): boolean =>
  state === 'Draft' || state === 'PendingApproval' || items.some(({ decision }) => decision === 'PendingApproval');

/** Whether the status says all of it already. */
const isShown = (status: ShareRequest['status'], told: object): boolean =>
  isDeepStrictEqual(asStored({ ...status, ...told }), asStored(status));

/** As it would come back from the API server: without undefined fields. */
const asStored = (status: object): unknown => JSON.parse(JSON.stringify(status));

/** What was told already, if the grant is the same but for a pause; undefined where it is another. */
const retold = (told: ToldGrant | undefined, grant: Grant): ToldGrant | undefined => {
  if (told?.grant === grant) return told;
  if (told === undefined || !isDeepStrictEqual(withoutSuspended(told.grant), withoutSuspended(grant))) return undefined;
  return told.grant.suspended === grant.suspended ? told : { grant, tick: told.tick };
};

/**
 * Whether an earlier process may have given something. What a status tells is older than what was written to AWS after it, so every
 * request that was ever seen or consented to may have access: one look at its documents settles it.
 */
const mayHaveAccess = ({ metadata, status }: ShareRequest, approval: ShareApproval | undefined): boolean =>
  metadata.deletionTimestamp !== undefined ||
  status.observedGeneration !== -1 ||
  approval?.status.boundTo?.requestUid !== undefined;

const outputsOfItem = (item: NonNullable<ShareRequest['status']['items']>[number]) => ({
  ...(item.database === undefined ? {} : { database: item.database }),
  ...(item.link === undefined ? {} : { link: item.link }),
  ...(item.accessPointArn === undefined ? {} : { accessPointArn: item.accessPointArn }),
  ...(item.accessPointAlias === undefined ? {} : { accessPointAlias: item.accessPointAlias }),
});

const unique = (documents: readonly DocumentKey[]): readonly DocumentKey[] => [
  ...new Map(documents.map((document) => [formatDocumentKey(document), document])).values(),
];

/**
 * Failed before waiting before satisfied, and of that what is flawed first. A document that was never read leaves the whole open, unless another says that its part is
 * not there: then the whole is not, whatever the status remembers.
 */
const worst = (verdicts: readonly (Verdict | undefined)[]): Verdict | undefined => {
  const failed = verdicts.find((verdict) => verdict?.state === 'Failed');
  if (failed !== undefined) return failed;
  const waiting = verdicts.find((verdict) => verdict?.state === 'Waiting');
  if (waiting !== undefined) return waiting;
  if (verdicts.includes(undefined)) return undefined;
  const flawed = verdicts.filter((verdict) => verdict?.state === 'Satisfied' && verdict.flaw !== undefined);
  const isUnhealthy = (verdict: Verdict | undefined): boolean =>
    verdict?.state === 'Satisfied' && verdict.flaw?.health === 'Unhealthy';
  return flawed.find(isUnhealthy) ?? flawed[0] ?? verdicts[0];
};
