// examples/gitops as Flux syncs it: the real kustomize-controller, three repositories, consent by two pull requests.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Reader } from '../../hack/start/story/reader.ts';
import { openFluxScene, REPOSITORIES, type FluxScene } from '../support/flux-scene.ts';
import { PATIENCE, PATIENTLY, type OurObject } from '../support/gitops-scene.ts';

const REQUEST = 'requests/orders-for-analysts.yaml';
const APPROVAL = 'approvals/marketing-prod.orders-for-analysts.yaml';
const SHARE = '-n marketing-prod sharerequest/orders-for-analysts';
const DATASET = '-n sales-prod dataset/orders';
const TEAMS = ['producer', 'consumer'] as const;
const SYNCED = ['organization', 'environments', 'rights', ...TEAMS];

let flux: FluxScene;
let analysts: Reader;

beforeAll(async () => {
  flux = await openFluxScene([`consumer/${REQUEST}`, `producer/${APPROVAL}`]);
  const { aws } = flux.scene.installation;
  analysts = await Reader.assume(aws, 'consumer', 'analysts', new AbortController().signal);
});
afterAll(() => flux?.[Symbol.asyncDispose]());

const admin = (command: string): Promise<string> => flux.scene.kubectl('admin', command);
const field = (object: string, path: string): Promise<string> => admin(`get ${object} -o jsonpath={${path}}`);
const ready = (object: string): Promise<string> => admin(`wait ${object} --for=condition=Ready ${PATIENTLY}`);
const becomes = (name: string, said: RegExp | string) => expect.poll(() => flux.ready(name), PATIENCE).toMatch(said);

/** A pull request that brings a file of examples/gitops. */
const bring = (repository: (typeof TEAMS)[number], path: string): Promise<string> =>
  flux.repositories[repository].merge(`Add ${path}`, (tree) =>
    cp(join(REPOSITORIES, repository, path), join(tree, path)),
  );

const replace = async (file: string, from: string, to: string): Promise<void> => {
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
};

interface ManagedFields {
  readonly manager: string;
  readonly time: string;
}

/** Of each object, its generation and when kustomize-controller last changed something of it. */
const written = async () => {
  const { items } = JSON.parse(await admin('get dataall -A -o json --show-managed-fields')) as { items: OurObject[] };
  return items.map(({ kind, metadata }) => {
    const fields = metadata.managedFields as readonly ManagedFields[];
    const changed = fields.filter(({ manager }) => manager === 'kustomize-controller').map(({ time }) => time);
    return { kind, name: metadata.name, generation: metadata.generation, changed };
  });
};

let alias = '';

/** Whether the role can read the folder, by the access point that the request told of last. */
const folder = async (): Promise<'given' | 'denied'> => {
  alias = (await field(SHARE, '.status.items[?(@.kind=="Folder")].accessPointAlias')) || alias;
  return 'given' in (await analysts.list(alias, 'raw/')) ? 'given' : 'denied';
};

describe('the platform', () => {
  it('is synced in steps, each of which waits for the one before', async () => {
    const { platform, producer, consumer } = flux.repositories;
    for (const repository of [platform, producer, consumer]) await repository.publish();
    await becomes('organization', /^True/);
    await becomes('environments', /^Unknown Progressing: .*health check/i);
    await becomes('rights', /^False DependencyNotReady/);
    await becomes('producer', /^False DependencyNotReady/);

    await Promise.all([flux.scene.consent('sales-prod', 'producer'), flux.scene.consent('marketing-prod', 'consumer')]);
    for (const name of SYNCED) await becomes(name, /^True ReconciliationSucceeded/);
    await ready(`${DATASET} datasettable/orders.orders`);
  });
});

