// Who may make and change the places where data lives: organizations, environments, teams, roles; and delete what is in use.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotations, labels } from '../../operator/resources/annotations.ts';
import { allowed, type Actor } from '../support/authority-actor.ts';
import { attempts, change, remove, type Manifest } from '../support/authority-attempts.ts';
import { eventually, startScene, type Scene } from '../support/authority-scene.ts';
import { Kubectl } from '../support/kubectl.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

describe('linking accounts', () => {
  const environment =
    (name: string, spec = {}) =>
    () =>
      scene.variant(
        'Environment/sales-prod',
        { name },
        { account: { id: '333333333333', region: 'eu-west-1' }, ...spec },
      );
  const apply = (who: Actor, object: Manifest) => who.apply(object);
  attempts(
    () => scene,
    [
      { who: 'eve', what: 'links with LINK_ENVIRONMENT', object: environment('sales-dev') },
      {
        // It would need `patch` on names that nobody has yet, and with it on those of strangers.
        who: 'eve',
        what: 'links by server-side apply',
        object: environment('sales-dev'),
        act: apply,
        message: 'cannot patch resource "environments"',
      },
      {
        who: 'eve',
        what: 'changes hers by server-side apply',
        object: () => scene.variant('Environment/sales-prod'),
        act: apply,
      },
      {
        who: 'olga',
        what: 'links for another group than hers',
        object: environment('sales-dev'),
        message: 'only members of its owner, group sales-engineers',
      },
      {
        who: 'olga',
        what: 'links as owner of the organization',
        object: environment('sales-dev', { owner: 'acme-owners' }),
      },
      {
        who: 'eve',
        what: 'links to an organization that did not invite her',
        object: environment('sales-dev', { organization: 'other' }),
        message: 'linking an account to organization other needs verb link on it',
      },
      {
        who: 'inga',
        what: 'links without LINK_ENVIRONMENT',
        object: environment('inviters', { owner: 'acme-inviters' }),
        message: 'cannot create resource "environments"',
      },
      { who: 'argo', what: 'is a cluster administrator and links', object: environment('sales-dev') },
      {
        who: 'eve',
        what: 'takes the name kube-system',
        object: environment('kube-system'),
        message: 'belong to Kubernetes',
      },
      {
        who: 'eve',
        what: 'takes the name of the operator’s namespace',
        object: environment('dataall-system'),
        message: 'the name dataall-system is reserved',
      },
      {
        who: 'eve',
        what: 'takes a name that the installation reserves',
        object: environment('argocd'),
        message: 'the name argocd is reserved',
      },
      {
        who: 'zoe',
        what: 'links as a stranger',
        object: environment('zoe', { owner: 'strangers' }),
        message: 'cannot create resource "environments"',
      },
      {
        who: 'mia',
        what: 'changes another team’s environment',
        object: () => scene.variant('Environment/sales-prod'),
        act: change({ spec: { label: 'Mine' } }),
        message: 'cannot patch resource "environments"',
      },
      {
        who: 'mia',
        what: 'makes another team’s environment a dependant',
        object: () => scene.variant('Environment/sales-prod'),
        act: change({
          metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'gone', uid: 'gone' }] },
        }),
        message: 'cannot patch resource "environments"',
      },
      {
        who: 'mia',
        what: 'deletes another team’s environment',
        object: () => scene.variant('Environment/sales-prod'),
        act: remove,
        message: 'cannot delete resource',
      },
    ],
  );
});

