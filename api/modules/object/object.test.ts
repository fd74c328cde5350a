// The custom resource behind something: told to who may see it, as it would stand in Git, and why it is as it is.

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { organizationKind } from '../../../operator/resources/organization.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { ask, create, input, orders, shareScene } from '../share/testing/share-scene.ts';

const postgres = databaseServer();

const QUERY = `query ($kind: ObjectKind!, $uri: String!, $groupUri: String) {
  getKubernetesObject(kind: $kind, uri: $uri, groupUri: $groupUri) {
    kind name namespace manifest explanation { standing cause { subject says todo evidence } command isOutdated } } }`;

interface Told {
  readonly name: string;
  readonly manifest: string;
  readonly explanation: { readonly cause: { readonly says: string } | null };
}

describe('The custom resource of something', () => {
  it('is told to who may see it, as it would stand in Git, and to nobody else', async () => {
    const { mary, sally, zoe, submitted, stored, requestOf } = await shareScene(postgres);
    const uri = await submitted();
    const request = { kind: 'ShareRequest', uri };
    for (const person of [mary, sally]) {
      const { manifest } = await ask<Told>(person, QUERY, request);
      const name = await requestOf();
      const spec = (await stored(shareRequestKind, name))?.spec;
      expect(parse(manifest)).toEqual({
        apiVersion: 'dataall.io/v1alpha1',
        kind: 'ShareRequest',
        metadata: name,
        spec: JSON.parse(JSON.stringify(spec)) as unknown,
      });
    }
    expect(await zoe.refused(QUERY, request)).toMatchObject({ code: 'ResourceNotFound' });
    // Of one that is not there the same is said.
    expect(await sally.refused(QUERY, { kind: 'ShareApproval', uri })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it.each([
    ['Organization', undefined, 'acme', undefined],
    ['Environment', 'markprod', 'marketing-prod', undefined],
    ['Team', 'markprod', 'analysts', 'analysts'],
    ['ConsumptionRole', 'analystr', 'analysts', undefined],
  ])('is found by the id that clients have of it: %s', async (kind, known, name, groupUri) => {
    const { mary, database } = await shareScene(postgres);
    const organization = await database.selectFrom('organization').select('uri').executeTakeFirstOrThrow();
    expect(await ask<Told>(mary, QUERY, { kind, uri: known ?? organization.uri, groupUri })).toMatchObject({
      kind,
      name,
    });
  });

  it('says in plain words why it is as it is', async () => {
    const { mary, submitted, put, stored, requestOf } = await shareScene(postgres);
    const uri = await submitted();
    const name = await requestOf();
    const spec = (await stored(shareRequestKind, name))?.spec ?? {};
    const evidence = 'waits for the decision of sales';
    const condition = { status: 'False', reason: 'PendingApproval', message: evidence, observedGeneration: 1 };
    const since = { lastTransitionTime: '2026-11-30T12:00:00Z' };
    await put(shareRequestKind, name, spec, {
      conditions: ['Ready', 'Approved'].map((type) => ({ ...condition, ...since, type })),
    });
    expect(await ask<Told>(mary, QUERY, { kind: 'ShareRequest', uri })).toMatchObject({
      explanation: {
        standing: 'Waits',
        cause: { subject: 'Approved', says: "It waits for the dataset's owner or a steward to decide.", evidence },
        command: `kubectl describe sharerequest ${name.name} -n marketing-prod`,
      },
    });
  });
});

describe('A dry run', () => {
  it('answers with what it would write, as it would stand in Git, and keeps nothing', async () => {
    const { mary, sally, submitted, stored, api } = await shareScene(postgres);
    const before = (await api.list(shareRequestKind)).items.length;
    const manifest = await mary.manifest(create.replace('$item: String)', '$item: String) @dryRun'), {
      input,
      item: orders,
    });
    expect(parse(manifest ?? '')).toMatchObject({
      kind: 'ShareRequest',
      metadata: { namespace: 'marketing-prod', name: expect.any(String) as unknown },
      spec: { requester: 'marketing', draft: true },
    });
    expect((await api.list(shareRequestKind)).items).toHaveLength(before);

    const share = await submitted();
    const approve = 'mutation ($share: String!) @dryRun { approveShareObject(shareUri: $share) { shareUri } }';
    const approval = parse((await sally.manifest(approve, { share })) ?? '') as { metadata: { name: string } };
    expect(approval).toMatchObject({ kind: 'ShareApproval', spec: { decision: 'Approved', approver: 'sales' } });
    expect(await stored(shareApprovalKind, { namespace: 'sales-prod', name: approval.metadata.name })).toBeUndefined();
    // What is refused writes nothing.
    expect(await mary.refused(approve, { share })).toMatchObject({ code: 'UnauthorizedOperation' });
  });

  it('is what bears the directive: what does not is done, and says no more than before', async () => {
    const { mary } = await shareScene(postgres);
    expect(await mary.manifest(create, { input })).toBeUndefined();
  });
});

describe('What is not ready', () => {
  const UNREADY = `query ($filter: UnreadyObjectFilter) { listUnreadyObjects(filter: $filter) {
    count nodes { kind uri label namespace standing isDrifted cause { subject reason } } } }`;
  interface Unready {
    readonly count: number;
    readonly nodes: readonly { readonly kind: string; readonly label: string }[];
  }
  const conditions = (...of: readonly (readonly [type: string, status: string, reason: string])[]) => ({
    conditions: of.map(([type, status, reason]) => ({
      type,
      status,
      reason,
      message: '',
      observedGeneration: 1,
      lastTransitionTime: '2026-11-30T12:00:00Z',
    })),
  });

  it('is told to who may see it, with what stands in its way; what people have to decide, or have decided, is not', async () => {
    const { mary, sally, zoe, submitted, put, stored, requestOf } = await shareScene(postgres);
    await submitted();
    const share = await requestOf();
    const request = (await stored(shareRequestKind, share))?.spec ?? {};
    const labels = async (person: typeof mary, filter: object): Promise<unknown> =>
      (await ask<Unready>(person, UNREADY, { filter })).nodes.map(({ label }) => label);
    const shares = { kind: ['ShareRequest'] };

    for (const reason of ['PendingApproval', 'Rejected', 'Expired', 'Draft']) {
      await put(shareRequestKind, share, request, conditions(['Ready', 'False', reason]));
      expect(await labels(mary, shares), reason).toEqual([]);
    }
    await put(shareRequestKind, share, request, conditions(['Ready', 'False', 'PrincipalNotFound']));
    for (const person of [mary, sally])
      expect(await ask<Unready>(person, UNREADY, { filter: shares })).toMatchObject({
        count: 1,
        nodes: [
          {
            kind: 'ShareRequest',
            namespace: 'marketing-prod',
            standing: 'Stuck',
            isDrifted: false,
            cause: { reason: 'PrincipalNotFound' },
          },
        ],
      });
    expect(await labels(zoe, {})).toEqual([]);
    expect(await labels(mary, { term: 'nothing of the name' })).toEqual([]);
  });

  it('includes what is ready and drifts', async () => {
    const { mary, submitted, put, stored, requestOf } = await shareScene(postgres);
    await submitted();
    const share = await requestOf();
    const request = (await stored(shareRequestKind, share))?.spec ?? {};
    const drifting = conditions(['Ready', 'True', 'Healthy'], ['Drifted', 'True', 'Drifted']);
    await put(shareRequestKind, share, request, drifting);
    expect(await ask<Unready>(mary, UNREADY, { filter: { kind: ['ShareRequest'] } })).toMatchObject({
      count: 1,
      nodes: [{ standing: 'Good', isDrifted: true }],
    });
  });

  it('is listed by since when it is so, whatever was written last', async () => {
    const { mary, submitted, put, stored, requestOf } = await shareScene(postgres);
    await submitted();
    const [share, acme] = [await requestOf(), { name: 'acme' }];
    const request = (await stored(shareRequestKind, share))?.spec ?? {};
    const organization = (await stored(organizationKind, acme))?.spec ?? {};
    const kinds = async (): Promise<unknown> =>
      (await ask<Unready>(mary, UNREADY, { filter: { kind: ['ShareRequest', 'Organization'] } })).nodes.map(
        ({ kind }) => kind,
      );
    await put(shareRequestKind, share, request, conditions(['Ready', 'False', 'PrincipalNotFound']));
    for (const [since, order] of [
      ['2026-11-30T11:00:00Z', ['Organization', 'ShareRequest']],
      ['2026-11-30T13:00:00Z', ['ShareRequest', 'Organization']],
    ] as const) {
      const [ready] = conditions(['Ready', 'False', 'Conflict']).conditions;
      const status = { id: 'acmeacme', conditions: [{ ...ready, lastTransitionTime: since }] };
      await put(organizationKind, acme, organization, status);
      expect(await kinds(), since).toEqual(order);
    }
  });
});
