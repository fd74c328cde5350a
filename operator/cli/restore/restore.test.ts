// `dataall restore`: a backup comes back with its ids and in order, and nothing in it gives access to somebody else, or again.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { apiVersion } from '../../resources/kind.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { namespaceKind } from '../../kernel/namespace-kind.ts';
import { objectsOf, type WrittenObject } from '../manifests/read-files.ts';
import { runCommand } from '../program.ts';
import { restorePlan } from './plan.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');

const object = (kind: string, name: string, spec: object, more: object = {}): object => ({
  apiVersion,
  kind,
  metadata: { name, ...(kind !== 'Organization' && { namespace: kind === 'ShareRequest' ? 'marketing-prod' : 'sales-prod' }), ...more }, // prettier-ignore
  spec,
});

const approval = (spec: object = {}, more: object = {}): object =>
  object(
    'ShareApproval',
    'marketing-prod.orders',
    {
      datasetRef: { name: 'orders' },
      requestRef: { namespace: 'marketing-prod', name: 'orders', uid: '00000000-0000-0000-0000-000000000001' },
      approver: 'sales',
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts', arn: 'arn:aws:iam::222222222222:role/analysts' },
      decision: 'Approved',
      permissions: ['Read'],
      items: [{ kind: 'Table', name: 'orders' }],
      ...spec,
    },
    more,
  );

const request = object('ShareRequest', 'orders', { datasetRef: { namespace: 'sales-prod', name: 'orders' } });
const dataset = { ...object('Dataset', 'orders', { owner: 'sales' }), status: { id: 'ab12cd34' } };
const organization = object('Organization', 'sales', { label: 'Sales', owner: 'sales' }, { annotations: { 'dataall.io/id': 'org45678' } }); // prettier-ignore

const read = (...objects: readonly object[]): readonly WrittenObject[] =>
  objects.flatMap((one) => objectsOf('backup.yaml', stringify(one)));

describe('what is restored', () => {
  it('is what is gone, by what others name first, with the ids of AWS names and without uids of another cluster', () => {
    const steps = restorePlan(read({ kind: 'List', apiVersion: 'v1', items: [approval(), request, dataset, organization] }), [], NOW); // prettier-ignore
    expect(steps.map(({ object: { kind }, what, id }) => [kind, what, id])).toEqual([
      ['Organization', 'create', 'org45678'],
      ['Dataset', 'create', 'ab12cd34'],
      ['ShareRequest', 'create', undefined],
      ['ShareApproval', 'create', undefined],
    ]);
    expect(steps[1]?.manifest).toEqual({ ...object('Dataset', 'orders', { owner: 'sales', id: 'ab12cd34' }) });
    expect(steps[3]).toMatchObject({
      gives: 'arn:aws:iam::222222222222:role/analysts reads Table orders of orders',
      manifest: { spec: { requestRef: { namespace: 'marketing-prod', name: 'orders' } } },
    });
    expect(steps[3]?.manifest?.spec).not.toHaveProperty('requestRef.uid');
  });

  it('is nothing that ended, or would give to whom it was not given', () => {
    const whatOf = (backup: readonly object[], present: readonly object[] = []) =>
      restorePlan(read(...backup), read(...present), NOW).find((step) => step.object.kind === 'ShareApproval');
    expect(whatOf([approval()])).toMatchObject({
      what: 'skip',
      why: 'ShareRequest marketing-prod/orders, which it answers, is neither in the backup nor in the cluster',
    });
    const ending = { ...request, metadata: { name: 'orders', namespace: 'marketing-prod', deletionTimestamp: '2026-11-30T11:00:00Z' } }; // prettier-ignore
    expect(whatOf([approval(), ending])).toMatchObject({ what: 'skip' });
    expect(whatOf([approval({ expiresAt: '2026-11-30T11:00:00Z' }), request])).toMatchObject({ what: 'skip' });
    expect(whatOf([approval({}, { deletionTimestamp: '2026-11-30T11:00:00Z' }), request])).toMatchObject({ what: 'skip' }); // prettier-ignore
    // What was taken back since stays taken back.
    expect(whatOf([approval(), request], [approval({ decision: 'Rejected' })])).toMatchObject({ what: 'differs' });
    expect(whatOf([approval(), request], [approval()])).toMatchObject({ what: 'same' });
    expect(whatOf([approval()], [request])).toMatchObject({ what: 'create' });
  });
});

describe('dataall restore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'restore-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (api: MemoryKubeApi, ...args: readonly string[]) => {
    let [text, errors] = ['', ''];
    const exit = await runCommand(['restore', ...args], {
      write: (more) => (text += more),
      writeError: (more) => (errors += more),
      connect: async () => ({ api, namespace: 'default', [Symbol.asyncDispose]: async () => {} }),
      ask: async () => ({}),
      environment: {},
      now: () => new Date(NOW),
      interrupted: new AbortController().signal,
    });
    return { exit, text, errors };
  };

  it('does nothing before it is told to, waits for namespaces, and done again does nothing more', async () => {
    writeFileSync(join(folder, 'all.yaml'), [approval(), request, dataset].map((one) => stringify(one)).join('---\n'));
    writeFileSync(join(folder, 'other.json'), '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}}');
    const api = new MemoryKubeApi();
    expect((await run(api, folder)).text).toContain('Nothing is done yet');
    expect((await api.list(datasetKind)).items).toEqual([]);

    expect(await run(api, folder, '--yes', '--timeout', '1ms')).toMatchObject({
      exit: 8,
      text: expect.stringContaining('NOT created   Dataset sales-prod/orders') as unknown,
    });
    for (const name of ['sales-prod', 'marketing-prod'])
      await api.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    expect(await run(api, folder, '--yes')).toMatchObject({ exit: 0, errors: '' });
    expect((await api.list(datasetKind)).items).toMatchObject([{ spec: { id: 'ab12cd34' } }]);
    expect((await api.list(shareApprovalKind)).items).toHaveLength(1);
    expect((await run(api, folder, '--yes')).text).not.toMatch(/^created/m);
  });

  it('says which file is wrong, and how', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'kind: [');
    const { exit, errors } = await run(new MemoryKubeApi(), join(folder, 'bad.yaml'));
    expect({ exit, errors }).toMatchObject({ exit: 2, errors: expect.stringContaining('bad.yaml') as unknown });
    expect(await run(new MemoryKubeApi(), join(folder, 'none'))).toMatchObject({ exit: 2 });
    writeFileSync(join(folder, 'bad.yaml'), stringify({ ...dataset, metadata: { name: 'orders' } }));
    expect((await run(new MemoryKubeApi(), join(folder, 'bad.yaml'))).errors).toContain('Dataset orders says no metadata.namespace'); // prettier-ignore
  });
});
