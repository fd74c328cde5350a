// What config.json switches off is refused by the API server, to whoever asks by whatever door; what is there stays, and can be ended.

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { featuresWith } from '../../operator/features/testing/features-with.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import {
  shippedInstallation,
  policySettings,
  ruledByFeatures,
} from '../../operator/resources/authority/installation.ts';
import { allowed, refused, type Outcome } from '../support/authority-actor.ts';
import { databaseServer } from '../support/database.ts';
import { gatewayScene } from '../support/gateway-scene.ts';
import { startIndexer } from '../support/index-scene.ts';
import type { Manifest } from '../support/authority-attempts.ts';
import { eventually, people, startScene, type Scene } from '../support/authority-scene.ts';

const postgres = databaseServer();
let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

/** Puts a config.json in force. @param attempt that it refuses @param message of the refusal */
async function switchTo(patch: Record<string, unknown>, attempt: () => Promise<Outcome>, message: string) {
  const installation = { ...shippedInstallation(), ...ruledByFeatures(featuresWith(patch)) };
  const { data, ...settings } = policySettings(installation);
  await allowed(scene.as.root.change(settings, { data }));
  await eventually(`the policies say ${message}`, async () => {
    const outcome = await attempt();
    return !outcome.ok && outcome.message.includes(message);
  });
}

const features = (module: string, values: object) => ({ modules: { [module]: { features: values } } });
const dataset = (name: string, spec = {}): Manifest => scene.variant('Dataset/orders', { name }, spec);
/** Asked, and not made. */
const tried = (object: Manifest): Promise<Outcome> => scene.as.sam.create(object, true);
const folder = { name: 'raw', prefix: 'raw/' };

describe('the confidentiality of a dataset', () => {
  it('is a level of the installation; one that another mapping has left behind may stay', async () => {
    await refused(tried(dataset('new', { confidentiality: 'Offical' })), 'say one of Unclassified, Official, Secret');
    await allowed(tried(dataset('new', { confidentiality: 'Unclassified' })));

    const mapping = { custom_confidentiality_mapping: { Public: 'Unclassified', Private: 'Official' } };
    const message = 'confidentiality Official is none of this installation: say one of Public, Private';
    await switchTo(features('datasets_base', mapping), () => tried(dataset('new')), message);
    await allowed(tried(dataset('new', { confidentiality: 'Private' })));
    const orders = scene.variant('Dataset/orders');
    await allowed(scene.as.sam.change(orders, { spec: { description: 'Orders of the shop' } }));
    await refused(
      scene.as.sam.change(orders, { spec: { confidentiality: 'Secret' } }),
      'confidentiality Secret is none of this installation',
    );
  });

  it('is not Unclassified where nobody chooses it', async () => {
    const open = () => tried(dataset('new', { confidentiality: 'Unclassified' }));
    await switchTo(features('datasets_base', { confidentiality_dropdown: false }), open, 'say one of Official, Secret');
    await allowed(tried(dataset('new', { confidentiality: 'Secret' })));
  });
});

describe('a feature that is off', () => {
  it.each([
    [
      'topics',
      features('datasets_base', { topics_dropdown: false }),
      { topics: ['Sales', 'Orders'] },
      { topics: ['Sales'] },
      'Disabled by config modules.datasets_base.features.topics_dropdown: leave new topics out of spec.topics',
    ],
    [
      'folders',
      features('s3_datasets', { file_actions: false }),
      { folders: [folder, { name: 'curated', prefix: 'curated/' }] },
      { folders: [folder] },
      'Disabled by config modules.s3_datasets.features.file_actions: leave new and changed folders out of spec.folders',
    ],
    [
      'ends of shares',
      features('datasets_base', { share_expiration: { active: false } }),
      { sharing: { expiration: { setting: 'Monthly', min: 1, max: 3 } } },
      { sharing: { expiration: null } },
      'Disabled by config modules.datasets_base.features.share_expiration.active: leave spec.sharing.expiration out',
    ],
  ])(
    'takes no new %s, and leaves those that are there until somebody takes them out',
    async (_, config, some, fewer, message) => {
      const { sam } = scene.as;
      const old = dataset('old', some);
      await switchTo({}, () => tried(dataset('new', { confidentiality: 'Offical' })), 'say one of Unclassified');
      await eventually('everything is on', async () => (await tried(dataset('new', some))).ok);
      await allowed(sam.create(old));

      await switchTo(config, () => tried(dataset('new', some)), message);
      await allowed(tried(dataset('new')));
      await allowed(sam.change(old, { spec: { description: 'Described' } }));
      await allowed(sam.change(old, { spec: fewer }));
      await scene.refusedLeaving(old, () => sam.change(old, { spec: some }), message);
      await scene.dispose(old);
    },
  );

  it('keeps a folder from being described anew, which is a change of it', async () => {
    const { sam } = scene.as;
    await switchTo({}, () => tried(dataset('new', { confidentiality: 'Offical' })), 'say one of Unclassified');
    const old = dataset('old', { folders: [folder] });
    await eventually('folders are on', async () => (await sam.create(old)).ok);
    const off = () => tried(dataset('new', { folders: [folder] }));
    await switchTo(features('s3_datasets', { file_actions: false }), off, 'Disabled by config');
    const change = () => sam.change(old, { spec: { folders: [{ ...folder, description: 'As it came' }] } });
    await scene.refusedLeaving(old, change, 'file_actions');
    await scene.dispose(old);
  });
});

