// A document that very many grants depend on: its run gives way to everything else again and again.
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { formatDocumentKey, parseDocumentKey } from '../../access/document-key.ts';
import {
  consumptionRole,
  dataset,
  environment,
  NOW,
  organization,
  PRODUCER,
  REGION,
  shareApproval,
  shareRequest,
} from '../../access/testing/fixtures.ts';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { GlueTable } from '../../aws/services/glue.ts';
import type { LakeGrant } from '../../aws/services/lakeformation.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { TurnCounter } from '../../kernel/testing/turn-counter.ts';
import { nextTurn } from '../../kernel/turns.ts';
import { defineDocumentController } from './aws-document.ts';
import { DocumentSubscriptions } from '../reconcile/document-subscriptions.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { ShareUrgency } from '../reconcile/share-urgency.ts';

const KEY = formatDocumentKey({ kind: 'catalog-grants', account: PRODUCER, region: REGION, database: 'orders' });
const ITEMS = 500;
const SHARES = 10;

/** A document of thousands of grants, over an AWS that answers at once: what turns there are, the work itself gives. */
const large = (onDecide: () => void = () => undefined) => {
  const items = Array.from({ length: ITEMS }, (_, index) => ({
    kind: 'Table' as const,
    name: `t${index}`,
    get filters() {
      onDecide();
      return undefined;
    },
  }));
  const shares = Array.from({ length: SHARES }, (_, index) => {
    return shareRequest({ metadata: { name: `share-${index}`, uid: `uid-${index}` }, spec: { items } });
  });
  const approvals = new Map(
    shares.map(({ metadata: { namespace, name, uid } }) => {
      const spec = { requestRef: { namespace, name }, items };
      const { status } = shareApproval();
      return [
        name,
        shareApproval({ spec, status: { boundTo: status.boundTo && { ...status.boundTo, requestUid: uid } } }),
      ];
    }),
  );
  // The same objects each time, as stores give them: what follows from them is found out once.
  const [acme, role, orders, noTables] = [organization(['marketing', 'sales']), consumptionRole(), dataset(), []];
  const environments = new Map(
    (['sales-prod', 'marketing-prod'] as const).map((name) => [name as string, environment(name)]),
  );
  const specs = {
    organization: () => acme,
    environment: (name) => environments.get(name),
    teamOfGroup: () => undefined,
    consumptionRole: () => role,
    dataset: () => orders,
    datasetsOfDatabase: () => [orders],
    sharesOfDataset: () => shares,
    environmentsOf: () => [],
    datasetTables: () => noTables,
    datasetTablesOf: () => [],
    approvalFor: ({ metadata }) => approvals.get(metadata.name),
    installation: { allowWrite: false, allowSelfApproval: false, pause: undefined },
  } as Partial<Specs> as Specs;
  const rows: LakeGrant[] = [];
  const aws = {
    glue: {
      tables: async () =>
        Promise.resolve(
          items.map(({ name }) => ({ name, locations: [], columns: [], partitionKeys: [] }) as unknown as GlueTable),
        ),
    },
    lakeFormation: {
      permissions: async ({ resource }: { resource: { kind: string } }) =>
        Promise.resolve(resource.kind === 'Database' ? rows : []),
      filters: async () => Promise.resolve([]),
      grant: async (entries: readonly LakeGrant[]) => {
        rows.push(...entries);
        return Promise.resolve(entries.map((entry) => ({ grant: entry })));
      },
    },
  } as unknown as AccountAws;
  const observed = new ObservedDocuments();
  const controller = defineDocumentController({
    specs,
    stores: {} as Stores,
    observed,
    subscriptions: new DocumentSubscriptions(),
    urgency: new ShareUrgency(),
    accountFor: () => aws,
    enqueue: () => undefined,
    sharesTouching: () => shares,
    onRecord: () => undefined,
    audit: pino({ level: 'silent' }),
    verifyEveryMs: 3_600_000,
    random: () => 0.5,
  });
  const run = async (priority: number, now: number) => {
    const context = { priority, reconcileId: 'test', signal: new AbortController().signal, now: () => now };
    return controller.reconcile(KEY, context as unknown as ReconcileContext);
  };
  return { observed, run };
};

it('a run for thousands of grants takes a turn of the event loop for every 500 of them in each of its steps', async () => {
  const { observed, run } = large();
  const over = new AbortController();
  let turns = 0;
  const counting = (async (): Promise<void> => {
    for (; !over.signal.aborted; turns++) await nextTurn();
  })();
  await run(Priority.normal, NOW);
  over.abort();
  await counting;
  expect(observed.get(parseDocumentKey(KEY))?.grants).toHaveLength(ITEMS * SHARES);
  // The fingerprint, who hurries, what is refused and what is wanted before and after writing, what is recorded of writes, the verdicts, what
  // others find out, whom it wakes.
  const steps = 1 + 1 + 2 * 2 + 1 + 1 + 1 + 1;
  expect(turns).toBeGreaterThanOrEqual((steps * ITEMS * SHARES) / 500);
});

it('a run for thousands of grants decides about some shares in a turn, before anything asks what they give', async () => {
  using turns = new TurnCounter();
  const { run } = large(() => turns.count());
  await run(Priority.normal, NOW);
  const readsOfAnItem = turns.total / (ITEMS * SHARES);
  expect(readsOfAnItem).toBeGreaterThan(1);
  expect(turns.most).toBeLessThanOrEqual(readsOfAnItem * ITEMS * (SHARES / 2));
});

it('a run for thousands of grants is followed by a rest that their number tells, unless access ends', async () => {
  const { run } = large();
  const rests = { type: 'RequeueAfter', ms: (ITEMS * SHARES) / 10 };
  const first = await run(Priority.normal, NOW);
  expect(first).not.toMatchObject(rests);
  expect(await run(Priority.normal, NOW)).toEqual({ ...rests, priority: Priority.normal });
  expect(await run(Priority.revocation, NOW)).not.toMatchObject(rests);
  expect(await run(Priority.normal, NOW + rests.ms)).not.toMatchObject({
    type: 'RequeueAfter',
    priority: Priority.normal,
  });
});
