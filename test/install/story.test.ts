// The whole story of `npm start` on what the chart installs: pods as they are rendered, with the chart's rights and no others. What of these
// rights nobody uses, is none that the chart gives.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureKubectl } from '../../hack/control-plane/binaries.ts';
import { REGION } from '../../hack/start/cast.ts';
import { untilAdministratorsMay, untilPoliciesAct } from '../../hack/start/policies-act.ts';
import { makeAnalytics } from '../../hack/start/sample-data/analytics.ts';
import { makeLake } from '../../hack/start/sample-data/lake.ts';
import { administrators, bootstrapAccounts } from '../../hack/start/simulated-accounts.ts';
import { Stage } from '../../hack/start/story/stage.ts';
import { STORY } from '../../hack/start/story/story.ts';
import { tell } from '../../hack/start/story/tell.ts';
import { Terminal } from '../../hack/start/terminal.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import type { PolicyRule } from '../../operator/resources/authority/permission-sets.ts';
import { CHART, NAMESPACE, openChartScene, type ChartScene, type RunningPods } from '../support/chart-scene.ts';
import { auditOf, covers, rightsOf, usedRights, wordsOf } from '../support/used-rights.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 600_000;
const userOf = (serviceAccount: string): string => `system:serviceaccount:${NAMESPACE}:${serviceAccount}`;

const started = new AsyncDisposableStack();
let scene: ChartScene;
let pods: RunningPods;
let stage: Stage;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-story-'));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const auditPolicy = auditOf([SERVICE_ACCOUNT, GATEWAY_SERVICE_ACCOUNT].map(userOf));
  scene = started.use(await openChartScene({ administrators: ['platform-admins'], auditPolicy }));
  const { aws, controlPlane, url, issuer, clientId } = scene;
  await bootstrapAccounts(aws);
  await makeLake(aws);
  await makeAnalytics(aws);
  await scene.helm('install', 'dataall', CHART, '--values', scene.values);
  await untilPoliciesAct(controlPlane, await controlPlane.serviceAccount(NAMESPACE, SERVICE_ACCOUNT));
  pods = started.use(await scene.startPods('operator', 'indexer', 'gateway'));
  await untilAdministratorsMay(controlPlane);
  const endpoints = {
    kubectl: await ensureKubectl(),
    kubeconfig: controlPlane.kubeconfigPath,
    aws: { endpoint: aws.endpoint, region: REGION, accounts: administrators(aws) },
    graphql: `${url}/graphql/api`,
    oidc: { issuer, clientId },
    web: `${url}/`,
  };
  stage = new Stage({ aws, endpoints }, folder, new AbortController().signal);
}, PATIENCE_MS);
afterAll(() => started.disposeAsync(), PATIENCE_MS);

it(
  'tells of people who link accounts, share, heal and take back, by kubectl and by GraphQL',
  async () => {
    const silent = new Terminal(new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream);
    const { steps } = await tell(STORY, stage, silent);
    const broken = steps.filter(({ ok }) => !ok);
    expect(broken, broken.length > 0 ? pods.log() : undefined).toEqual([]);
    expect(steps).toHaveLength(STORY.length);
  },
  PATIENCE_MS,
);

/** Verbs of rules that the story has no use for: the test that has. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'dataall.io/shareapprovals: create': 'test/e2e/decisions.test.ts',
  'dataall.io/datasettables: delete': 'test/e2e/gitops-delete.test.ts',
  'dataall.io/teams: get': 'test/e2e/owners.test.ts',
  'dataall.io/teams: list': 'test/e2e/owners.test.ts',
  'dataall.io/teams: credentials': 'test/e2e/owners.test.ts',
  'dataall.io/teams: console': 'test/e2e/owners.test.ts',
  'dataall.io/teams: stack': 'test/e2e/owners.test.ts',
  'secrets: get': 'test/e2e/restart.test.ts',
};

/** Caches list where the API server does not stream what there is (operator/kernel/cache/reflector.test.ts). */
const isOfCaches = (verb: string, verbs: readonly string[]): boolean => verb === 'list' && verbs.includes('watch');

it.each([
  ['ClusterRole', 'dataall:operator', SERVICE_ACCOUNT],
  ['Role', 'dataall:operator', SERVICE_ACCOUNT],
  ['ClusterRole', 'dataall:gateway', GATEWAY_SERVICE_ACCOUNT],
  ['Role', 'dataall:gateway', GATEWAY_SERVICE_ACCOUNT],
  ['ClusterRole', 'dataall:catalog-reader', GATEWAY_SERVICE_ACCOUNT],
] as const)('used every verb of each rule of %s %s', async (kind, name, serviceAccount) => {
  const { rules } = await roleOf(kind, name);
  const used = usedRights(scene.controlPlane.auditLog, userOf(serviceAccount));
  const unused = rules.flatMap((rule) =>
    rule.verbs
      .filter((verb) => !isOfCaches(verb, rule.verbs))
      .map((verb) => rightsOf([{ ...rule, verbs: [verb] }]))
      .filter((rights) => !rights.some((right) => used.some((act) => covers(right, act))))
      .flatMap(([first]) => (first === undefined ? [] : wordsOf(first))),
  );
  expect(unused.filter((words) => !Object.hasOwn(ELSEWHERE, words))).toEqual([]);
});

it('what is used elsewhere, is used in a test that there is', () => {
  expect(Object.values(ELSEWHERE).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

async function roleOf(kind: 'ClusterRole' | 'Role', name: string): Promise<{ readonly rules: readonly PolicyRule[] }> {
  const group = 'rbac.authorization.k8s.io';
  const found =
    kind === 'Role'
      ? await scene.api.get(
          { group, version: 'v1', plural: 'roles', kind, scope: 'Namespaced' },
          { namespace: NAMESPACE, name },
        )
      : await scene.api.get({ group, version: 'v1', plural: 'clusterroles', kind, scope: 'Cluster' }, { name });
  return found as unknown as { readonly rules: readonly PolicyRule[] };
}