describe('organizations', () => {
  const organization = (owner: string) => () =>
    scene.variant('Organization/acme', { name: 'new' }, { owner, teams: [] });
  const acme = () => scene.variant('Organization/acme');
  interface Invited {
    readonly group: string;
    readonly permissions: string[];
  }
  const teams = (edit: (teams: readonly Invited[]) => unknown) => async (who: Actor, object: Manifest) => {
    const before = (await scene.stored(object))?.spec?.['teams'] as readonly Invited[];
    return who.change(object, { spec: { teams: edit(before) } });
  };
  const guests = { group: 'guests', permissions: [] };
  attempts(
    () => scene,
    [
      { who: 'zoe', what: 'makes one for her group', object: organization('strangers') },
      {
        who: 'zoe',
        what: 'makes one for another group',
        object: organization('acme-owners'),
        message: 'only members of its owner, group acme-owners',
      },
      {
        who: 'carl',
        what: 'makes one without MANAGE_ORGANIZATIONS',
        object: organization('contractors'),
        message: 'group contractors has not the permission MANAGE_ORGANIZATIONS',
      },
      {
        who: 'plain',
        what: 'makes one as any ServiceAccount',
        object: organization('system'),
        message: 'only members of its owner',
      },
      {
        who: 'inga',
        what: 'relabels the organization with INVITE_ORGANIZATION_GROUP',
        object: acme,
        act: change({ spec: { label: 'Hers' } }),
        message: 'may add to spec.teams',
      },
      {
        who: 'inga',
        what: 'removes a group with INVITE_ORGANIZATION_GROUP',
        object: acme,
        act: teams((before) => before.slice(1)),
        message: 'may add to spec.teams',
      },
      {
        who: 'inga',
        what: 'widens a group’s permissions with INVITE_ORGANIZATION_GROUP',
        object: acme,
        act: teams(([first, ...rest]) => [{ ...first, permissions: ['REMOVE_ORGANIZATION_GROUP'] }, ...rest]),
        message: 'may add to spec.teams',
      },
      {
        who: 'inga',
        what: 'adds a group with INVITE_ORGANIZATION_GROUP',
        object: acme,
        act: teams((before) => [...before, guests]),
      },
      {
        who: 'zoe',
        what: 'adds her group',
        object: acme,
        act: teams((before) => [...before, { group: 'strangers', permissions: [] }]),
        message: 'cannot patch resource',
      },
      {
        who: 'olga',
        what: 'removes a group as owner',
        object: acme,
        act: teams((before) => before.filter(({ group }) => group !== 'guests')),
      },
      { who: 'inga', what: 'deletes the organization', object: acme, act: remove, message: 'cannot delete resource' },
    ],
  );
});

describe('an organization with as many groups as it may have', () => {
  it('is within the budget of the policies', async () => {
    const groups = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({
        group: `group-${from + index}-`.padEnd(128, 'x'),
        permissions: ['LINK_ENVIRONMENT', 'INVITE_ORGANIZATION_GROUP', 'REMOVE_ORGANIZATION_GROUP'],
      }));
    const inviters = { group: 'acme-inviters', permissions: ['INVITE_ORGANIZATION_GROUP'] };
    const object = scene.variant('Organization/acme', { name: 'large' }, { teams: [inviters, ...groups(0, 498)] });
    await allowed(scene.as.olga.create(object));
    await scene.syncRbac();
    const teams = [inviters, ...groups(0, 499)];
    await allowed(scene.as.inga.change(object, { spec: { teams } }));
    await scene.refusedLeaving(
      object,
      () => scene.as.inga.change(object, { spec: { teams: teams.slice(1) } }),
      'may add to',
    );
    await scene.dispose(object);
    await scene.syncRbac();
  });
});