describe('by GraphQL', () => {
  const CREATE = `mutation ($input: NewDatasetInput!) { createDataset(input: $input) { name } }`;
  const input = { label: 'New', organizationUri: 'acme', SamlAdminGroupName: people.sam, confidentiality: 'Official' };

  /** A gateway before this API server. @param patch of its config.json */
  async function open(patch: Record<string, unknown>) {
    const { controlPlane } = scene.harness;
    const config = await controlPlane.serviceAccount(shippedInstallation().namespace, GATEWAY_SERVICE_ACCOUNT);
    const api = new HttpKubeApi({ credentials: kubeConfigCredentials(config) });
    onTestFinished(async () => api.close());
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    const environment = () =>
      database.selectFrom('environment').select('uri').where('name', '=', 'sales-prod').executeTakeFirst();
    await expect.poll(environment, { timeout: 30_000 }).toBeDefined();
    const parts = { api, database, features: featuresWith(patch) };
    const { as } = await gatewayScene(postgres, async () => undefined, parts);
    return { sam: as('sam', people.sam), environmentUri: (await environment())?.uri };
  }

  it('a level that is not the installation’s is refused in data.all’s words', async () => {
    const mapping = { custom_confidentiality_mapping: { Public: 'Unclassified', Private: 'Official' } };
    const patch = features('datasets_base', mapping);
    await switchTo(patch, () => tried(dataset('new')), 'say one of Public, Private');
    const { sam, environmentUri } = await open(patch);
    expect(await sam.refused(CREATE, { input: { ...input, environmentUri } })).toEqual({
      code: 'InvalidInput',
      message: expect.stringContaining('confidentiality value "Official" must be one of Public, Private'),
    });
    const made = await sam.ask(CREATE, { input: { ...input, environmentUri, confidentiality: 'Private' } });
    expect(made).toMatchObject({ createDataset: { name: expect.stringContaining('new') } });
  });

  it('what admission refuses because it is off is told like an operation that is off, whatever file the gateway has', async () => {
    const topics = features('datasets_base', { topics_dropdown: false });
    await switchTo(topics, () => tried(dataset('new', { topics: ['Sales'] })), 'topics_dropdown');
    const { sam, environmentUri } = await open({});
    expect(await sam.refused(CREATE, { input: { ...input, environmentUri, topics: ['Sales'] } })).toEqual({
      code: 'DisabledByConfig',
      message: expect.stringMatching(/^Disabled by config modules\.datasets_base\.features\.topics_dropdown: /),
    });
  });

  it('an operation of a module that is off does not ask Kubernetes', async () => {
    const { sam, environmentUri } = await open({ modules: { s3_datasets: null, worksheets: null } });
    expect(await sam.refused(CREATE, { input: { ...input, environmentUri } })).toEqual({
      code: 'DisabledByConfig',
      message: expect.stringMatching(/^Disabled by config modules\.s3_datasets: /),
    });
  });
});

