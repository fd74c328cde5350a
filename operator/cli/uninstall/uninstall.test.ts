// `dataall uninstall`: nothing that it does gives access, keeps what was taken back, or takes what nobody said to take.

import { describe, expect, it } from 'vitest';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { leaseKind } from '../../kernel/lease.ts';
import { rbacKinds } from '../../kernel/rbac-kinds.ts';
import { deploymentKind } from '../cluster-kinds.ts';
import type { AnyObject } from '../object-reference.ts';
import { runCommand } from '../program.ts';
import { uninstallPlan, type Installation } from './plan.ts';

const object = (kind: string, name: string, more: { spec?: object; status?: object; metadata?: object } = {}) =>
  ({
    kind,
    metadata: { name, uid: name, ...(kind !== 'Environment' && { namespace: 'marketing-prod' }), ...more.metadata },
    spec: more.spec ?? {},
    status: more.status ?? {},
  }) as unknown as AnyObject;

const share = (status: object, metadata: object = {}) => object('ShareRequest', 'orders', { status, metadata });

const installation = (...objects: readonly AnyObject[]): Installation => ({
  objects,
  definitionsThatGo: [],
  deployments: [{ name: 'dataall-operator', replicas: 2 }],
  rights: [{ kind: 'RoleBinding', namespace: 'marketing-prod', name: 'dataall:team' }],
  release: 'dataall',
  namespace: 'dataall-system',
});

const LEAVE = { endAccess: false, leaveExpiring: false };
const END = { endAccess: true, leaveExpiring: false };

describe('what uninstalling does', () => {
  it('leaves access, and says that it does', () => {
    const plan = uninstallPlan(installation(share({ granted: 2, phase: 'Granted' })), LEAVE);
    expect(plan).toMatchObject({ obstacles: [], deletes: [], stops: ['dataall-operator'], last: ['helm uninstall dataall --namespace dataall-system'] }); // prettier-ignore
    expect(plan.stays.join('\n')).toContain('access of 1 shares');
  });

  it('is nothing while what was taken back is still open, would outlast its end, or would go unasked', () => {
    const evidence = (installed: Installation, choices = LEAVE) =>
      uninstallPlan(installed, choices)
        .obstacles.map((one) => one.evidence)
        .join('; ');
    expect(evidence(installation(share({ granted: 1, phase: 'Revoking' })))).toContain('what they gave would stay: ShareRequest marketing-prod/orders'); // prettier-ignore
    expect(evidence(installation(share({ phase: 'Granted', items: [{ state: 'Revoking' }] })))).toContain('would stay');
    expect(evidence(installation(share({}, { deletionTimestamp: '2026-11-30T11:00:00Z' })))).toContain('would stay');
    const expiring = installation(share({ granted: 1, phase: 'Granted', expiresAt: '2027-01-01T00:00:00Z' }));
    expect(evidence(expiring)).toContain('nobody would end them');
    expect(evidence(expiring, { ...LEAVE, leaveExpiring: true })).toBe('');
    const goes = { ...installation(), definitionsThatGo: ['datasets.dataall.io'] };
    expect(evidence(goes)).toContain('all access');
    expect(evidence(goes, END)).toBe('');
  });

  it('ends access only when it is told so, what names others first, and never takes data', () => {
    const tenant = object('Tenant', 'default', { metadata: { namespace: undefined } });
    const all = [object('Environment', 'marketing-prod'), tenant, object('Dataset', 'orders'), share({ granted: 1 })];
    expect(uninstallPlan(installation(...all), END).deletes.map(({ kind }) => kind)).toEqual(['ShareRequest', 'Dataset', 'Environment']); // prettier-ignore
    const withData = object('Dataset', 'orders', { spec: { deletionPolicy: 'DeleteWithData' } });
    expect(uninstallPlan(installation(withData), END).obstacles).toMatchObject([{ evidence: '1 would take their data with them: Dataset marketing-prod/orders' }]); // prettier-ignore
  });
});

describe('dataall uninstall', () => {
  const furnished = async () => {
    const api = new MemoryKubeApi();
    const labels = { 'app.kubernetes.io/part-of': 'dataall' };
    const place = { namespace: 'dataall-system', name: 'dataall-operator' };
    await api.create(deploymentKind, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...place, labels }, spec: { replicas: 2 } }); // prettier-ignore
    await api.create(leaseKind, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: place, spec: { holderIdentity: 'pod-1', renewTime: '1' } }); // prettier-ignore
    for (const managedBy of ['dataall-operator', 'somebody'])
      await api.create(rbacKinds.RoleBinding, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { namespace: 'marketing-prod', name: managedBy, labels: { 'app.kubernetes.io/managed-by': managedBy } }, // prettier-ignore
      });
    await api.create(datasetKind, object('Dataset', 'orders') as never);
    return { api, place };
  };

  const run = async (api: MemoryKubeApi, ...args: readonly string[]) => {
    let text = '';
    const exit = await runCommand(['uninstall', ...args], {
      write: (more) => (text += more),
      writeError: (more) => (text += more),
      connect: async () => ({ api, namespace: 'default', [Symbol.asyncDispose]: async () => {} }),
      ask: async () => ({}),
      environment: {},
      now: () => new Date(),
      interrupted: new AbortController().signal,
    });
    return { exit, text };
  };

  it('takes rights when nobody leads any more, and keeps objects and what others made', async () => {
    const { api, place } = await furnished();
    const replicas = async () => (await api.get(deploymentKind, place)).spec?.replicas;
    expect(await run(api)).toMatchObject({ exit: 0 });
    expect(await replicas()).toBe(2);

    const bindings = async () => (await api.list(rbacKinds.RoleBinding)).items.map(({ metadata }) => metadata.name);
    // The operator gives its Lease back when it is told to stop, and would have made the rights anew before.
    const operator = (async () => {
      for await (const event of api.watch(deploymentKind, { sendInitialEvents: true }))
        if (event.type !== 'BOOKMARK' && event.object.spec?.replicas === 0) break;
      const before = await bindings();
      await api.patch(leaseKind, place, { type: 'merge', body: { spec: { holderIdentity: '' } } });
      return before;
    })();
    expect(await run(api, '--yes')).toMatchObject({ exit: 0, text: expect.stringContaining('Done:') as unknown });
    expect(await operator).toEqual(['dataall-operator', 'somebody']);
    expect(await bindings()).toEqual(['somebody']);
    expect((await api.list(datasetKind)).items).toHaveLength(1);
  });

  it('ends with its own code where something is in the way, and does nothing', async () => {
    const { api, place } = await furnished();
    await api.create(shareRequestKind, share({ granted: 1, phase: 'Granted', expiresAt: '2027-01-01T00:00:00Z' }) as never); // prettier-ignore
    await api.patch(shareRequestKind, { namespace: 'marketing-prod', name: 'orders' }, { type: 'merge', body: { status: { granted: 1, expiresAt: '2027-01-01T00:00:00Z' } } }, { subresource: 'status' }); // prettier-ignore
    expect(await run(api, '--yes')).toMatchObject({ exit: 4, text: expect.stringContaining('In the way:') as unknown });
    expect((await api.get(deploymentKind, place)).spec?.replicas).toBe(2);
  });

  it('deletes objects where it is told to end access', async () => {
    const { api, place } = await furnished();
    await api.patch(leaseKind, place, { type: 'merge', body: { spec: { holderIdentity: '' } } });
    expect(await run(api, '--yes', '--end-access')).toMatchObject({ exit: 0 });
    expect((await api.list(datasetKind)).items).toEqual([]);
  });
});
