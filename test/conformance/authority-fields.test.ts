// Who comes to own which field: what somebody strikes must not stay because somebody else applied the same before. And who may write
// which fields of a table.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Actor, allowed, refused, type Outcome } from '../support/authority-actor.ts';
import { attempts, change, type Manifest } from '../support/authority-attempts.ts';
import { startScene, type Scene } from '../support/authority-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

const approval = (spec = {}) => scene.variant('ShareApproval/marketing-prod.orders', {}, spec);
const table = (spec = {}) => scene.variant('DatasetTable/orders.orders', {}, spec);

/** The object with nothing in spec but some fields, as who applies a part of it writes it. */
const part = ({ apiVersion, kind, metadata }: Manifest, spec: object): Manifest => ({
  apiVersion,
  kind,
  metadata,
  spec,
});

const specOf = async (object: Manifest) => (await scene.stored(object))?.spec;

describe('an update that changes nothing', () => {
  const nothing = change({});
  const claim = (who: Actor, object: Manifest) => who.applyAs('another-manager', object);
  attempts(
    () => scene,
    [
      { who: 'sam', what: 'patches his dataset', object: () => scene.variant('Dataset/orders'), act: nothing },
      {
        who: 'finn',
        what: 'patches another team’s dataset',
        object: () => scene.variant('Dataset/orders'),
        act: nothing,
        message: 'only members of its owner, group sales-analysts',
      },
      {
        who: 'finn',
        what: 'applies another team’s dataset',
        object: () => scene.variant('Dataset/orders'),
        act: claim,
        message: 'group sales-analysts (or who may act-as it)',
      },
      {
        who: 'mia',
        what: 'patches another team’s environment',
        object: () => scene.variant('Environment/sales-prod'),
        act: nothing,
        message: 'cannot patch resource "environments"',
      },
      {
        who: 'plain',
        what: 'patches a role of a group it does not act for',
        object: () => scene.variant('ConsumptionRole/notebooks'),
        act: nothing,
        message: 'only members of its owner',
      },
      {
        who: 'sam',
        what: 'applies his own membership with INVITE_ENVIRONMENT_GROUP',
        object: () => scene.variant('Team/analysts'),
        act: claim,
        message: 'only the owner of environment sales-prod may change or remove its teams',
      },
    ],
  );

  it('shows no environment to strangers who have an organization of their own', async () => {
    const { zoe } = scene.as;
    const own = scene.variant('Organization/acme', { name: 'zoes' }, { owner: 'strangers', teams: [] });
    await allowed(zoe.create(own));
    await scene.syncRbac();
    const environment = scene.variant('Environment/sales-prod');
    await refused(zoe.get(environment), 'cannot get resource');
    const message = 'cannot patch resource "environments"';
    await scene.refusedLeaving(environment, () => zoe.change(environment, {}), message);
    await scene.refusedLeaving(environment, () => zoe.applyAs('zoe', part(environment, {})), message);
    await scene.dispose(own);
    await scene.syncRbac();
  });

  it('is accepted from who invited a team, and applies the same again', async () => {
    const { sam } = scene.as;
    const team = scene.variant('Team/finance', { name: 'invited' }, { group: 'sales-guests' });
    await allowed(sam.applyAs('flux', team));
    const first = await allowed(sam.applyAs('flux', team));
    expect(await allowed(sam.applyAs('flux', team))).toEqual(first);
    const message = 'may change or remove its teams';
    await scene.refusedLeaving(team, () => sam.applyAs('argo', team), message);
    await scene.refusedLeaving(
      team,
      () => sam.applyAs('flux', part(team, { group: 'sales-guests', permissions: [] })),
      message,
    );
    await scene.dispose(team);
  });

  it('is accepted from the controller that stores objects anew', async () => {
    const account = ['kube-system', 'storage-version-migrator-controller'] as const;
    const migrator = new Actor(await scene.harness.controlPlane.serviceAccount(...account));
    const objects = [approval(), table(), scene.variant('ShareRequest/orders')];
    for (const object of objects)
      await allowed(scene.as[object.kind === 'ShareRequest' ? 'ana' : 'sam'].create(object));
    const places = ['Organization/acme', 'Environment/sales-prod', 'Team/analysts', 'Dataset/orders'];
    for (const object of [...places.map((key) => scene.variant(key)), ...objects]) {
      const before = await specOf(object);
      await allowed(migrator.change(object, {}));
      expect(await specOf(object)).toEqual(before);
    }
    for (const object of objects) await scene.dispose(object);
  });
});

