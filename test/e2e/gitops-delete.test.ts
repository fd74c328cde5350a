// Deleting in any order: what is used stays and says by whom; the same command again ends clean; both accounts are as they were.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountDifferences } from '../../hack/start/story/differences.ts';
import { openGitOpsScene, PATIENCE, PATIENTLY, type GitOpsScene } from '../support/gitops-scene.ts';

const REQUESTS = 'examples/marketing/requests.yaml';
const APPROVALS = 'examples/sales/approvals.yaml';
const DATASETS = '-f examples/sales/datasets.yaml -f examples/sales/tables.yaml';

let scene: GitOpsScene;
let before: ReturnType<typeof accountsNow>;

const accountsNow = () => scene.installation.aws.world.snapshot();

beforeAll(async () => {
  scene = await openGitOpsScene();
  before = accountsNow();
  await scene.link();
});
afterAll(() => scene[Symbol.asyncDispose]());

/** Everything is there and granted, whatever was deleted before. */
const share = async (): Promise<void> => {
  await scene.sync('owner', `apply ${DATASETS}`);
  await scene.kubectl('owner', `-n sales-prod wait dataset,datasettable --all --for=condition=Ready ${PATIENTLY}`);
  await scene.kubectl('analyst', `apply -f ${REQUESTS}`);
  await scene.sync('owner', `apply -f ${APPROVALS}`);
  await scene.kubectl('analyst', `-n marketing-prod wait sharerequest --all --for=condition=Ready ${PATIENTLY}`);
};

const left = async (): Promise<readonly string[]> =>
  (await scene.objects()).map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();

const LINKED = ['Environment marketing-prod', 'Environment sales-prod', 'Organization acme', 'Tenant default'];

describe('kubectl delete', () => {
  it('is refused for what others use, and the refusal names them', async () => {
    await share();
    const using = 'ShareRequest marketing-prod/orders-for-analysts';
    for (const [user, object, users] of [
      ['owner', '-n sales-prod dataset orders', [using]],
      ['owner', 'environment sales-prod', ['Dataset sales-prod/catalogue', 'Dataset sales-prod/orders']],
      ['analyst', '-n marketing-prod consumptionrole analysts', [using]],
      ['analyst', 'environment marketing-prod', ['ConsumptionRole marketing-prod/analysts', using]],
      // Whoever is invited reads its status: environments are counted there, and not named.
      ['platform-admin', 'organization acme', ['in use by 2 objects']],
    ] as const) {
      await vi.waitFor(async () => {
        const refusal = await scene.refusal(user, `delete ${object} --dry-run=server`);
        for (const user of users) expect(refusal).toContain(user);
        expect(refusal).toContain('end that first, then delete again');
      }, PATIENCE);
    }
  });

  it.each([
    [
      'consumer first',
      [
        ['analyst', `-f ${REQUESTS}`],
        ['owner', `-f ${APPROVALS} ${DATASETS}`],
      ],
    ],
    [
      // Tables go with their dataset.
      'producer first',
      [
        ['owner', `-f ${APPROVALS} -f examples/sales/datasets.yaml`],
        ['analyst', `-f ${REQUESTS}`],
      ],
    ],
    ['all at once', [['admin', `${DATASETS} -f ${REQUESTS} -f ${APPROVALS}`]]],
  ] as const)('%s, repeated until it is accepted, leaves nothing of the shares', async (_order, commands) => {
    await share();
    for (const [user, files] of commands) await scene.sync(user, `delete ${files} --ignore-not-found --timeout=20s`);
    expect(await left()).toEqual(LINKED);
  });

  it('by the owner, repeated after some of it is gone, is accepted for what is not there any more', async () => {
    await share();
    await scene.sync('analyst', `delete -f ${REQUESTS} --ignore-not-found --timeout=20s`);
    await scene.sync('owner', `delete -f ${APPROVALS} --ignore-not-found --timeout=20s`);
    await scene.sync('owner', '-n sales-prod delete dataset catalogue --ignore-not-found --timeout=20s');
    await scene.kubectl(
      'owner',
      `delete -f ${APPROVALS} -f examples/sales/datasets.yaml --ignore-not-found --timeout=20s`,
    );
    expect(await left()).toEqual(LINKED);
    // Their rights on what they owned have ended with it; a file that is deleted again names nothing that is anybody's.
    await scene.kubectl('owner', `delete ${DATASETS} -f ${APPROVALS} --ignore-not-found`);
  });

  it('of everything in one command, repeated until it is accepted, leaves the accounts as they were', async () => {
    await share();
    const examples = ['tenant.yaml', 'acme', 'sales', 'marketing'].map((path) => `-f examples/${path}`).join(' ');
    const all = `delete ${examples} --ignore-not-found --timeout=30s`;
    expect(await scene.refusal('admin', all)).toContain('is in use by');
    await scene.sync('admin', all);
    expect(await left()).toEqual([]);
    await scene.kubectl('admin', `wait --for=delete namespace/sales-prod namespace/marketing-prod ${PATIENTLY}`);
    const { differences } = accountDifferences(scene.installation.aws.world, before);
    // The consent was written by the administrators of the accounts and is theirs to take back.
    expect(differences.filter((difference) => !difference.includes('/dataall/dataall/consent'))).toEqual([]);
  });
});
