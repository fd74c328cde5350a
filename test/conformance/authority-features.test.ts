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

  it('lets consent be taken back, item by item too, and none be given: requests and approvals', async () => {
    const { ana, sam } = scene.as;
    const two = [
      { kind: 'Table', name: 'orders' },
      { kind: 'Bucket', name: 'bucket' },
    ];
    const [one] = two;
    const request = scene.variant('ShareRequest/orders', {}, { items: two });
    const approval = scene.variant('ShareApproval/marketing-prod.orders', {}, { items: two });
    await switchTo({}, () => tried(dataset('new', { confidentiality: 'Offical' })), 'say one of Unclassified');
    await eventually('everything is on', async () => (await ana.create(request)).ok);
    await allowed(sam.create(approval));

    const another = scene.variant('ShareRequest/orders', { name: 'another' });
    const message = 'Disabled by config modules.s3_datasets_shares';
    const off = {
      modules: Object.fromEntries(['s3_datasets_shares', 's3_datasets', 'worksheets'].map((name) => [name, null])),
    };
    await switchTo(off, () => ana.create(another, true), message);
    const refusedBy = (object: Manifest, attempt: () => Promise<Outcome>) =>
      scene.refusedLeaving(object, attempt, message);
    await refusedBy(request, () => ana.change(request, { spec: { purpose: 'More' } }));
    await refusedBy(approval, () => sam.change(approval, { spec: { permissions: ['Read', 'Write'] } }));
    await allowed(sam.change(approval, { spec: { items: [one] } }));
    await refusedBy(approval, () => sam.change(approval, { spec: { items: two } }));
    await allowed(sam.change(approval, { spec: { decision: 'Rejected' } }));
    await refusedBy(approval, () => sam.change(approval, { spec: { decision: 'Approved' } }));
    await allowed(sam.delete(approval));
    await allowed(ana.delete(request));
    await scene.dispose(approval);
    await scene.dispose(request);
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
