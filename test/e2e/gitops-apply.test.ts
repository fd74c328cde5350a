// The manifests of examples/ as people and Git controllers use them: applied twice, waited for, read, described, suspended.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kinds } from '../../operator/resources/kinds.ts';
import { kstatus } from '../support/kstatus.ts';
import { ArgoHealthScript } from '../support/argocd.ts';
import { openGitOpsScene, PATIENCE, PATIENTLY, type GitOpsScene, type OurObject } from '../support/gitops-scene.ts';

const REQUESTS = '-n marketing-prod sharerequests';
const ORDERS = '-n marketing-prod sharerequest/orders-for-analysts';

const APPROVAL = '-n sales-prod shareapproval/marketing-prod.orders-for-analysts';
/** What people applied with plain `kubectl apply`; environments were created, and the tenant came by the server. */
const APPLIED = ['acme', 'sales/datasets.yaml', 'sales/tables.yaml', 'sales/approvals.yaml', 'marketing/requests.yaml']
  .map((path) => `-f examples/${path}`)
  .join(' ');

/** With what the server took from others. (examples/gitops holds repositories, each of which is synced in its own way.) */
const ALL = '-f examples/tenant.yaml -f examples/acme -f examples/sales -f examples/marketing';

const TEAM = 'test/e2e/gitops-team.yaml';
/** What is told besides where granting takes longer than a moment: `Granting: 0 of 3 items granted`. */
const WAITS_FOR = /not ready yet|^Granting: \d of 3 items granted/;
const READY = `{.status.conditions[?(@.type=="Ready")].reason}`;

let scene: GitOpsScene;
let argo: ArgoHealthScript;

beforeAll(async () => {
  [scene, argo] = await Promise.all([openGitOpsScene(), ArgoHealthScript.load()]);
  await scene.link();
  await scene.sync('owner', `apply -f ${TEAM} -f examples/sales/datasets.yaml -f examples/sales/tables.yaml`);
  await scene.sync('analyst', 'apply -f examples/marketing');
  await scene.kubectl('owner', `-n sales-prod wait team,dataset,datasettable --all --for=condition=Ready ${PATIENTLY}`);
});
afterAll(async () => {
  argo.close();
  await scene[Symbol.asyncDispose]();
});

describe('a request without consent', () => {
  it('waits, and tools that wait know it: not ready, in progress, suspended', async () => {
    await readyReason('PendingApproval');
    expect(healthOf(await orders())).toMatchObject({ status: 'Suspended' });
    expect(kstatus(await orders())).toBe('InProgress');
    await scene.refusal('analyst', `wait ${ORDERS} --for=condition=Ready --timeout=1s`);
    expect(table(await scene.kubectl('analyst', `get ${REQUESTS}`))).toEqual([
      'NAME                     FROM         DATASET     PRINCIPAL   PHASE       ITEMS   GRANTED   READY   STATUS            AGE',
      'catalogue-for-analysts   sales-prod   catalogue   analysts    Submitted   1       0         False   PendingApproval',
      'orders-for-analysts      sales-prod   orders      analysts    Submitted   3       0         False   PendingApproval',
    ]);
  });
});

