// Auto-approval: what it consents to, and that its decisions end with their request while those of people never do.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { consumptionRole, dataset, environment, shareApproval, shareRequest } from '../../access/testing/fixtures.ts';
import { readConfig } from '../../config.ts';
import { featuresWith } from '../../features/testing/features-with.ts';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import { getIfPresent } from '../../kernel/client/kube-api.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { labels } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { apiVersion } from '../../resources/kind.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { defineAutoApprovalController } from './auto-approval.ts';
import { specStore } from '../reconcile/specs.ts';

const log = pino({ level: 'silent' });
const running: { readonly stop: AbortController; readonly clock: FakeClock }[] = [];
afterEach(async () => {
  for (const { stop, clock } of running.splice(0)) {
    stop.abort();
    await clock.advance(60_000);
  }
});

const REQUEST = { namespace: 'marketing-prod', name: 'orders-for-analysts' };
const APPROVAL = { namespace: 'sales-prod', name: 'marketing-prod.orders-for-analysts' };

/** A dataset that approves by itself, and who may ask for it. */
const world = async (sharing: Dataset['spec']['sharing'] = { autoApproval: true }) => {
  const clock = new FakeClock(Date.parse('2026-06-01T12:00:00Z'));
  const api = new MemoryKubeApi({
    clock,
    hasStatus: () => false,
    // As the CRDs do.
    defaults: (_kind, object) => {
      object['status'] ??= { observedGeneration: -1 };
    },
  });
  const create = async <T extends KubeObject>(kind: Kind<T>, object: object): Promise<Stored<T>> => {
    const { metadata, ...rest } = object as T;
    const { namespace, name, labels: given } = metadata;
    const meta = { name, ...(namespace && { namespace }), ...(given && { labels: given }) };
    return await api.create(kind, { ...rest, apiVersion, kind: kind.kind, metadata: meta } as T);
  };
  for (const name of ['sales-prod', 'marketing-prod'] as const) await create(environmentKind, environment(name));
  await create(datasetKind, dataset({ spec: { sharing, confidentiality: 'Official' } }));
  await create(consumptionRoleKind, consumptionRole());
  let process: AbortController | undefined;
  return {
    api,
    clock,
    ask: async (changes: Parameters<typeof shareRequest>[0] = {}) => {
      const request = await create(shareRequestKind, shareRequest(changes));
      await clock.advance(5_000);
      return request;
    },
    start: async (more: Record<string, unknown> = {}) => {
      const manager = new Manager({ api, clock, log, registry: new Registry(), name: 'test', identity: 'one' });
      const specs = specStore(manager, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] });
      const levels = { auto_approval_for_confidentiality_level: { Secret: false } };
      const features = featuresWith({ modules: { datasets_base: { features: levels }, ...more } });
      const config = readConfig({ aws: { hub: { accountId: '000000000000', region: 'eu-west-1' } } }, features);
      manager.add(defineAutoApprovalController({ specs, stores: manager.stores, config, api }));
      process = new AbortController();
      running.push({ stop: process, clock });
      void manager.run(process.signal);
      await clock.advance(5_000);
    },
    stop: async () => {
      process?.abort();
      await clock.advance(60_000);
    },
    remove: async () => {
      await api.delete(shareRequestKind, REQUEST);
      await clock.advance(5_000);
    },
    edit: async (spec: Partial<ShareApproval['spec']>) => {
      await api.patch(shareApprovalKind, APPROVAL, { type: 'merge', body: { spec } });
      await clock.advance(5_000);
    },
    /** As the controller of approvals does. */
    bind: async () => {
      const { metadata, spec } = await api.get(shareApprovalKind, APPROVAL);
      const { uid } = (await api.get(shareRequestKind, REQUEST)).metadata;
      const boundTo = {
        ...shareApproval().status.boundTo,
        requestUid: uid,
        datasetUid: (await api.get(datasetKind, { namespace: 'sales-prod', name: 'orders' })).metadata.uid,
        approvalGeneration: metadata.generation,
        seenGeneration: metadata.generation,
        ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
      };
      await api.patch(shareApprovalKind, APPROVAL, { type: 'merge', body: { status: { boundTo } } });
      await clock.advance(5_000);
    },
    askMore: async (spec: Partial<ShareRequest['spec']>) => {
      await api.patch(shareRequestKind, REQUEST, { type: 'merge', body: { spec } });
      await clock.advance(5_000);
    },
    decision: async () => await getIfPresent(api, shareApprovalKind, APPROVAL),
    create,
  };
};

