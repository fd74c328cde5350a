// Who is in charge of the installation, and what it says to everybody: administrators and maintenance.

import { afterAll, beforeAll, describe, it } from 'vitest';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { defaultInstallation, OWNERS_AT_QUOTA } from '../../operator/resources/authority/installation.ts';
import { allowed, refused, type Outcome } from '../support/authority-actor.ts';
import { attempts, change, type Manifest } from '../support/authority-attempts.ts';
import { eventually, people, startScene, type Scene } from '../support/authority-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

describe('the administrators of the installation', () => {
  const tenant = () => scene.variant('Tenant/default');
  const name = (...administrators: string[]) => change({ spec: { administrators } });
  const message = 'spec.administrators would name no group of yours, so you could not mend a typo in it';
  attempts(
    () => scene,
    [
      { who: 'pat', what: 'mistypes the only group', object: tenant, act: name('platform-admin'), message },
      { who: 'pat', what: 'hands over to others alone', object: tenant, act: name('strangers'), message },
      { who: 'pat', what: 'takes others in', object: tenant, act: name('acme-owners', 'platform-admins') },
      { who: 'olga', what: 'takes out the others', object: tenant, act: name('acme-owners'), message: 'cannot patch' },
      { who: 'argo', what: 'has the right from elsewhere and keeps it', object: tenant, act: name('platform-admins') },
      { who: 'root', what: 'is above it', object: tenant, act: name('strangers') },
      { who: 'root', what: 'puts it right', object: tenant, act: name('platform-admins') },
    ],
  );
});

describe('what is said of a group', () => {
  const named = (owner: string) => scene.variant('Organization/acme', { name: 'another' }, { owner, teams: [] });
  const binding = installManifests().find(
    ({ kind, metadata }) => kind === 'ValidatingAdmissionPolicyBinding' && metadata.name.endsWith('organization'),
  );

  it('by the Tenant and by quotas is told to who acts for it, and to nobody who tries to write in its name', async () => {
    const { root, zoe, carl, olga } = scene.as;
    if (binding === undefined) throw new Error('no policy about organizations');
    await allowed(
      root.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: defaultInstallation.namespace, name: OWNERS_AT_QUOTA },
        data: { organizations: people.olga },
      } as Manifest),
    );
    // Of several policies that refuse, chance says which is told. Without the one that asks who acts for the owner, the others answer.
    await allowed(root.delete(binding));
    await eventually('the policy is out of force', async () => (await zoe.create(named(people.sam), true)).ok);
    await refused(carl.create(named(people.carl), true), 'group contractors has not the permission');
    await eventually('the quota is known', async () => {
      const outcome = await olga.create(named(people.olga), true);
      return !outcome.ok && outcome.message.includes('group acme-owners owns as many organizations as it may');
    });
    await allowed(zoe.create(named(people.carl), true));
    await allowed(zoe.create(named(people.olga), true));
    await allowed(root.create({ ...binding }));
    await eventually('the policy is in force', async () => !(await zoe.create(named(people.sam), true)).ok);
  });
});

describe('maintenance', () => {
  const tenant = () => scene.variant('Tenant/default');
  const maintenance = (value: unknown) => ({ spec: { maintenance: value } });
  const relabel = () =>
    scene.as.olga.change(scene.variant('Organization/acme'), { spec: { label: `ACME ${Math.random()}` } });

  it('is declared by platform administrators, stops people with the Tenant’s message, and ends', async () => {
    await scene.refusedLeaving(
      tenant(),
      () => scene.as.olga.change(tenant(), maintenance({ mode: 'ReadOnly' })),
      'cannot patch resource "tenants"',
    );
    await allowed(scene.as.pat.change(tenant(), maintenance({ mode: 'ReadOnly', message: 'back at noon' })));
    await eventually('people are stopped', async () => !(await relabel()).ok);
    await scene.refusedLeaving(scene.variant('Organization/acme'), relabel, 'maintenance: back at noon');
    const another = scene.variant('ShareRequest/orders', { name: 'another' });
    await scene.refusedLeaving(another, () => scene.as.ana.create(another), 'maintenance: back at noon');
    await allowed(scene.as.pat.change(scene.variant('Organization/acme'), { spec: { label: 'ACME' } }));
    await allowed(scene.as.operator.status(scene.variant('Organization/acme'), { environments: 2 }));
    await allowed(scene.as.pat.change(tenant(), maintenance(null)));
    await eventually('people may go on', async () => (await relabel()).ok);
  });

  it('keeps nobody from ending access, and lets nobody begin or change it', async () => {
    const request = scene.variant('ShareRequest/orders');
    const approval = scene.variant('ShareApproval/marketing-prod.orders');
    await allowed(scene.as.ana.create(request));
    await allowed(scene.as.sam.create(approval));
    await allowed(scene.as.pat.change(tenant(), maintenance({ mode: 'ReadOnly', message: 'back at noon' })));
    await eventually('people are stopped', async () => !(await relabel()).ok);

    const refused = (object: Manifest, attempt: () => Promise<Outcome>) =>
      scene.refusedLeaving(object, attempt, 'maintenance: back at noon');
    await refused(request, () => scene.as.ana.change(request, { spec: { purpose: 'More' } }));
    await refused(approval, () => scene.as.sam.change(approval, { spec: { permissions: ['Read', 'Write'] } }));
    await allowed(scene.as.stu.change(approval, { spec: { decision: 'Rejected' } }));
    // By one of the group that it names: with anybody else a second policy refuses, and which one is told is chance.
    await refused(approval, () => scene.as.sam.change(approval, { spec: { decision: 'Approved' } }));
    await refused(approval, () => scene.as.sam.change(approval, { spec: { reason: 'Another' } }));
    await allowed(scene.as.sam.delete(approval));
    await allowed(scene.as.ana.delete(request));
    await refused(scene.variant('Dataset/orders'), () => scene.as.sam.delete(scene.variant('Dataset/orders')));
    await scene.dispose(approval);
    await scene.dispose(request);

    await allowed(scene.as.pat.change(tenant(), maintenance(null)));
    await eventually('people may go on', async () => (await relabel()).ok);
  });
});
