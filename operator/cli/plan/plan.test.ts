// `dataall plan`: what manifests give and take, and that it names the documents and calls of that and of nothing else.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { apiVersion } from '../../resources/kind.ts';
import { anyKind, type AnyObject, type KindName } from '../object-reference.ts';
import { runCommand } from '../program.ts';
import { agreed, type ShareSpecs } from './changes.ts';

const ARN = 'arn:aws:iam::222222222222:role/analysts';
const NOW = Date.parse('2026-11-30T12:00:00Z');

const request = {
  datasetRef: { namespace: 'sales-prod', name: 'orders' },
  requester: 'marketing',
  principal: { kind: 'ConsumptionRole', name: 'analysts' },
  permissions: ['Read'],
  items: [
    { kind: 'Table', name: 'orders', filters: ['eu'] },
    { kind: 'Folder', name: 'raw' },
  ],
};
const approval = {
  datasetRef: { name: 'orders' },
  requestRef: { namespace: 'marketing-prod', name: 'ours' },
  approver: 'sales',
  requester: 'marketing',
  principal: { kind: 'ConsumptionRole', name: 'analysts', arn: ARN },
  decision: 'Approved',
  permissions: ['Read'],
  items: request.items,
};
const manifest = (kind: KindName, namespace: string, name: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { namespace, name },
  spec,
});
const asked = manifest('ShareRequest', 'marketing-prod', 'ours', request);
const given = (more: object = {}) => manifest('ShareApproval', 'sales-prod', 'marketing-prod.ours', { ...approval, ...more }); // prettier-ignore

async function furnished(...more: readonly object[]): Promise<MemoryKubeApi> {
  const api = new MemoryKubeApi({ hasStatus: () => false });
  const source = { id: 'data1234', account: '111111111111', region: 'eu-west-1', bucket: 'acme-orders', glueDatabase: 'orders' }; // prettier-ignore
  const objects: readonly object[] = [
    { ...manifest('Dataset', 'sales-prod', 'orders', { owner: 'sales' }), status: source },
    { apiVersion, kind: 'Environment', metadata: { name: 'marketing-prod' }, spec: { account: { id: '222222222222', region: 'eu-west-1' }, resourcePrefix: 'dataall' }, status: { id: 'cons1234' } }, // prettier-ignore
    { ...manifest('ConsumptionRole', 'marketing-prod', 'analysts', { principalArn: ARN }), status: { id: 'role1234', principalId: 'AROA1' } }, // prettier-ignore
    ...more,
  ];
  for (const object of objects as readonly AnyObject[]) await api.create(anyKind(object.kind), object);
  return api;
}

describe('dataall plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (api: MemoryKubeApi, manifests: readonly object[], ...args: readonly string[]) => {
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, manifests.map((one) => stringify(one)).join('---\n'));
    let [text, errors] = ['', ''];
    const exit = await runCommand(['plan', file, ...args], {
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

  it('names what is given, with its documents in both accounts and the calls that write them', async () => {
    const { exit, text } = await run(await furnished(), [asked, given()]);
    expect(exit).toBe(0);
    expect(text).toBe(`marketing-prod/ours:
  + Table orders: eu
  + Folder raw
  catalog-grants orders in 111111111111 eu-west-1
    lakeformation:BatchGrantPermissions, lakeformation:CreateDataCellsFilter, lakeformation:UpdateDataCellsFilter, lakeformation:CreateLakeFormationOptIn
  invitations 111111111111 in 222222222222 eu-west-1
    ram:AcceptResourceShareInvitation
  shared-database 111111111111 of orders in 222222222222 eu-west-1
    glue:CreateDatabase, glue:CreateTable, lakeformation:BatchGrantPermissions
  share-policies role/analysts in 222222222222
    iam:CreatePolicy, iam:CreatePolicyVersion, iam:DeletePolicyVersion, iam:AttachRolePolicy, iam:AttachUserPolicy
  bucket-policy acme-orders in 111111111111 eu-west-1
    s3:PutBucketPolicy
  access-point data1234-role1234 in 111111111111 eu-west-1
    s3control:CreateAccessPoint, s3control:PutAccessPointPolicy
`);
  });

  it('asks for nothing of what stands already, and tells what a change or a deletion takes', async () => {
    const api = await furnished(asked, given());
    expect((await run(api, [given({ reason: 'said otherwise' })])).text).toBe('marketing-prod/ours: nothing changes of who can read what\n'); // prettier-ignore
    const narrowed = await run(api, [given({ items: [{ kind: 'Folder', name: 'raw' }] })]);
    expect(narrowed.text).toContain('  - Table orders: eu\n  catalog-grants');
    expect(narrowed.text).not.toContain('bucket-policy');
    // Without its filter it is the whole table: one is given and the other taken.
    const widened = await run(api, [given({ items: [{ kind: 'Table', name: 'orders' }, { kind: 'Folder', name: 'raw' }] })]); // prettier-ignore
    expect(widened.text).toContain('  + Table orders\n  - Table orders: eu\n');
    const deleted = JSON.parse((await run(api, [asked], '--delete', '-o', 'json')).text) as {
      readonly shares: unknown;
    };
    expect(deleted.shares).toMatchObject([{ gives: [], takes: ['Table orders: eu', 'Folder raw'] }]);
  });

  it('says what it cannot say', async () => {
    const { text } = await run(new MemoryKubeApi(), [asked, given(), manifest('Team', 'sales-prod', 'analysts', { group: 'analysts', permissions: [] })]); // prettier-ignore
    expect(text).toContain('+ Folder raw\n  its dataset, role or environment is not ready');
    expect(text).toContain('Not foreseen: Team sales-prod/analysts');
    const unseen = await run(await furnished(), [given()]);
    expect(unseen.text).toContain('marketing-prod/ours:\n  the request is not there, or you may not read it');
    const wrong = await run(new MemoryKubeApi(), [given({ decision: 'Perhaps' })]);
    expect(wrong).toMatchObject({ exit: 1, errors: expect.stringContaining('ShareApproval sales-prod/marketing-prod.ours: decision') as unknown }); // prettier-ignore
  });

  it('takes for given what both agree to, and no more', () => {
    const of = (more: object, asks: object = {}): ShareSpecs =>
      ({ request: { draft: false, ...request, ...asks }, approval: { ...approval, ...more } }) as unknown as ShareSpecs;
    expect(agreed(of({ decision: 'Rejected' }), NOW)).toEqual([]);
    expect(agreed(of({}, { draft: true }), NOW)).toEqual([]);
    expect(agreed(of({ expiresAt: '2026-11-30T11:59:59Z' }), NOW)).toEqual([]);
    expect(agreed(of({}, { expiresAt: '2026-11-30T11:59:59Z' }), NOW)).toEqual([]);
    expect(agreed(of({ withdrawn: [{ kind: 'Folder', name: 'raw' }] }), NOW)).toEqual(['Table orders: eu']);
    expect(agreed(of({}, { items: [{ kind: 'Folder', name: 'raw' }] }), NOW)).toEqual(['Folder raw']);
  });
});
