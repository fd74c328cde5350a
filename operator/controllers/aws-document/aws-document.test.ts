// When a document's work may begin: a moment after what it rests on is complete, at once where access ends, whoever else asks.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { formatDocumentKey, parseDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import {
  CONSUMER,
  consumptionRole,
  dataset,
  documentOutcome,
  environment,
  NOW,
  PRODUCER,
  REGION,
  shareApproval,
  shareRequest,
} from '../../access/testing/fixtures.ts';
import { QUOTA_LOOK_MS } from '../../access/documents/refusal.ts';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws } from '../../aws/account.ts';
import { AwsFault } from '../../aws/fault.ts';
import { callContext } from '../../aws/call-context.ts';
import type { LakeResource } from '../../aws/services/lakeformation-resource.ts';
import type { LakeGrant } from '../../aws/services/lakeformation.ts';
import { awsWriteRecord } from '../../audit-record.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import { defineDocumentController } from './aws-document.ts';
import { DocumentSubscriptions } from '../reconcile/document-subscriptions.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { ShareUrgency } from '../reconcile/share-urgency.ts';

/** A bucket that belongs to no dataset any more, touched by one share: all there is to do is to see that. */
const KEY = formatDocumentKey({ kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' });

interface ChangeRecord {
  readonly shares: readonly string[];
  readonly ended: readonly string[];
}

const work = (
  approval: ShareApproval | undefined,
  { role = consumptionRole(), aws = {} as AccountAws, key = KEY, owned = [] as readonly Dataset[] } = {},
) => {
  const world = { now: NOW, shares: [shareRequest()] };
  const observed = new ObservedDocuments();
  const subscriptions = new DocumentSubscriptions();
  const urgency = new ShareUrgency();
  const woken: string[] = [];
  const written: ChangeRecord[] = [];
  const specs = {
    organization: () => undefined,
    environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
    teamOfGroup: () => undefined,
    consumptionRole: () => role,
    dataset: () => dataset(),
    datasetsOfBucket: () => owned,
    datasetsOfDatabase: () => [dataset()],
    sharesOfDataset: () => world.shares,
    environmentsOf: () => [],
    datasetTables: () => [],
    datasetTablesOf: () => [],
    approvalFor: () => approval,
    installation: { allowWrite: false, allowSelfApproval: false, pause: undefined },
  } as Partial<Specs> as Specs;
  const controller = defineDocumentController({
    specs,
    stores: {} as Stores,
    observed,
    subscriptions,
    urgency,
    accountFor: () => aws,
    enqueue: (controller, key, how) => woken.push(`${controller} ${key} at ${how?.priority}`),
    sharesTouching: () => world.shares,
    onRecord: () => undefined,
    audit: pino({ base: { stream: 'audit' } }, { write: (line) => written.push(JSON.parse(line) as ChangeRecord) }),
    verifyEveryMs: 3_600_000,
    random: () => 0.5,
  });
  const run = async (priority: number) =>
    await controller.reconcile(key, {
      priority,
      reconcileId: 'test',
      signal: new AbortController().signal,
      now: () => world.now,
    } as unknown as ReconcileContext);
  return { world, run, observed, subscriptions, urgency, woken, written };
};

const unready = consumptionRole({ status: { principalId: undefined } });
const waits = { type: 'RequeueAfter', ms: 500 };
/** Done, and looks again when it is time to verify. */
const begins = { type: 'RequeueAfter', priority: Priority.backlog };

describe('work on a document', () => {
  it('begins where every consent is complete', async () => {
    expect(await work(shareApproval()).run(Priority.normal)).toMatchObject(begins);
  });

  it('waits for a binding that is about to be made, and for a role that is about to be found', async () => {
    expect(await work(shareApproval({ status: { boundTo: undefined } })).run(Priority.backlog)).toMatchObject(waits);
    expect(await work(shareApproval(), { role: unready }).run(Priority.backlog)).toMatchObject(waits);
  });

  it('does not wait for ever', async () => {
    const { world, run } = work(shareApproval(), { role: unready });
    expect(await run(Priority.backlog)).toMatchObject(waits);
    world.now += 31_000;
    expect(await run(Priority.backlog)).toMatchObject(begins);
  });

  it('waits on while bindings go on being made, five minutes at most', async () => {
    const { world, run } = work(shareApproval(), { role: unready });
    const minutes = async (count: number) => {
      const results: unknown[] = [];
      for (let half = 0; half < 2 * count; half++) {
        world.now += 29_000;
        world.shares = world.shares.slice(1);
        results.push(await run(Priority.backlog));
      }
      return results;
    };
    world.shares = Array.from({ length: 30 }, (_, index) => shareRequest({ metadata: { name: `share-${index}` } }));
    await run(Priority.backlog);
    for (const result of await minutes(4)) expect(result).toMatchObject(waits);
    expect((await minutes(2)).at(-1)).toMatchObject(begins);
  });

  it('does not wait for the sake of what is fresh, since adding takes nothing from those who wait', async () => {
    const { run } = work(shareApproval(), { role: unready });
    expect(await run(Priority.normal)).toMatchObject(begins);
    expect(await run(Priority.backlog)).toMatchObject(waits);
  });

  it('is verified once in a period, after a first look that is spread so that those made together stay apart', async () => {
    const { run } = work(shareApproval());
    const waited: unknown[] = [];
    for (const priority of [Priority.normal, Priority.backlog, Priority.backlog, Priority.normal, Priority.backlog])
      waited.push(await run(priority));
    const hours = (times: number) => ({ ...begins, ms: 3_600_000 * times });
    expect(waited).toMatchObject([hours(0.75), hours(1), hours(1), hours(0.75), hours(1)]);
  });

  it('wakes once what has nothing to look for before it', async () => {
    const { run, observed, subscriptions, woken } = work(shareApproval());
    const then: DocumentKey = { kind: 'invitations', account: CONSUMER, region: REGION, sourceAccount: PRODUCER };
    subscriptions.follow(parseDocumentKey(KEY), then, observed.nextRevision());
    await run(Priority.normal);
    await run(Priority.normal);
    expect(woken.filter((text) => text.startsWith('document'))).toEqual([`document ${formatDocumentKey(then)} at 0`]);
  });

  it('tells the neighbours of a share that hurries no more urgently than they are', async () => {
    const { run, urgency, woken } = work(shareApproval());
    urgency.raise('marketing-prod/orders-for-analysts', Priority.normal);
    await run(Priority.revocation);
    expect(woken).toContain('sharerequest marketing-prod/orders-for-analysts at 0');
    urgency.clear('marketing-prod/orders-for-analysts');
    await run(Priority.revocation);
    expect(woken).toContain('sharerequest marketing-prod/orders-for-analysts at -100');
  });

  it('does not wait where access ends', async () => {
    expect(await work(shareApproval(), { role: unready }).run(Priority.revocation)).toMatchObject(begins);
  });

  it('does not wait for those without consent', async () => {
    expect(await work(undefined, { role: unready }).run(Priority.normal)).toMatchObject(begins);
    expect(
      await work(shareApproval({ spec: { decision: 'Rejected' } }), { role: unready }).run(Priority.normal),
    ).toMatchObject(begins);
  });
});

describe('the grants of a database', () => {
  const key = formatDocumentKey({ kind: 'catalog-grants', account: PRODUCER, region: REGION, database: 'orders' });
  const writes: string[] = [];
  /** Takes every grant, and shows none of them yet. */
  const aws = {
    glue: { tables: async () => Promise.resolve([{ name: 'orders', columns: [], partitionKeys: [], locations: [] }]) },
    lakeFormation: {
      permissions: async () => Promise.resolve([]),
      filters: async () => Promise.resolve([]),
      createFilter: async () => Promise.resolve(writes.push('filter')),
      grant: async (entries: readonly object[]) => {
        writes.push('grant');
        return Promise.resolve(entries.map((entry) => ({ grant: entry })));
      },
    },
  } as unknown as AccountAws;
  const SHARE = 'marketing-prod/orders-for-analysts';

  it('are looked at again as urgently as those hurry whose grants are awaited', async () => {
    const { run } = work(shareApproval(), { aws, key });
    expect(await run(Priority.normal)).toEqual({ type: 'RequeueAfter', ms: 2_000, priority: Priority.backlog });
    const another = work(shareApproval(), { aws, key });
    another.urgency.raise(SHARE, Priority.normal);
    const result = await another.run(Priority.backlog);
    expect(result).toMatchObject({ type: 'RequeueAfter', ms: 1_000, priority: Priority.normal });
  });

  it('are written down with the shares that they serve, and those that they no longer serve', async () => {
    const { run, observed, written } = work(shareApproval(), { aws, key });
    const verdicts = new Map([['marketing-prod/gone/Table/orders', { state: 'Satisfied' as const }]]);
    observed.record({
      key: parseDocumentKey(key),
      outcome: documentOutcome({ verdicts }),
      revision: observed.nextRevision(),
    });
    await run(Priority.normal);
    expect(written[0]).toMatchObject({ document: key, shares: [SHARE], ended: ['marketing-prod/gone'] });
    for (const line of written) expect(awsWriteRecord.safeParse(line).error).toBeUndefined();
  });

  it('are made after what has to end, as backlog', async () => {
    const { run } = work(shareApproval(), { aws, key });
    writes.length = 0;
    expect(await run(Priority.revocation)).toEqual({ type: 'RequeueAfter', ms: 0, priority: Priority.backlog });
    expect(writes).toEqual([]);
  });
});

describe('a bucket policy', () => {
  const policyOf = (statements: number): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: Array.from({ length: statements }, (_, index) => ({
        Sid: `Theirs${index}`,
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${PRODUCER}:root` },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::orders-data/${'x'.repeat(855)}/*`,
      })),
    });
  const account = (
    before: string,
    asked: () => void = () => undefined,
    accessPoints: readonly { readonly name: string }[] = [],
  ): AccountAws => {
    let policy = before;
    return {
      s3: {
        bucketPolicy: async () => {
          asked();
          return Promise.resolve(policy);
        },
        putBucketPolicy: async (_bucket: string, written: string) => Promise.resolve((policy = written)),
      },
      s3control: { accessPoints: async () => Promise.resolve(accessPoints) },
    } as unknown as AccountAws;
  };
  const owned = [dataset()];

  it('that has no room for a grant is looked at again within minutes, for nobody tells when room is made', async () => {
    const { run } = work(shareApproval(), {
      aws: account(policyOf(20)),
      owned,
    });
    expect(await run(Priority.normal)).toEqual({ type: 'RequeueAfter', ms: QUOTA_LOOK_MS, priority: Priority.backlog });
  });

  it.each([
    ['AccessDenied', true],
    ['UnknownPrincipal', true],
    ['Invalid', true],
    ['NoTrust', false],
    ['Timeout', false],
    ['Throttled', false],
  ] as const)(
    'that cannot be read for %s is known to be refused or not, for whoever ends with it',
    async (kind, isRefusal) => {
      const refuse = (): never => {
        throw new AwsFault(
          { service: 's3', operation: 'GetBucketPolicy', account: PRODUCER, region: REGION, write: false },
          { kind, code: kind, reason: 'no', retryable: false, outcomeUnknown: false },
        );
      };
      const { run, observed } = work(shareApproval(), { aws: account(policyOf(1), refuse), owned });
      await run(Priority.normal);
      expect(observed.get(parseDocumentKey(KEY))).toMatchObject({ isUnread: true, failure: { isRefusal } });
    },
  );

  it('asks for an access point that it finds, but not for one that is being read already', async () => {
    const name = `${dataset().status.id}-found`;
    const found: DocumentKey = { kind: 'access-point', account: PRODUCER, region: REGION, name };
    for (const isUnderWay of [false, true]) {
      const aws = account(policyOf(1), undefined, [{ name }]);
      const { run, observed, woken } = work(shareApproval(), { aws, owned });
      if (isUnderWay) observed.begin(found);
      await run(Priority.normal);
      expect(woken.some((text) => text.startsWith(`document ${formatDocumentKey(found)} `))).toBe(!isUnderWay);
    }
  });

  it('that AWS does not answer for is told to who waits for it while it is still waited for', async () => {
    const told: unknown[] = [];
    const call = {
      service: 's3',
      operation: 'GetBucketPolicy',
      account: PRODUCER,
      region: REGION,
      write: false,
    } as const;
    const slow = (): void => {
      callContext()?.onSlow?.(call);
      told.push([observed.failureAmong([parseDocumentKey(KEY)])?.message, ...woken]);
    };
    const { run, observed, woken } = work(shareApproval(), { aws: account(policyOf(1), slow), owned });
    await run(Priority.normal);
    expect(told[0]).toEqual([
      expect.stringMatching(/^AWS has not answered s3:GetBucketPolicy in \d+ eu-west-1 for 8 seconds/),
      expect.stringMatching(/^sharerequest marketing-prod\/orders-for-analysts /),
    ]);
    expect(observed.failureAmong([parseDocumentKey(KEY)])).toBeUndefined();
  });
});

