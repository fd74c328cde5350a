// What admission writes, and what nobody else may write: stamps, finalizer, metadata, status.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotations, FINALIZER, labels } from '../../operator/resources/annotations.ts';
import { allowed, type Outcome } from '../support/authority-actor.ts';
import { attempts, change, type Manifest } from '../support/authority-attempts.ts';
import { eventually, startScene, type Person, type Scene } from '../support/authority-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

describe('stamps', () => {
  it('say who created, and undo what the author wrote there', async () => {
    const object = scene.variant('Dataset/orders', {
      name: 'spoofed',
      annotations: { [annotations.changedBy]: 'pat', [annotations.importAuthorized]: 'pat', note: 'kept' },
    });
    const { metadata } = await allowed(scene.as.sam.create(object));
    expect(metadata.annotations).toEqual({ [annotations.changedBy]: 'sam', note: 'kept' });
    await scene.dispose(object);
  });

  it('change with spec and only then', async () => {
    const object = scene.variant('Organization/acme');
    const relabelled = await allowed(scene.as.pat.change(object, { spec: { label: 'ACME' } }));
    expect(relabelled.metadata.annotations?.[annotations.changedBy]).toBe('pat');
    const noted = await allowed(
      scene.as.olga.change(object, { metadata: { annotations: { note: 'x', [annotations.changedBy]: 'zoe' } } }),
    );
    expect(noted.metadata.annotations?.[annotations.changedBy]).toBe('pat');
    const removed = await allowed(
      scene.as.olga.change(object, { metadata: { annotations: { [annotations.changedBy]: null } } }),
    );
    expect(removed.metadata.annotations?.[annotations.changedBy]).toBe('pat');
    await allowed(scene.as.olga.change(object, { spec: { label: 'ACME Corp.' } }));
  });

  it('do not make a difference when the same is applied again', async () => {
    const object = scene.variant('Organization/acme', { name: 'again' });
    await allowed(scene.as.pat.apply(object));
    // With or without policies, the API server stores a new object once more when it is applied for the second time.
    const second = await allowed(scene.as.pat.apply(object));
    const third = await allowed(scene.as.pat.apply(object));
    expect(third).toEqual(second);
    await scene.dispose(object);
  });

  it('let an import of the environment’s owner through, and nobody else’s', async () => {
    const s3 = { origin: 'Import', bucket: { name: 'acme-colleagues' }, lakeFormation: 'Enforced' };
    const spoof = { annotations: { [annotations.importAuthorized]: 'eve' } };
    const byOwner = scene.variant('Dataset/orders', { name: 'imported' }, { s3, owner: 'sales-engineers' });
    const byTeam = scene.variant('Dataset/orders', { name: 'imported-too', ...spoof }, { s3 });

    const authorized = await allowed(scene.as.eve.create(byOwner));
    expect(authorized.metadata.annotations?.[annotations.importAuthorized]).toBe('eve');
    const unauthorized = await allowed(scene.as.sam.create(byTeam));
    expect(unauthorized.metadata.annotations?.[annotations.importAuthorized]).toBeUndefined();

    const spoofed = await allowed(scene.as.sam.change(byTeam, { metadata: spoof }));
    expect(spoofed.metadata.annotations?.[annotations.importAuthorized]).toBeUndefined();
    await allowed(scene.as.eve.change(byOwner, { spec: { owner: 'sales-analysts' } }));
    await scene.syncRbac();
    const edited = await allowed(scene.as.sam.change(byOwner, { spec: { label: 'Edited' } }));
    expect(edited.metadata.annotations).toMatchObject({
      [annotations.importAuthorized]: 'eve',
      [annotations.changedBy]: 'sam',
    });
    await scene.dispose(byOwner);
    await scene.dispose(byTeam);
    await scene.syncRbac();
  });

  it('let an import through that somebody allows by signing it, and by no other edit', async () => {
    const s3 = { origin: 'Import', bucket: { name: 'finance-secret' }, lakeFormation: 'Enforced' };
    const object = scene.variant('Dataset/orders', { name: 'dubious' }, { s3 });
    const stamp = async (act: Promise<Outcome>) =>
      (await allowed(act)).metadata.annotations?.[annotations.importAuthorized];
    const sign = (name: string) => ({ metadata: { annotations: { [annotations.importAuthorized]: name } } });
    expect(await stamp(scene.as.sam.create(object))).toBeUndefined();
    await scene.syncRbac();
    for (const spec of [{ suspend: true }, { label: 'Looked at' }, { s3: { lakeFormation: 'Enforced' } }])
      expect(await stamp(scene.as.pat.change(object, { spec }))).toBeUndefined();
    expect(await stamp(scene.as.pat.change(object, sign('eve')))).toBeUndefined();
    expect(await stamp(scene.as.sam.change(object, sign('sam')))).toBeUndefined();
    expect(await stamp(scene.as.pat.change(object, sign('pat')))).toBe('pat');
    expect(await stamp(scene.as.sam.change(object, { spec: { label: 'Mine' } }))).toBe('pat');
    await scene.dispose(object);
    await scene.syncRbac();
  });
});