describe('teams', () => {
  const team =
    (spec = {}) =>
    () =>
      scene.variant('Team/finance', { name: 'new' }, { group: 'sales-guests', ...spec });
  const roleArn = 'arn:aws:iam::111111111111:role/any';
  attempts(
    () => scene,
    [
      { who: 'eve', what: 'invites as owner of the environment', object: team() },
      { who: 'sam', what: 'invites with INVITE_ENVIRONMENT_GROUP', object: team() },
      { who: 'finn', what: 'invites without', object: team(), message: 'cannot create resource "teams"' },
      {
        who: 'sam',
        what: 'widens his own permissions',
        object: () => scene.variant('Team/analysts'),
        act: change({ spec: { permissions: ['CREATE_SHARE_OBJECT'] } }),
        message: 'only the owner of environment sales-prod may change or remove its teams',
      },
      {
        who: 'eve',
        what: 'changes a team’s permissions',
        object: () => scene.variant('Team/finance'),
        act: change({ spec: { permissions: ['CREATE_DATASET'] } }),
      },
      {
        who: 'sam',
        what: 'removes a team',
        object: () => scene.variant('Team/finance'),
        act: remove,
        message: 'cannot delete resource',
      },
      {
        who: 'eve',
        what: 'invites her own group, which owns the environment',
        object: team({ group: 'sales-engineers' }),
        message: 'group sales-engineers owns environment sales-prod and has all rights and a role in it already',
      },
      { who: 'eve', what: 'imports a role as owner', object: team({ roleArn }) },
      {
        who: 'sam',
        what: 'imports a role with INVITE_ENVIRONMENT_GROUP',
        object: team({ roleArn }),
        message: 'only the owner of environment sales-prod may import one',
      },
      {
        who: 'eve',
        what: 'imports a role of another account',
        object: team({ roleArn: 'arn:aws:iam::222222222222:role/any' }),
        message: 'name one of account 111111111111',
      },
    ],
  );
});

describe('roles and ids', () => {
  const dataset =
    (spec = {}, owner = 'sales-analysts') =>
    () =>
      scene.variant('Dataset/orders', { name: 'new' }, { owner, ...spec });
  const s3 = { origin: 'Create', roleArn: 'arn:aws:iam::111111111111:role/data' };
  const role = (principalArn: string) => () =>
    scene.variant('ConsumptionRole/notebooks', { name: 'new' }, { principalArn });
  attempts(
    () => scene,
    [
      {
        who: 'eve',
        what: 'imports the role of a dataset as owner of the environment',
        object: dataset({ s3 }, 'sales-engineers'),
      },
      {
        who: 'sam',
        what: 'imports the role of a dataset',
        object: dataset({ s3 }),
        message: 'only the owner of environment sales-prod may import one',
      },
      { who: 'ana', what: 'registers a user of the account', object: role('arn:aws:iam::222222222222:user/ana') },
      {
        who: 'ana',
        what: 'registers a role of another account',
        object: role('arn:aws:iam::111111111111:role/analysts'),
        message: 'name one of account 222222222222',
      },
      {
        who: 'ana',
        what: 'registers a role whose name looks like the account',
        object: role('arn:aws:iam::111111111111:role/222222222222'),
        message: 'name one of account 222222222222',
      },
      {
        who: 'root',
        what: 'registers a role outside any environment',
        object: () => scene.variant('ConsumptionRole/notebooks', { namespace: 'default' }),
        message: 'namespace default is not (yet) that of an Environment',
      },
      {
        who: 'sam',
        what: 'chooses spec.id',
        object: dataset({ id: 'a1b2c3d4' }),
        message: 'spec.id is for restores and migrations',
      },
      { who: 'pat', what: 'restores with spec.id', object: dataset({ id: 'a1b2c3d4' }) },
    ],
  );
});

