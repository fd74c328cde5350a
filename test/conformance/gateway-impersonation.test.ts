// What the gateway's ServiceAccount can do on a real API server: act for people on our kinds, and nothing that its token should not open.

import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials, kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { Identity, KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { untilPoliciesAct } from '../../hack/start/policies-act.ts';
import { ElectionThread } from '../../operator/kernel/runtime/election-thread.ts';
import { type Lease, leaseKind } from '../../operator/kernel/lease.ts';
import { GATEWAY_SERVICE_ACCOUNT, INDEXER_LEASE } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { organizationKind, type Organization } from '../../operator/resources/organization.ts';
import { databaseServer } from '../support/database.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { startIndexer } from '../support/index-scene.ts';

const secretKind: Kind = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', scope: 'Namespaced' };
const clusterRoleKind: Kind = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterroles',
  kind: 'ClusterRole',
  scope: 'Cluster',
};
const { namespace } = defaultInstallation;
const person: Identity = { user: 'olga@example.com', groups: ['acme-owners', 'system:authenticated'] };

let harness: Harness;
let gateway: HttpKubeApi;
let credentials: Credentials;
beforeAll(async () => {
  harness = await startHarness({ authority: true });
  await untilPoliciesAct(harness.controlPlane, await harness.controlPlane.serviceAccount(namespace, SERVICE_ACCOUNT));
  const config = await harness.controlPlane.serviceAccount(namespace, GATEWAY_SERVICE_ACCOUNT);
  credentials = kubeConfigCredentials(config);
  gateway = new HttpKubeApi({ credentials });
});
afterAll(async () => {
  await gateway?.close();
  await harness?.stop();
});

const postgres = databaseServer();

const organization = (name: string, owner: string) =>
  ({
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'Organization',
    metadata: { name },
    spec: { label: name, owner },
  }) as unknown as Organization;

const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: Error) => error.message,
  );

describe('the gateway', () => {
  it('acts for a person, who needs rights of their own: an organization is made for a group of theirs, and stamped with their name', async () => {
    const made = await gateway.as(person).create(organizationKind, organization('acme', 'acme-owners'));
    expect(made.metadata.annotations?.['dataall.io/changed-by']).toBe('olga@example.com');
    expect(await outcome(gateway.as(person).create(organizationKind, organization('other', 'others')))).toMatch(
      /^Forbidden/,
    );
  });

  it('has no rights of its own to change anything', async () => {
    expect(await outcome(gateway.create(organizationKind, organization('mine', 'acme-owners')))).toMatch(/^Forbidden/);
    expect(await outcome(gateway.delete(organizationKind, { name: 'acme' }))).toMatch(/^Forbidden/);
  });

  it.each<[string, Identity]>([
    ['administrators of the cluster', { user: 'olga@example.com', groups: ['system:masters'] }],
    ['nodes', { user: 'system:node:worker-1', groups: ['system:nodes'] }],
    [
      'the operator',
      { user: `system:serviceaccount:${namespace}:dataall-operator`, groups: ['system:serviceaccounts'] },
    ],
  ])('gains nothing by saying it is one of %s', async (_, identity) => {
    const as = gateway.as(identity);
    const label = { type: 'merge', body: { metadata: { labels: { a: 'b' } } } } as const;
    const answers = await Promise.all([
      outcome(as.get(secretKind, { namespace, name: 'dataall-installation-key' })),
      outcome(as.list(secretKind)),
      outcome(as.patch(clusterRoleKind, { name: 'dataall:gateway' }, label)),
      outcome(as.create(organizationKind, organization('theirs', 'others'))),
    ]);
    expect(answers.filter((answer) => !answer.startsWith('Forbidden'))).toEqual([]);
  });

  it('opens no Secret and no RBAC for a person either, whatever that person may', async () => {
    const as: KubeApi = gateway.as(person);
    expect(await outcome(as.list(secretKind, { namespace }))).toMatch(/^Forbidden/);
    expect(await outcome(as.list(clusterRoleKind))).toMatch(/^Forbidden/);
  });

  it('writes no status, for nobody', async () => {
    const body = { status: { id: 'aaaaaaaa' } };
    for (const identity of [person, { user: 'root', groups: ['system:masters'] }]) {
      const attempt = gateway
        .as(identity)
        .patch(organizationKind, { name: 'acme' }, { type: 'merge', body }, { subresource: 'status' });
      expect(await outcome(attempt)).toMatch(/^Forbidden/);
    }
  });

  it('leads by the Lease that is its own, and can neither change another nor make one that stands for an account', async () => {
    const lease = (name: string): Lease => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec: { holderIdentity: 'gateway' },
    });
    expect(await outcome(gateway.create(leaseKind, lease('111111111111-eu-west-1')))).toMatch(/^Forbidden/);
    expect(await outcome(gateway.get(leaseKind, { namespace, name: 'dataall-operator' }))).toMatch(/^Forbidden/);
    expect(await outcome(gateway.get(leaseKind, { namespace, name: INDEXER_LEASE }))).toBe('done');
  });

  it('follows what people write into its database, with the rights that it has', async () => {
    const { database } = await postgres.fresh();
    const log = pino({ level: 'silent' });
    const lease = { namespace, name: INDEXER_LEASE, identity: 'one' };
    startIndexer(gateway, database, { election: () => new ElectionThread({ ...lease, credentials, log }) });
    await gateway.as(person).create(organizationKind, organization('followed', 'acme-owners'));
    const shown = () =>
      database
        .selectFrom('organization')
        .select(['name', 'owner', 'changed_by', 'created', 'updated', 'resource_version'])
        .where('name', '=', 'followed')
        .executeTakeFirst();
    await expect.poll(shown).toMatchObject({ owner: 'acme-owners', changed_by: 'olga@example.com' });
    const before = await shown();
    await expect.poll(() => Date.now()).toBeGreaterThan(Number(before?.created) + 1_500);
    const { spec, ...rest } = organization('followed', 'acme-owners');
    await harness.apply([{ ...rest, spec: { ...spec, description: 'changed' } } as KubeObject]);
    await expect.poll(async () => (await shown())?.resource_version).not.toBe(before?.resource_version);
    const after = await shown();
    expect(after?.created).toEqual(before?.created);
    expect(Number(after?.updated)).toBeGreaterThan(Number(before?.updated));
  });
});