describe('what an owner strikes by server-side apply is gone', () => {
  const items = [
    { kind: 'Table', name: 'orders' },
    { kind: 'Table', name: 'secrets' },
  ];

  it('from an approval, whatever somebody without a say in it applied', async () => {
    const { sam, finn } = scene.as;
    const given = approval({ items, permissions: ['Read', 'Write'] });
    await allowed(sam.applyAs('kubectl', given));
    await scene.refusedLeaving(given, () => finn.applyAs('finn', given), 'needs verb approve');
    await allowed(sam.applyAs('kubectl', approval({ items: items.slice(0, 1), permissions: ['Read'] })));
    expect(await specOf(given)).toMatchObject({ items: items.slice(0, 1), permissions: ['Read'] });
    await scene.dispose(given);
  });

  it('from an approval, or they are told that a colleague wrote it too', async () => {
    const { sam, stu } = scene.as;
    const given = approval({ items });
    await allowed(sam.applyAs('kubectl', given));
    await scene.refusedLeaving(given, () => stu.applyAs('stu', given), 'you do not act for sales-analysts');
    await allowed(sam.applyAs('colleague', given));
    const less = approval({ items: items.slice(0, 1) });
    await scene.refusedLeaving(given, () => sam.applyAs('kubectl', less), 'conflict with "colleague": .spec.items');
    await allowed(sam.apply(less));
    expect(await specOf(given)).toMatchObject({ items: items.slice(0, 1) });
    await scene.dispose(given);
  });

  const filters = [{ name: 'eu_only', columns: ['id', 'card_number'] }];

  it('from the filters of a table, of which who describes it comes to own none', async () => {
    const { sam, stu, pat } = scene.as;
    await allowed(sam.applyAs('kubectl', table({ filters })));
    const message = 'changing filters changes what approved shares';
    for (const who of [stu, pat])
      await scene.refusedLeaving(table(), () => who.applyAs('another-manager', table({ filters })), message);
    const disowned = { metadata: { managedFields: [{}] } };
    await scene.refusedLeaving(table(), () => stu.change(table(), disowned), message);
    await allowed(stu.applyAs('stu', part(table(), { ...reference, description: 'One row an order' })));
    const narrower = [{ name: 'eu_only', columns: ['id'] }];
    await allowed(sam.applyAs('kubectl', table({ filters: narrower })));
    expect(await specOf(table())).toMatchObject({ filters: narrower, description: 'One row an order' });
    await allowed(sam.applyAs('kubectl', table({ filters: undefined })));
    expect(await specOf(table())).not.toHaveProperty('filters');
    await scene.dispose(table());
  });
  const reference = { datasetRef: { name: 'orders' }, table: 'orders' };

  it('from what decides who gets at a dataset, of which platform administrators come to own nothing', async () => {
    const { sam, pat } = scene.as;
    const open = {
      stewards: ['sales-stewards', 'sales-finance'],
      sharing: { autoApproval: true },
      folders: [{ name: 'raw', prefix: 'raw/' }],
      s3: { origin: 'Create', coOwners: ['sales-finance'] },
    };
    const dataset = scene.variant('Dataset/orders', { name: 'struck' }, open);
    await allowed(sam.applyAs('kubectl', dataset));
    await scene.syncRbac();
    const say = (field: string) => `spec.${field} has a say in who gets at the data`;
    const claim = (spec: object): Promise<Outcome> => pat.applyAs('pat', part(dataset, spec));
    const { stewards, sharing, folders, s3 } = open;
    await scene.refusedLeaving(dataset, () => claim({ stewards }), say('stewards'));
    await scene.refusedLeaving(dataset, () => claim({ sharing }), say('sharing'));
    await scene.refusedLeaving(dataset, () => claim({ folders }), say('folders'));
    await scene.refusedLeaving(dataset, () => claim({ s3 }), say('s3.coOwners'));
    await scene.refusedLeaving(dataset, () => claim({ confidentiality: 'Official' }), say('confidentiality'));
    const disowned = { metadata: { managedFields: [{}] } };
    await scene.refusedLeaving(dataset, () => pat.change(dataset, disowned), say('stewards'));
    await allowed(claim({ language: 'English' }));

    const closed = { stewards: undefined, sharing: undefined, folders: undefined, s3: { origin: 'Create' } };
    await allowed(sam.applyAs('kubectl', scene.variant('Dataset/orders', { name: 'struck' }, closed)));
    const { confidentiality, label, owner, ...rest } = (await specOf(dataset)) ?? {};
    expect([confidentiality, label, owner]).toEqual(['Official', 'Orders', 'sales-analysts']);
    expect(rest).toEqual({ s3: { origin: 'Create' }, language: 'English', deletionPolicy: 'Retain' });
    await scene.dispose(dataset);
    await scene.syncRbac();
  });
});