describe('a module that is off', () => {
  it('keeps its objects, lets people end them, and takes no new ones: datasets and tables', async () => {
    const { sam } = scene.as;
    const old = dataset('old');
    await allowed(sam.create(old));
    const message = 'Disabled by config modules.s3_datasets: what is there stays and can be deleted';
    const off = { modules: { s3_datasets: null, worksheets: null } };
    await switchTo(off, () => tried(dataset('new')), message);
    const table = scene.variant('DatasetTable/orders.orders');
    await scene.refusedLeaving(table, () => sam.create(table), message);
    await scene.refusedLeaving(old, () => sam.change(old, { spec: { description: 'Described' } }), message);
    await allowed(sam.change(old, { metadata: { labels: { looked: 'at' } } }));
    await allowed(scene.as.operator.status(old, { observedGeneration: 1 }));
    await allowed(sam.delete(old));
    await scene.dispose(old);
  });

  describe('of shares', () => {
    const two = [
      { kind: 'Table', name: 'orders' },
      { kind: 'Bucket', name: 'bucket' },
    ];
    const [one] = two;
    const message = 'Disabled by config modules.s3_datasets_shares';
    const off = {
      modules: Object.fromEntries(['s3_datasets_shares', 's3_datasets', 'worksheets'].map((name) => [name, null])),
    };
    const request = () => scene.variant('ShareRequest/orders', {}, { items: two });
    const approval = (spec = {}) => scene.variant('ShareApproval/marketing-prod.orders', {}, { items: two, ...spec });

    /** There before the module is switched off, and bound. */
    async function givenBefore(consent: Manifest): Promise<void> {
      const { ana, sam } = scene.as;
      await switchTo({}, () => tried(dataset('new', { confidentiality: 'Offical' })), 'say one of Unclassified');
      await eventually('everything is on', async () => (await ana.create(request())).ok);
      await allowed(sam.create(consent));
      await isSaid(consent);
      onTestFinished(async () => {
        await scene.dispose(consent);
        await scene.dispose(request());
      });
      await switchTo(off, () => ana.create(scene.variant('ShareRequest/orders', { name: 'another' }), true), message);
    }

    /** What the operator says of the decision as it is now: that it is bound, unless it is given a reason why that is stale. */
    async function isSaid(consent: Manifest, staleness?: string): Promise<void> {
      const { generation = 0 } = (await scene.stored(consent))?.metadata ?? {};
      const condition = (type: string, said: boolean, reason: string) => ({
        type,
        status: said ? 'True' : 'False',
        reason,
        message: '',
        observedGeneration: generation,
        lastTransitionTime: '2026-11-30T12:00:00Z',
      });
      const isBound = staleness === undefined;
      await allowed(
        scene.as.operator.status(consent, {
          observedGeneration: generation,
          conditions: [
            condition('Bound', isBound, staleness ?? 'Bound'),
            condition('Ready', isBound, staleness ?? 'Succeeded'),
          ],
        }),
      );
    }

    const refusedBy = (object: Manifest, attempt: () => Promise<Outcome>) =>
      scene.refusedLeaving(object, attempt, message);

    it('lets consent be taken back, item by item too, and none be given: requests and approvals', async () => {
      const { ana, sam } = scene.as;
      const consent = approval();
      await givenBefore(consent);
      const change = (spec: object) => sam.change(consent, { spec });
      await refusedBy(request(), () => ana.change(request(), { spec: { purpose: 'More' } }));
      await refusedBy(consent, () => change({ permissions: ['Read', 'Write'] }));
      await allowed(change({ items: [one] }));
      await isSaid(consent);
      await refusedBy(consent, () => change({ items: two }));
      await allowed(change({ decision: 'Rejected' }));
      await refusedBy(consent, () => change({ decision: 'Approved' }));
      await allowed(sam.delete(consent));
      await allowed(ana.delete(request()));
    });

    it('gives nothing again that was taken back, refused or suspended, and lets each be done', async () => {
      const { sam } = scene.as;
      const at = '2026-11-30T12:00:00Z';
      const [table, bucket] = two.map((item) => ({ ...item, at }));
      const consent = approval({ withdrawn: [table], suspend: true });
      await givenBefore(consent);
      const change = (spec: object) => sam.change(consent, { spec });
      await refusedBy(consent, () => change({ withdrawn: [] }));
      await refusedBy(consent, () => change({ withdrawn: null }));
      await refusedBy(consent, () => change({ withdrawn: [{ ...table, at: '2020-01-01T00:00:00Z' }] }));
      await refusedBy(consent, () => change({ suspend: null }));
      await allowed(change({ withdrawn: [table, bucket] }));
      await isSaid(consent);
      await allowed(change({ rejected: [bucket] }));
      await isSaid(consent);
      await refusedBy(consent, () => change({ rejected: null }));
      await refusedBy(consent, () => change({ withdrawn: [bucket] }));
    });

    it('lets nothing that is stale be consented to anew by an edit, and all of it be ended', async () => {
      const { sam } = scene.as;
      const consent = approval();
      await givenBefore(consent);
      const change = (spec: object) => sam.change(consent, { spec });
      await isSaid(consent, 'ApprovalStale');
      await refusedBy(consent, () => change({ items: [one] }));
      await refusedBy(consent, () => change({ reason: 'As before' }));
      await refusedBy(consent, () =>
        change({
          requestRef: { ...Object(approval()['spec']).requestRef, uid: '00000000-0000-4000-8000-000000000000' },
        }),
      );
      await allowed(change({ decision: 'Rejected' }));
    });

    it('compares the longest lists there can be', async () => {
      const { sam } = scene.as;
      const names = Array.from({ length: 500 }, (_, at) => ({ kind: 'Table', name: `table_${at}_${'x'.repeat(200)}` }));
      const denied = names.map((item) => ({ ...item, at: '2026-11-30T12:00:00Z', reason: 'y'.repeat(200) }));
      const consent = approval({ items: names, withdrawn: denied, rejected: denied });
      await givenBefore(consent);
      await allowed(sam.change(consent, { spec: { items: names.toReversed().slice(1) } }));
    });
  });

  it('begins no maintenance, and lets one end', async () => {
    const { pat } = scene.as;
    const tenant = scene.variant('Tenant/default');
    const window = (maintenance: unknown) => pat.change(tenant, { spec: { maintenance } });
    const message = 'Disabled by config modules.maintenance: leave spec.maintenance out';
    await allowed(window({ mode: 'ReadOnly' }));
    const off = () => pat.change(tenant, { spec: { maintenance: { mode: 'NoAccess' } } });
    await switchTo({ modules: { maintenance: null } }, off, message);
    await allowed(pat.change(tenant, { spec: { ownerQuota: { organizations: 7 } } }));
    await allowed(window(null));
    await scene.refusedLeaving(tenant, () => window({ mode: 'ReadOnly' }), message);
  });
});
