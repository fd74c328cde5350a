// The command line: what it takes, what it refuses and with which code it ends, on an API server in memory.

import { describe, expect, it } from 'vitest';
import { MemoryKubeApi } from '../kernel/testing/memory-kube-api.ts';
import { apiVersion } from '../resources/kind.ts';
import { shareApprovalKind } from '../resources/share-approval.ts';
import { shareRequestKind } from '../resources/share-request.ts';
import { datasetKind } from '../resources/dataset.ts';
import { consumptionRoleKind } from '../resources/consumption-role.ts';
import { CommandError } from './exit-codes.ts';
import { runCommand } from './program.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const ROLE_ARN = 'arn:aws:iam::222222222222:role/analysts';

async function run(args: readonly string[], api = new MemoryKubeApi(), isUp = true) {
  let [text, errors] = ['', ''];
  const exit = await runCommand(args, {
    write: (more) => (text += more),
    writeError: (more) => (errors += more),
    connect: async () => {
      if (!isUp) throw new CommandError('unreachable', 'no cluster');
      return { api, namespace: 'marketing-prod', [Symbol.asyncDispose]: async () => {} };
    },
    ask: async () => ({}),
    environment: {},
    now: () => NOW,
    interrupted: new AbortController().signal,
  });
  return { exit, text, errors };
}

/** A dataset, and a role that may be given access. */
async function furnished(): Promise<MemoryKubeApi> {
  const api = new MemoryKubeApi({
    defaults: (_, object) => {
      object['status'] ??= { observedGeneration: -1 };
    },
  });
  const put = async (kind: { readonly kind: string }, namespace: string, name: string, spec: object) =>
    await api.create(kind as never, { apiVersion, kind: kind.kind, metadata: { namespace, name }, spec } as never);
  await put(datasetKind, 'sales-prod', 'orders', { owner: 'sales', s3: { origin: 'Create' } });
  await put(consumptionRoleKind, 'marketing-prod', 'analysts', { owner: 'marketing', principalArn: ROLE_ARN });
  return api;
}

const ASK = ['request', 'sales-prod/orders', '--for', 'consumptionrole/analysts', '--requester', 'marketing'];

describe('dataall', () => {
  it('says what there is where it is used wrongly, before it asks any cluster', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['expalin', 'dataset/orders'], /Did you mean explain/],
      [['explain'], /missing required argument 'object'/],
      [['explain', 'tabel/orders'], /tabel is no kind of data\.all: there are Tenant, /],
      [['explain', 'dataset'], /names no object: write dataset\/<name>/],
      [['explain', 'environment/sales-prod/orders'], /a Environment is in no namespace/],
      [['explain', 'dataset/orders', '-o', 'yaml'], /Allowed choices are text, json/],
      [[...ASK, '-i', 'view/orders'], /is no item: write table\/<name>/],
      [['request', 'orders', '--for', 'role/x', '--requester', 'g', '-i', 'bucket/b'], /is no principal/],
    ];
    for (const [args, message] of wrong) {
      const { exit, errors, text } = await run(args, undefined, false);
      expect({ args, exit, text }).toEqual({ args, exit: 2, text: '' });
      expect(errors).toMatch(message);
    }
  });

  it('ends with a code for each of what it found', async () => {
    expect(await run(['explain', 'dataset/orders'])).toMatchObject({
      exit: 5,
      errors: 'there is no Dataset marketing-prod/orders\n',
    });
    expect(await run(['explain', 'dataset/orders'], undefined, false)).toMatchObject({ exit: 7 });
    expect(await run(['--help'])).toMatchObject({ exit: 0, errors: '' });
  });
});

describe('a share from the shell', () => {
  it('is asked for, approved in part, then as a whole, and taken back in part and as a whole', async () => {
    const api = await furnished();
    const asked = await run([...ASK, '-i', 'table/orders:eu,slim', '-i', 'folder/raw', '--purpose', 'a report'], api);
    expect(asked).toMatchObject({ exit: 0, text: 'ShareRequest marketing-prod/orders-for-analysts asks\n' });
    const name = { namespace: 'marketing-prod', name: 'orders-for-analysts' };
    expect((await api.get(shareRequestKind, name)).spec).toMatchObject({
      datasetRef: { namespace: 'sales-prod', name: 'orders' },
      items: [
        { kind: 'Table', name: 'orders', filters: ['eu', 'slim'] },
        { kind: 'Folder', name: 'raw' },
      ],
      purpose: 'a report',
    });

    const approval = { namespace: 'sales-prod', name: 'marketing-prod.orders-for-analysts' };
    const specNow = async () => (await api.get(shareApprovalKind, approval)).spec;
    expect(await run(['approve', 'orders-for-analysts', '-i', 'table/products'], api)).toMatchObject({
      exit: 2,
      errors: 'Table products is not asked for: Table orders, Folder raw are\n',
    });
    await run(['approve', 'orders-for-analysts', '-i', 'folder/raw'], api);
    expect(await specNow()).toMatchObject({
      approver: 'sales',
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts', arn: ROLE_ARN },
      decision: 'Approved',
      items: [{ kind: 'Folder', name: 'raw' }],
    });
    await run(['approve', 'orders-for-analysts'], api);
    expect((await specNow()).items).toEqual([
      { kind: 'Table', name: 'orders', filters: ['eu', 'slim'] },
      { kind: 'Folder', name: 'raw' },
    ]);

    const revoke = ['revoke', 'orders-for-analysts', '--dataset-namespace', 'sales-prod', '--reason', 'done'];
    await run([...revoke, '-i', 'folder/raw'], api);
    expect(await specNow()).toMatchObject({
      items: [{ kind: 'Table', name: 'orders' }],
      withdrawn: [{ kind: 'Folder', name: 'raw', at: NOW.toISOString(), reason: 'done' }],
    });
    expect(JSON.parse((await run([...revoke, '-o', 'json'], api)).text)).toMatchObject({
      spec: { decision: 'Rejected', reason: 'done' },
    });
  });
});