describe('auto-approval', () => {
  it('consents to what is asked for, as the operator', async () => {
    const { start, ask, decision } = await world();
    await start();
    const { metadata } = await ask();
    expect(await decision()).toMatchObject({
      metadata: { labels: { [labels.autoApproved]: 'true' } },
      spec: {
        decision: 'Approved',
        approver: 'sales',
        requestRef: { ...REQUEST, uid: metadata.uid },
        items: shareRequest().spec.items,
      },
    });
  });

  it.each([
    ['made anew for the next owner, who lets the dataset approve by itself too', true, 'finance'],
    ['taken back where the next owner does not', false, undefined],
  ])('that is not bound when the dataset gets another owner is %s', async (_what, autoApproval, approver) => {
    const { api, clock, start, ask, decision } = await world();
    await start();
    await ask();
    const change = { spec: { owner: 'finance', sharing: { autoApproval } } };
    await api.patch(datasetKind, { namespace: 'sales-prod', name: 'orders' }, { type: 'merge', body: change });
    await clock.advance(5_000);
    expect((await decision())?.spec.approver).toBe(approver);
  });

  it.each([
    ['the dataset does not say so', {}, {}],
    ['more than reading is asked for', { autoApproval: true }, { permissions: ['Read', 'Write'] as const }],
    ['a filter is asked for', { autoApproval: true }, { items: [{ kind: 'Table', name: 'orders', filters: ['eu'] }] }],
    ['it would last too long', { autoApproval: true, expiration: { setting: 'Monthly', min: 1, max: 6 } }, {}],
  ] as const)('waits for a person where %s', async (_, sharing, spec) => {
    const { start, ask, decision } = await world(sharing);
    await start();
    await ask({ spec: spec as Partial<ShareRequest['spec']> });
    expect(await decision()).toBeUndefined();
  });

  const more = [
    { kind: 'Folder' as const, name: 'raw' },
    { kind: 'Table' as const, name: 'returns' },
  ];
  const soon = '2026-09-01T00:00:00Z';
  const later = '2027-01-01T00:00:00Z';

  it('consents to items that are added and answers an extension, as often as they come, and stays automatic', async () => {
    const { start, ask, bind, askMore, remove, decision } = await world();
    await start();
    await ask({ spec: { expiresAt: soon } });
    await bind();
    await askMore({ items: more });
    expect((await decision())?.spec).toMatchObject({ items: more, expiresAt: soon });
    await bind();
    await askMore({ expiresAt: later, extension: { reason: 'more to do' } });
    expect((await decision())?.spec).toMatchObject({
      items: more,
      expiresAt: later,
      extension: { decision: 'Approved' },
    });
    await remove();
    expect(await decision()).toBeUndefined();
  });

  it.each([
    ['a filter is asked for', {}, { items: [...more, { kind: 'Table' as const, name: 'orders', filters: ['eu'] }] }],
    ['more than reading is asked for', {}, { items: more, permissions: ['Read' as const, 'Write' as const] }],
    ['the dataset does not approve by itself any more', { sharing: { autoApproval: false } }, { items: more }],
    ['the dataset became confidential', { confidentiality: 'Secret' }, { items: more }],
    [
      'it would last too long',
      { sharing: { autoApproval: true, expiration: { setting: 'Monthly', min: 1, max: 6 } } },
      { expiresAt: later },
    ],
  ] as const)('leaves what is asked for more to a person where %s', async (_, spec, asked) => {
    const { api, start, ask, bind, askMore, decision } = await world();
    await start();
    await ask({ spec: { expiresAt: soon } });
    await bind();
    await api.patch(datasetKind, { namespace: 'sales-prod', name: 'orders' }, { type: 'merge', body: { spec } });
    const before = (await decision())?.spec;
    await askMore(asked as Partial<ShareRequest['spec']>);
    expect((await decision())?.spec).toEqual(before);
  });

  it.each([
    ['sharing is switched off', { s3_datasets_shares: null, s3_datasets: null, worksheets: null }],
    [
      'its level may not any more',
      { datasets_base: { features: { auto_approval_for_confidentiality_level: { Official: false } } } },
    ],
  ])('leaves what it has given, and gives no more, once %s', async (_, modules) => {
    const { start, stop, ask, bind, askMore, decision } = await world();
    await start();
    await ask();
    await bind();
    const before = await decision();
    expect(before?.spec.decision).toBe('Approved');
    await stop();
    await start(modules);
    await askMore({ items: more });
    expect(await decision()).toEqual(before);
  });

  it('leaves alone what a person has edited, whatever is asked for more', async () => {
    const { start, ask, bind, askMore, edit, decision } = await world();
    await start();
    await ask();
    await bind();
    await edit({ reason: 'I looked at it' });
    await bind();
    const before = (await decision())?.spec;
    await askMore({ items: more });
    expect((await decision())?.spec).toEqual(before);
  });

  it('ends with its request, so that the next one of the same name is approved', async () => {
    const { start, ask, remove, decision } = await world();
    await start();
    await ask();
    await remove();
    expect(await decision()).toBeUndefined();
    const { metadata } = await ask();
    expect((await decision())?.spec.requestRef.uid).toBe(metadata.uid);
  });

  it.each(['gone', 'another of the same name'])(
    'ends with a request that went while nobody looked: %s',
    async (now) => {
      const { start, stop, ask, remove, decision } = await world();
      await start();
      await ask();
      await stop();
      await remove();
      const next = now === 'gone' ? undefined : await ask();
      expect(await decision()).toBeDefined();
      await start();
      expect((await decision())?.spec.requestRef.uid).toBe(next?.metadata.uid);
    },
  );

  it.each([
    ['a rejection of it', { decision: 'Rejected' }],
    ['what somebody edited', { reason: 'I looked at it' }],
  ] as const)('leaves %s alone when the request goes', async (_, spec) => {
    const { start, ask, remove, edit, decision } = await world();
    await start();
    await ask();
    await edit(spec);
    await remove();
    expect((await decision())?.spec).toMatchObject(spec);
  });

  it('leaves the decision of a person alone when the request goes', async () => {
    const { start, ask, remove, decision, create } = await world();
    await create(shareApprovalKind, shareApproval());
    await start();
    await ask();
    await remove();
    expect(await decision()).toBeDefined();
  });

  it('does not take for gone what only its own store does not know yet', async () => {
    const { api, start, ask, decision, create } = await world();
    const { metadata } = await ask();
    const list = api.list.bind(api);
    const watch = api.watch.bind(api);
    const blind = (kind: Kind) => kind.kind === shareRequestKind.kind;
    api.list = async (kind, options) => {
      const answer = await list(kind, options);
      return { ...answer, items: blind(kind) ? [] : answer.items };
    };
    api.watch = async function* (kind, options) {
      for await (const event of watch(kind, options)) if (event.type === 'BOOKMARK' || !blind(kind)) yield event;
    };
    await create(shareApprovalKind, {
      ...shareApproval({ spec: { requestRef: { ...REQUEST, uid: metadata.uid } } }),
      metadata: { ...APPROVAL, labels: { [labels.autoApproved]: 'true' } },
    });
    await start();
    expect(await decision()).toBeDefined();
  });
});