describe('what is in use', () => {
  const cases = [
    ['Tenant/default', 'pat'],
    ['Organization/acme', 'olga'],
    ['Environment/marketing-prod', 'mia'],
    ['Team/finance', 'eve'],
    ['Dataset/orders', 'sam'],
    ['ConsumptionRole/notebooks', 'ana'],
  ] as const;
  it.each(cases)('%s cannot be deleted, and the refusal names by whom', async (key, owner) => {
    const object = scene.variant(key);
    await allowed(scene.as.operator.status(object, { inUse: 12, usedBy: ['ShareRequest marketing-prod/orders'] }));
    const message =
      'is in use by 12 objects: ShareRequest marketing-prod/orders, ...; end that first, then delete again';
    for (const who of [owner, 'pat', 'root'] as const) {
      await scene.refusedLeaving(object, () => scene.as[who].delete(object), message);
    }
    await allowed(scene.as.operator.status(object, { inUse: 0, usedBy: null }));
  });

  it('says how many use it where not everybody who sees it may see who they are', async () => {
    const object = scene.variant('Organization/acme');
    await allowed(scene.as.operator.status(object, { inUse: 2, usedBy: null }));
    const message =
      'Organization acme is in use by 2 objects (a platform administrator finds them by: kubectl get dataall -A); end that first';
    for (const who of ['olga', 'pat'] as const)
      await scene.refusedLeaving(object, () => scene.as[who].delete(object), message);
    await allowed(scene.as.operator.status(object, { inUse: 0, usedBy: null }));
  });

  it('may be deleted by its owner once it is not, and finished by the operator', async () => {
    const object = scene.variant('Dataset/orders', { name: 'used' });
    await allowed(scene.as.sam.create(object));
    await scene.syncRbac();
    await allowed(scene.as.operator.status(object, { inUse: 1, usedBy: ['ShareRequest marketing-prod/orders'] }));
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.delete(object),
      'Dataset used is in use by 1 object: ShareRequest marketing-prod/orders; end',
    );
    await allowed(scene.as.operator.status(object, { inUse: 0, usedBy: null }));
    await allowed(scene.as.sam.delete(object));
    expect((await scene.stored(object))?.metadata.deletionTimestamp).toBeDefined();
    await scene.dispose(object);
    await scene.syncRbac();
  });

  it('may be deleted when a platform administrator abandons it by its UID', async () => {
    const object = scene.variant('Dataset/orders', { name: 'lost' });
    const { metadata } = await allowed(scene.as.sam.create(object));
    await allowed(scene.as.operator.status(object, { inUse: 1 }));
    const abandon = (uid: string) => ({ metadata: { annotations: { [annotations.abandon]: uid } } });
    await allowed(scene.as.pat.change(object, abandon('another')));
    await scene.refusedLeaving(object, () => scene.as.pat.delete(object), 'Dataset lost is in use by 1 object');
    await allowed(scene.as.pat.change(object, abandon(metadata.uid)));
    await allowed(scene.as.pat.delete(object));
    await scene.dispose(object);
  });

  it('survives the deletion of everything at once', async () => {
    const object = scene.variant('Dataset/orders');
    await allowed(scene.as.operator.status(object, { inUse: 1 }));
    const kubectl = await Kubectl.of(scene.harness.controlPlane);
    const all = ['delete', '--raw', '/apis/dataall.io/v1alpha1/namespaces/sales-prod/datasets'];
    expect(await kubectl.refusal(all)).toContain('Dataset orders is in use by 1 object');
    expect((await scene.stored(object))?.metadata.deletionTimestamp).toBeUndefined();
    await allowed(scene.as.operator.status(object, { inUse: 0 }));
  });

  it('goes with its namespace, which only the operator deletes', async () => {
    const marks = {
      labels: { [labels.environment]: 'leaving' },
      annotations: { [annotations.account]: '222222222222' },
    };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'leaving', ...marks } };
    const object = scene.variant('ConsumptionRole/notebooks', { namespace: 'leaving' });
    await allowed(scene.as.operator.create(namespace));
    await allowed(scene.as.pat.create(object));
    await allowed(scene.as.operator.status(object, { inUse: 1 }));
    await allowed(scene.as.operator.delete(namespace));
    const going = async () => (await scene.stored(object))?.metadata.deletionTimestamp !== undefined;
    await eventually('the namespace controller deletes what is in it', going);
    await allowed(scene.as.operator.change(object, { metadata: { finalizers: null } }));
    await eventually('the namespace is gone', async () => (await scene.stored(namespace)) === undefined);
  });
});