describe('a grant to a role that AWS does not know', () => {
  const key = formatDocumentKey({ kind: 'catalog-grants', account: PRODUCER, region: REGION, database: 'orders' });
  const unknown = new AwsFault(
    { service: 'lakeformation', operation: 'BatchGrantPermissions', account: PRODUCER, region: REGION, write: true },
    {
      kind: 'UnknownPrincipal',
      code: 'InvalidInputException',
      reason: 'Invalid principal',
      retryable: false,
      outcomeUnknown: false,
    },
  );
  const permissions: LakeGrant[] = [];
  let isKnown = false;
  const aws = {
    glue: { tables: async () => Promise.resolve([{ name: 'orders', columns: [], partitionKeys: [], locations: [] }]) },
    lakeFormation: {
      permissions: async ({ resource }: { resource: LakeResource }) =>
        Promise.resolve(resource.kind === 'Table' ? permissions : []),
      filters: async () => Promise.resolve([]),
      createFilter: async () => Promise.resolve(),
      grant: async (entries: readonly LakeGrant[]) => {
        if (isKnown) permissions.push(...entries);
        return Promise.resolve(entries.map((grant) => (isKnown ? { grant } : { grant, fault: unknown })));
      },
    },
  } as unknown as AccountAws;

  it('is made again and again with growing pauses, and its role looked at in AWS each time and at the end', async () => {
    const { run, woken } = work(shareApproval(), { aws, key });
    const look = `consumptionrole marketing-prod/analysts at ${Priority.revocation}`;
    for (const ms of [1_000, 2_000, 4_000]) {
      woken.length = 0;
      expect(await run(Priority.normal)).toMatchObject({ type: 'RequeueAfter', ms });
      expect(woken).toContain(look);
    }
    isKnown = true;
    woken.length = 0;
    expect(await run(Priority.normal)).toMatchObject(begins);
    expect(woken).toContain(look);
    woken.length = 0;
    await run(Priority.normal);
    expect(woken).not.toContain(look);
  });

  it.each([
    ['GrantPending', true],
    ['PrincipalNotFound', false],
  ] as const)('wakes another document that waits for %s: %s', async (reason, wakes) => {
    const { run, observed, woken } = work(shareApproval(), { aws, key });
    isKnown = false;
    permissions.length = 0;
    const source = { sourceAccount: PRODUCER, sourceDatabase: 'orders' };
    const other = { kind: 'shared-database', account: CONSUMER, region: REGION, ...source } as const;
    const waiting = { state: 'Waiting', reason, message: '' } as const;
    const outcome = documentOutcome({
      verdicts: new Map([['marketing-prod/orders-for-analysts/Table/orders', waiting]]),
    });
    observed.record({ key: other, outcome, claims: '', revision: observed.nextRevision() });
    await run(Priority.normal);
    expect(woken.some((one) => one.startsWith(`document ${formatDocumentKey(other)}`))).toBe(wakes);
  });
});

describe('a document of nobody', () => {
  const key = parseDocumentKey(KEY);

  it('is forgotten when nobody has asked for it for a while', async () => {
    const { world, run, observed } = work(undefined);
    world.shares = [];
    expect(await run(Priority.normal)).toMatchObject({ type: 'RequeueAfter', ms: 600_000 });
    world.now += 300_000;
    await run(Priority.revocation);
    expect(observed.isCleanSince(key, 0)).toBe(true);
    world.now += 600_000;
    expect(await run(Priority.backlog)).toEqual({ type: 'Done' });
    expect(observed.get(key)).toBeUndefined();
  });

  it('is kept while a request touches it', async () => {
    const { world, run, observed } = work(undefined);
    await run(Priority.normal);
    world.now += 3_600_000;
    await run(Priority.backlog);
    expect(observed.get(key)).toBeDefined();
  });

  it('wakes who waits for it, though nothing shows that it touches it', async () => {
    const { world, run, subscriptions, woken } = work(undefined);
    world.shares = [];
    subscriptions.awaitRun(key, 'marketing-prod/gone');
    await run(Priority.revocation);
    expect(woken).toEqual(['sharerequest marketing-prod/gone at -100']);
  });
});