describe('a share', () => {
  it('is asked for by a pull request of the consumer, and waits for people without holding up the sync', async () => {
    await flux.applied('consumer', await bring('consumer', REQUEST));
    await admin(
      `wait ${SHARE} --for=jsonpath={.status.conditions[?(@.type=="Ready")].reason}=PendingApproval ${PATIENTLY}`,
    );
    expect(await flux.ready('consumer')).toMatch(/^True/);
  });

  it('cannot be approved from the repository of the consumer', async () => {
    const { consumer } = flux.repositories;
    await consumer.merge('Approve it ourselves', (tree) =>
      cp(join(REPOSITORIES, 'producer', APPROVAL), join(tree, 'requests/approval.yaml')),
    );
    await becomes('consumer', /^False .*system:serviceaccount:gitops:marketing.*cannot/s);
    await flux.applied('consumer', await consumer.revert());
    expect(await admin('-n sales-prod get shareapprovals -o name')).toBe('');
  });

  it('is granted by a pull request of the producer', async () => {
    await flux.applied('producer', await bring('producer', APPROVAL));
    await ready(SHARE);
    expect(await folder()).toBe('given');
  });
});

describe('once it is synced', () => {
  it('nothing changes any more', async () => {
    const before = await written();
    expect(before.filter(({ changed }) => changed.length > 0)).toHaveLength(8);
    for (let time = 0; time < 2; time += 1) for (const name of SYNCED) await flux.reconcile(name);
    expect(await written()).toEqual(before);
  });

  it('what somebody changes in the cluster is put back', async () => {
    await admin(`patch ${DATASET} --type=merge -p {"spec":{"label":"Hers"}}`);
    await admin('-n sales-prod delete shareapproval --all');
    await expect.poll(folder, PATIENCE).toBe('denied');
    await flux.reconcile('producer');
    expect(await field(DATASET, '.spec.label')).toBe('Orders');
    await ready(SHARE);
    await expect.poll(folder, PATIENCE).toBe('given');
  });

  it('a Kustomization that is suspended applies nothing until it goes on', async () => {
    const { producer } = flux.repositories;
    await admin('-n gitops patch kustomization producer --type=merge -p {"spec":{"suspend":true}}');
    const relabel = (tree: string) => replace(join(tree, 'datasets/orders.yaml'), 'label: Orders', 'label: Sales');
    const revision = await producer.merge('Rename the dataset', relabel);
    // What was asked for after that has been done: it was this one's turn.
    await flux.reconcile('rights');
    expect((await flux.kustomization('producer')).status?.lastAppliedRevision).not.toBe(revision);
    expect(await field(DATASET, '.spec.label')).toBe('Orders');
    await admin('-n gitops patch kustomization producer --type=merge -p {"spec":{"suspend":false}}');
    await flux.applied('producer', revision);
    expect(await field(DATASET, '.spec.label')).toBe('Sales');
  });
});

describe('what leaves a repository', () => {
  it('takes the access with it, where it is an approval', async () => {
    const { producer } = flux.repositories;
    await flux.applied('producer', await producer.merge('Take it back', (tree) => rm(join(tree, APPROVAL))));
    await expect.poll(folder, PATIENCE).toBe('denied');
    await flux.applied('producer', await producer.revert());
    await expect.poll(folder, PATIENCE).toBe('given');
  });

  it('stays while it is in use, and the sync says by whom', async () => {
    const { producer, consumer } = flux.repositories;
    await producer.merge('Offer nothing', (tree) => rm(join(tree, 'datasets'), { recursive: true }));
    await becomes('producer', /^False .*ShareRequest marketing-prod\/orders-for-analysts/s);
    expect(await folder()).toBe('given');

    await flux.applied('consumer', await consumer.merge('Ask for nothing', (tree) => rm(join(tree, REQUEST))));
    await vi.waitFor(async () => {
      await flux.reconcile('producer');
      expect(await admin('get datasets,datasettables,sharerequests -A -o name')).toBe('');
    }, PATIENCE);
    expect(await flux.ready('producer')).toMatch(/^True/);
  });
});