describe('tables', () => {
  attempts(
    () => scene,
    [
      { who: 'sam', what: 'filters a table of his dataset', object: table },
      {
        who: 'stu',
        what: 'filters a table as steward, who may be asking for it',
        object: table,
        message: 'so its owner alone may',
      },
      { who: 'stu', what: 'describes a table as steward', object: () => table({ filters: [] }) },
      {
        who: 'finn',
        what: 'filters a table of another dataset in the namespace',
        object: table,
        message: 'ask one of them, or correct spec.datasetRef if there is no such dataset',
      },
      {
        who: 'finn',
        what: 'describes a table of another dataset, to be first',
        object: () => table({ filters: [] }),
        message: 'only the owner and the stewards',
      },
      { who: 'pat', what: 'describes a table as platform administrator', object: () => table({ filters: [] }) },
      {
        who: 'pat',
        what: 'filters a table as platform administrator',
        object: table,
        message: 'changing filters changes what approved shares',
      },
    ],
  );

  it('keep their filters from who may describe but not approve', async () => {
    const object = table();
    await allowed(scene.as.sam.create(object));
    await allowed(scene.as.pat.change(object, { spec: { description: 'One row an order' } }));
    await scene.refusedLeaving(
      object,
      () => scene.as.pat.change(object, { spec: { filters: [{ name: 'eu_only', rows: 'true' }] } }),
      'changing filters',
    );
    await scene.refusedLeaving(object, () => scene.as.pat.delete(object), 'changing filters');
    await scene.refusedLeaving(object, () => scene.as.finn.delete(object), 'only the owner and the stewards');
    await scene.refusedLeaving(object, () => scene.as.stu.delete(object), 'changing filters');
    await allowed(scene.as.sam.delete(object));
    expect(await scene.stored(object)).toBeUndefined();
  });

  it('keep their filters from who asks and is a steward', async () => {
    const object = table();
    const dataset = scene.variant('Dataset/orders');
    const stewards = ['sales-stewards', 'Marketing Analysts/EMEA@acme.example'];
    await allowed(scene.as.sam.create(object));
    await allowed(scene.as.sam.change(dataset, { spec: { stewards } }));
    await scene.syncRbac();
    await allowed(scene.as.ana.change(object, { spec: { description: 'Seen by a steward' } }));
    const wide = { spec: { filters: [{ name: 'eu_only', rows: '1 = 1' }] } };
    await scene.refusedLeaving(object, () => scene.as.ana.change(object, wide), 'so its owner alone may');
    await allowed(scene.as.sam.change(object, wide));
    await allowed(scene.as.sam.change(dataset, { spec: { stewards: ['sales-stewards'] } }));
    await allowed(scene.as.sam.delete(object));
    await scene.syncRbac();
  });
});