describe('the stamp on tables', () => {
  const table = (name: string, spec = {}) => scene.variant('DatasetTable/orders.orders', { name }, spec);
  const stampOf = async (act: Promise<Outcome>) => (await allowed(act)).metadata.annotations?.[annotations.byOwner];

  it('tells those of the dataset’s owner from those of its stewards, and cannot be written by hand', async () => {
    const stewards = table('stewards', { filters: undefined });
    const owners = table('owners');
    const spoof = { metadata: { annotations: { [annotations.byOwner]: 'stu' } } };
    expect(
      await stampOf(
        scene.as.stu.create({ ...stewards, ...spoof, metadata: { ...stewards.metadata, ...spoof.metadata } }),
      ),
    ).toBeUndefined();
    expect(await stampOf(scene.as.stu.change(stewards, spoof))).toBeUndefined();
    expect(await stampOf(scene.as.sam.create(owners))).toBe('sam');
    expect(await stampOf(scene.as.stu.change(owners, { spec: { description: 'One row an order' } }))).toBe('sam');
    expect(
      await stampOf(scene.as.stu.change(owners, { metadata: { annotations: { [annotations.byOwner]: null } } })),
    ).toBe('sam');
    expect(await stampOf(scene.as.sam.change(stewards, { metadata: { labels: { seen: 'yes' } } }))).toBeUndefined();
    expect(await stampOf(scene.as.sam.change(stewards, { spec: { description: 'Mine now' } }))).toBe('sam');
    await scene.dispose(stewards);
    await scene.dispose(owners);
  });
});