describe('with consent', () => {
  it('kubectl wait returns, and kubectl get tells where each share stands', async () => {
    await scene.sync('owner', 'apply -f examples/sales');
    await scene.kubectl('analyst', `wait ${REQUESTS} --all --for=condition=Ready ${PATIENTLY}`);
    expect(table(await scene.kubectl('analyst', `get ${REQUESTS}`))).toEqual([
      'NAME                     FROM         DATASET     PRINCIPAL   PHASE     ITEMS   GRANTED   READY   STATUS    AGE',
      'catalogue-for-analysts   sales-prod   catalogue   analysts    Granted   1       1         True    Granted',
      'orders-for-analysts      sales-prod   orders      analysts    Granted   3       3         True    Granted',
    ]);
    expect(table(await scene.kubectl('analyst', `get ${REQUESTS} -o wide`))).toEqual([
      'NAME                     FROM         DATASET     PRINCIPAL   PHASE     ITEMS   GRANTED   REQUESTER   EXPIRES   READY   STATUS    MESSAGE                AGE',
      'catalogue-for-analysts   sales-prod   catalogue   analysts    Granted   1       1         marketing             True    Granted   1 of 1 items granted',
      'orders-for-analysts      sales-prod   orders      analysts    Granted   3       3         marketing             True    Granted   3 of 3 items granted',
    ]);
    const decisions = table(await scene.kubectl('owner', 'get -n sales-prod shareapprovals'));
    expect(decisions[0]).toMatch(/^NAME +DECISION +DATASET +APPROVER +REQUESTER +PRINCIPAL /);
    expect(decisions[1]).toMatch(
      /^marketing-prod.catalogue-for-analysts +Approved +catalogue +sales +marketing +analysts /,
    );
  });

  it('every object is healthy to Argo CD and done to kstatus', async () => {
    // What another object's change set going (who uses what) is done a moment later.
    await vi.waitFor(async () => {
      const objects = await scene.objects();
      expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ kind }) => kind)));
      for (const object of objects) {
        expect(healthOf(object), nameOf(object)).toMatchObject({ status: 'Healthy' });
        expect(kstatus(object), nameOf(object)).toBe('Current');
      }
    }, PATIENCE);
  });

  it('applying again changes nothing, by the client or by the server', async () => {
    const before = await written();
    const answers = await scene.kubectl('admin', `apply ${APPLIED}`);
    expect(answers.split('\n').filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
    expect(await scene.kubectl('admin', `diff ${APPLIED}`)).toBe('');
    expect(await written()).toEqual(before);

    // The first time by the server, kubectl only takes its fields over.
    await scene.kubectl('admin', `apply ${ALL} --server-side`);
    const byServer = await written();
    expect(byServer.map(({ spec }) => spec)).toEqual(before.map(({ spec }) => spec));
    await scene.kubectl('admin', `apply ${ALL} --server-side`);
    expect(await scene.kubectl('admin', `diff ${ALL} --server-side`)).toBe('');
    expect(await written()).toEqual(byServer);
  });

  it('each kind answers a request to reconcile now', async () => {
    for (const { kind, metadata } of await scene.objects()) {
      const object = `${kind} ${metadata.name} -n ${metadata.namespace ?? 'default'}`;
      const asked = `asked-of-${metadata.name}`;
      await scene.kubectl('admin', `annotate ${object} dataall.io/requested-at=${asked}`);
      await scene.kubectl('admin', `wait ${object} --for=jsonpath={.status.lastHandledAt}=${asked} ${PATIENTLY}`);
    }
  });

  it('a suspended request is not granted until it goes on, and suspension never keeps access open', async () => {
    await scene.kubectl('owner', `delete ${APPROVAL}`);
    await scene.kubectl('analyst', `patch ${ORDERS} --type=merge -p {"spec":{"suspend":true}}`);
    await scene.kubectl('owner', 'apply -f examples/sales/approvals.yaml');
    await readyReason('Suspended');
    expect(healthOf(await orders())).toMatchObject({ status: 'Suspended' });
    expect((await orders()).status).toMatchObject({ granted: 0 });

    await scene.kubectl('analyst', `patch ${ORDERS} --type=merge -p {"spec":{"suspend":false}}`);
    await scene.kubectl('analyst', `wait ${ORDERS} --for=condition=Ready ${PATIENTLY}`);
    await scene.kubectl('analyst', `patch ${ORDERS} --type=merge -p {"spec":{"suspend":true}}`);
    await scene.kubectl('owner', `delete ${APPROVAL}`);
    await readyReason('PendingApproval');
    expect((await orders()).status).toMatchObject({ granted: 0, phase: 'Submitted' });
  });

  it('kubectl describe tells the story in order', async () => {
    // Events are written in the background.
    await vi.waitFor(async () => {
      const story = eventsOf(await scene.kubectl('analyst', `describe ${ORDERS}`));
      // Whether anybody sees the moment in which it is suspended and all of it is granted depends on who is quicker.
      const told = story.filter((line) => !WAITS_FOR.test(line) && !/^Suspended: .* 3 of 3 items/.test(line));
      expect(told).toEqual([
        'PendingApproval: waits for the decision of sales',
        'Granted: 3 of 3 items granted',
        'Revoking: access that is no longer consented to is being taken away',
        expect.stringMatching(/^Suspended: /),
      ]);
    }, PATIENCE);
  });
});

const orders = async (): Promise<OurObject> =>
  JSON.parse(await scene.kubectl('admin', `get ${ORDERS} -o json`)) as OurObject;

const readyReason = async (reason: string): Promise<void> => {
  await scene.kubectl('analyst', `wait ${ORDERS} --for=jsonpath=${READY}=${reason} ${PATIENTLY}`);
};

const healthOf = (object: OurObject) => argo.healthOf(object);

const nameOf = ({ kind, metadata }: OurObject): string => `${kind} ${metadata.name}`;

/** A table without its last column, the age. */
const table = (output: string): readonly string[] =>
  output.split('\n').map((line) => line.replace(/ +\d+m?\d*s?$/, ''));

/** What others than the operator wrote: everything but its status. */
const written = async () =>
  (await scene.objects()).map(({ kind, metadata, spec }) => {
    const { resourceVersion: _version, ...kept } = metadata;
    return { kind, metadata: kept, spec };
  });

/** What the Events below `describe` say, each for the first time. */
const eventsOf = (described: string): readonly string[] => {
  const lines = (described.split('Events:')[1] ?? '').split('\n').slice(3);
  const said = lines
    .map((line) => line.trim().split(/ {2,}/))
    .map(([, reason, , , message]) => `${reason}: ${message}`);
  return [...new Set(said)];
};