describe('labels and annotations, which every cache holds of every object,', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x/${index}`, 'y']));
  const long = (key: string) => ({ [key]: 'y'.repeat(1_025) });
  const row = (what: string, metadata: object, message: string) => ({
    who: 'sam' as const,
    what,
    object: () => scene.variant('Dataset/orders'),
    act: change({ metadata }),
    message,
  });
  attempts(
    () => scene,
    [
      row('writes too many labels', { labels: many(51) }, 'at most 50 labels and 50 annotations'),
      row('writes too many annotations', { annotations: many(51) }, 'at most 50 labels and 50 annotations'),
      row(
        'writes a document into an annotation',
        { annotations: long('x/notes') },
        'annotation x/notes is longer than',
      ),
    ],
  );

  it('leave room for what tools note down', async () => {
    const object = scene.variant('Dataset/orders', { name: 'noted' });
    await allowed(scene.as.sam.create(object));
    const annotations = long('kubectl.kubernetes.io/last-applied-configuration');
    await allowed(scene.as.sam.change(object, { metadata: { labels: many(40), annotations } }));
    await scene.dispose(object);
    await scene.syncRbac();
  });
});

describe('references to owners, with which the garbage collector would delete in their author’s stead', () => {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'gone' }];
  const depend = change({ metadata: { ownerReferences } });
  const message = 'with metadata.ownerReferences Kubernetes would delete this object';
  const row = (who: Person, key: string) => ({
    who,
    what: `makes ${key} a dependant`,
    object: () => scene.variant(key),
    act: depend,
    message,
  });
  attempts(
    () => scene,
    [
      row('pat', 'Tenant/default'),
      row('olga', 'Organization/acme'),
      row('eve', 'Environment/sales-prod'),
      row('eve', 'Team/analysts'),
      row('sam', 'Dataset/orders'),
      row('ana', 'ConsumptionRole/notebooks'),
      row('root', 'Dataset/orders'),
      {
        who: 'stu',
        what: 'makes a table that depends on what is gone',
        object: () => scene.variant('DatasetTable/orders.orders', { ownerReferences }, { filters: undefined }),
        message,
      },
      {
        who: 'ana',
        what: 'makes a request that depends on what is gone',
        object: () => scene.variant('ShareRequest/orders', { ownerReferences }),
        message,
      },
      {
        who: 'sam',
        what: 'makes an approval that depends on what is gone',
        object: () => scene.variant('ShareApproval/marketing-prod.orders', { ownerReferences }),
        message,
      },
    ],
  );

  it('keep no steward’s hand on a filter of the owner', async () => {
    const table = scene.variant('DatasetTable/orders.orders');
    await allowed(scene.as.sam.create(table));
    await scene.refusedLeaving(table, () => depend(scene.as.stu, table), message);
    await scene.dispose(table);
  });
});

describe('our finalizer', () => {
  it('is there from the start, beside those of Kubernetes', async () => {
    const object = scene.variant('Dataset/orders', { name: 'finalized', finalizers: ['foregroundDeletion'] });
    const { metadata } = await allowed(scene.as.sam.create(object));
    expect(metadata.finalizers?.toSorted()).toEqual([FINALIZER, 'foregroundDeletion']);
    await scene.syncRbac();
    const ours = { metadata: { finalizers: [FINALIZER] } };
    expect((await allowed(scene.as.sam.change(object, ours))).metadata.finalizers).toEqual([FINALIZER]);
    await scene.dispose(object);
    await scene.syncRbac();
  });

  it('has no other beside it, with which a requester could keep an environment from ending', async () => {
    const held = { finalizers: ['evil.example/hold'] };
    const message = 'finalizer evil.example/hold would keep the object, and the environment it is in';
    const object = scene.variant('ShareRequest/orders', { name: 'held' });
    const withHold = scene.variant('ShareRequest/orders', { name: 'held', ...held });
    await scene.refusedLeaving(object, () => scene.as.ana.create(withHold), message);
    await allowed(scene.as.ana.create(object));
    const both = { metadata: { finalizers: [FINALIZER, ...held.finalizers] } };
    for (const who of ['ana', 'root'] as const)
      await scene.refusedLeaving(object, () => scene.as[who].change(object, both), message);
    await allowed(scene.as.pat.delete(object));
    await scene.dispose(object);
  });

  it.each([
    'Organization/acme',
    'Environment/sales-prod',
    'Team/analysts',
    'Dataset/orders',
    'ConsumptionRole/notebooks',
  ])('of %s can be stripped by nobody but the operator', async (key) => {
    const object = scene.variant(key);
    for (const who of ['root', 'pat'] as const) {
      const strip = () => scene.as[who].change(object, { metadata: { finalizers: null } });
      await scene.refusedLeaving(object, strip, 'stays until the operator has seen that nothing is left in AWS');
    }
  });
});

describe('metadata of ours', () => {
  const annotate = (name: string, value: string) => change({ metadata: { annotations: { [name]: value } } });
  const label = (name: string, value: string) => change({ metadata: { labels: { [name]: value } } });
  const orders = () => scene.variant('Dataset/orders');
  attempts(
    () => scene,
    [
      { who: 'sam', what: 'asks for a reconcile', object: orders, act: annotate(annotations.requestedAt, 'now') },
      {
        who: 'sam',
        what: 'asks for a reconcile at more than there is room to answer',
        object: orders,
        act: annotate(annotations.requestedAt, 'x'.repeat(129)),
        message: 'annotation dataall.io/requested-at is a moment, of 1 to 128 characters',
      },
      {
        who: 'sam',
        what: 'asks for a reconcile at no time',
        object: orders,
        act: annotate(annotations.requestedAt, ''),
        message: 'annotation dataall.io/requested-at is a moment, of 1 to 128 characters',
      },
      {
        who: 'zoe',
        what: 'asks for a reconcile of what is not theirs',
        object: orders,
        act: annotate(annotations.requestedAt, 'now'),
        message: 'cannot patch resource',
      },
      {
        who: 'finn',
        what: 'asks for a reconcile of another team’s dataset',
        object: orders,
        act: annotate(annotations.requestedAt, 'later'),
        message: 'only members of its owner, group sales-analysts',
      },
      {
        who: 'sam',
        what: 'chooses an id',
        object: orders,
        act: annotate(annotations.id, 'a1b2c3d4'),
        message: 'annotation dataall.io/id is written by the operator',
      },
      {
        who: 'root',
        what: 'changes an id',
        object: orders,
        act: annotate(annotations.id, 'a1b2c3d4'),
        message: 'annotation dataall.io/id is written by the operator',
      },
      { who: 'operator', what: 'keeps an id', object: orders, act: annotate(annotations.id, 'a1b2c3d4') },
      {
        who: 'sam',
        what: 'abandons',
        object: orders,
        act: annotate(annotations.abandon, 'x'),
        message: 'annotation dataall.io/abandon is written by the operator',
      },
      { who: 'pat', what: 'abandons', object: orders, act: annotate(annotations.abandon, 'x') },
      {
        who: 'pat',
        what: 'restores an object with its id',
        object: () =>
          scene.variant('Dataset/orders', { name: 'restored', annotations: { [annotations.id]: 'b1b2c3d4' } }),
      },
      {
        who: 'sam',
        what: 'creates an object with an id',
        object: () =>
          scene.variant('Dataset/orders', { name: 'restored', annotations: { [annotations.id]: 'b1b2c3d4' } }),
        message: 'annotation dataall.io/id is written by the operator',
      },
      {
        who: 'sam',
        what: 'uses a label of ours',
        object: orders,
        act: label(labels.autoApproved, 'true'),
        message: 'label dataall.io/auto-approved is written by the operator',
      },
      {
        who: 'sam',
        what: 'says the operator made it',
        object: orders,
        act: label(labels.managedBy, 'dataall-operator'),
        message: 'marks what the operator made',
      },
      { who: 'sam', what: 'says Helm made it', object: orders, act: label(labels.managedBy, 'Helm') },
    ],
  );

  it('spoofed status is ignored or refused', async () => {
    const object = orders();
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.status(object, { inUse: 0 }),
      'cannot patch resource "datasets/status"',
    );
    const created = scene.variant('Dataset/orders', { name: 'with-status' });
    const result = await allowed(
      scene.as.sam.create({ ...created, status: { observedGeneration: 1, bucket: 'not-mine' } } as typeof created),
    );
    expect(result.status).toEqual({ observedGeneration: -1 });
    await scene.dispose(created);
  });
});

describe('stamps that no policy writes, because somebody took those policies away', () => {
  const { changedBy, importAuthorized, byOwner } = annotations;
  const s3 = { origin: 'Import', bucket: { name: 'finance-secret' }, lakeFormation: 'Enforced' };
  const binding = (name: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: `dataall-${name}` },
  });
  const spoofs: readonly (readonly [who: Person, object: () => Manifest, message: string])[] = [
    [
      'sam',
      () => scene.variant('Dataset/orders', { name: 'spoofed', annotations: { [changedBy]: 'pat' } }),
      `annotation ${changedBy} says who changed spec`,
    ],
    [
      'sam',
      () =>
        scene.variant(
          'Dataset/orders',
          { name: 'spoofed', annotations: { [changedBy]: 'sam', [importAuthorized]: 'eve' } },
          { s3 },
        ),
      `annotation ${importAuthorized} is written at admission for who holds verb import`,
    ],
    [
      'stu',
      () =>
        scene.variant(
          'DatasetTable/orders.orders',
          { name: 'spoofed', annotations: { [changedBy]: 'stu', [byOwner]: 'sam' } },
          { filters: undefined },
        ),
      `annotation ${byOwner} is written at admission for who may change the dataset`,
    ],
  ];

  it('are written by nobody else either', async () => {
    for (const name of ['stamp-author', 'stamp-import', 'stamp-table'])
      await allowed(scene.as.root.delete(binding(name)));
    for (const [who, object, message] of spoofs)
      await eventually(`refused: ${message}`, async () => {
        const outcome = await scene.as[who].create(object(), true);
        return !outcome.ok && outcome.message.includes(message);
      });
  });
});
