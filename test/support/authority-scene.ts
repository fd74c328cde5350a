// Two environments with their people, policies and RBAC, on a real API server; the operator is its ServiceAccount and nothing more.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { readManifests } from '../../hack/control-plane/manifests.ts';
import { untilPoliciesAct } from '../../hack/start/policies-act.ts';
import { expect } from 'vitest';
import type { KubeObject, Stored } from '../../operator/kernel/kind.ts';
import { FIELD_MANAGER } from '../../operator/resources/annotations.ts';
import { compile, factsOf, type Fact, type Grant } from '../../operator/resources/authority/compile.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { inTurns } from '../../operator/kernel/turns.ts';
import { rbacSteps } from '../../operator/resources/authority/rbac-steps.ts';
import { toRbac } from '../../operator/resources/authority/rbac.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import { startHarness, type Harness, type HarnessOptions } from './harness.ts';
import { Actor, allowed, kindOf, refused, type AnyObject, type Outcome } from './authority-actor.ts';
import type { Manifest } from './authority-attempts.ts';
import { takeNamespace } from './authority-namespace.ts';

/** A condition holds within a second on an idle machine; rights of 500 groups take many more on one that six others work on. */
const PATIENCE_MS = 120_000;
const MANIFESTS = join(import.meta.dirname, '..', 'manifests', 'authority');

/** People by first name, each in one group (and `system:authenticated`). */
export const people = {
  pat: 'platform-admins',
  olga: 'acme-owners',
  inga: 'acme-inviters',
  eve: 'sales-engineers',
  sam: 'sales-analysts',
  stu: 'sales-stewards',
  finn: 'sales-finance',
  mia: 'marketing-engineers',
  ana: 'Marketing Analysts/EMEA@acme.example',
  carl: 'contractors',
  vera: 'auditors',
  zoe: 'strangers',
} as const;

export type Person = keyof typeof people | 'root' | 'operator' | 'git' | 'plain' | 'argo';

export interface Scene {
  readonly harness: Harness;
  readonly as: Readonly<Record<Person, Actor>>;
  /** An object of test/manifests/authority, by `Kind/name`, with other metadata and spec laid over. */
  variant(key: string, metadata?: Record<string, unknown>, spec?: Record<string, unknown>): Manifest;
  /** As the API server has it now. */
  stored(object: KubeObject): Promise<Stored<AnyObject> | undefined>;
  /** Refused with that message, and nothing about the object has changed. */
  refusedLeaving(object: KubeObject, attempt: () => Promise<Outcome>, message: string): Promise<void>;
  /** Deletes, and finishes the deletion as the operator would once AWS is clean. */
  dispose(object: KubeObject): Promise<void>;
  /** What a controller does after each change: compiles the specs and applies the RBAC, as the operator. */
  syncRbac(): Promise<readonly Grant[]>;
  stop(): Promise<void>;
}

/** Everything in place: an organization, two environments with their teams, two datasets, a role. Takes about 15 seconds. */
export async function startScene(options: Pick<HarnessOptions, 'policyStatus'> = {}): Promise<Scene> {
  const users = Object.entries(people).map(([name, group]) => ({ name, groups: [group] }));
  const harness = await startHarness({ ...options, users });
  try {
    return await furnish(harness);
  } catch (error) {
    await harness.stop();
    throw error;
  }
}

async function furnish(harness: Harness): Promise<Scene> {
  await harness.apply(installManifests());
  await harness.apply(readManifests(join(MANIFESTS, 'service-accounts.yaml')));
  const { controlPlane } = harness;
  const account = async (namespace: string, name: string) =>
    new Actor(await controlPlane.serviceAccount(namespace, name));
  const person = (name: keyof typeof people) => new Actor(controlPlane.kubeconfig(name));
  const as = {
    root: new Actor(controlPlane.kubeconfig()),
    operator: await account(defaultInstallation.namespace, SERVICE_ACCOUNT),
    git: await account('team-git', 'marketing-analysts'),
    plain: await account('team-git', 'namespace-admin'),
    argo: await account('argocd', 'argocd-application-controller'),
    pat: person('pat'),
    olga: person('olga'),
    inga: person('inga'),
    eve: person('eve'),
    sam: person('sam'),
    stu: person('stu'),
    finn: person('finn'),
    mia: person('mia'),
    ana: person('ana'),
    carl: person('carl'),
    vera: person('vera'),
    zoe: person('zoe'),
  } satisfies Record<Person, Actor>;

  const objects = new Map(
    readManifests(join(MANIFESTS, 'world.yaml')).map((object): [string, Manifest] => [
      `${object.kind}/${object.metadata.name}`,
      { ...object },
    ]),
  );
  const variant: Scene['variant'] = (key, metadata = {}, spec) => {
    const base: Manifest | undefined = structuredClone(objects.get(key));
    if (base === undefined) throw new Error(`no manifest ${key} in ${MANIFESTS}`);
    const overlaid: Manifest = { ...base, metadata: { ...base.metadata, ...metadata } };
    return spec === undefined ? overlaid : { ...overlaid, spec: { ...Object(overlaid['spec']), ...spec } };
  };
  const stored: Scene['stored'] = (object) => as.root.read(object);
  const inEffect = new Set<string>();
  const make = async (author: Person, ...keys: string[]) => {
    for (const key of keys) await allowed(as[author].create(variant(key)));
    await syncRbacAs(as, inEffect);
  };

  await untilPoliciesAct(
    controlPlane,
    await controlPlane.serviceAccount(defaultInstallation.namespace, SERVICE_ACCOUNT),
  );
  await make('root', 'Tenant/default');
  await make('olga', 'Organization/acme');
  await make('eve', 'Environment/sales-prod');
  await make('mia', 'Environment/marketing-prod');
  await takeNamespace(as.operator, 'sales-prod', '111111111111', people.eve);
  await takeNamespace(as.operator, 'marketing-prod', '222222222222', people.mia);
  await syncRbacAs(as, inEffect);
  await make('eve', 'Team/analysts', 'Team/finance');
  await make('mia', 'Team/marketing-analysts');
  await make('sam', 'Dataset/orders');
  await make('finn', 'Dataset/invoices');
  await make('ana', 'ConsumptionRole/notebooks');
  await make('root', 'RoleBinding/namespace-admin');
  return {
    harness,
    as,
    variant,
    stored,
    syncRbac: () => syncRbacAs(as),
    refusedLeaving: async (object, attempt, message) => {
      const before = await stored(object);
      await refused(attempt(), message);
      expect(await stored(object)).toEqual(before);
    },
    dispose: async (object) => {
      const deleter = object.kind === 'ShareApproval' ? as.operator : as.root;
      await allowed(deleter.delete(object));
      if ((await stored(object)) !== undefined) {
        await allowed(as.operator.change(object, { metadata: { finalizers: null } }));
      }
      expect(await stored(object)).toBeUndefined();
    },
    stop: () => harness.stop(),
  };
}

/** @param inEffect what need not be asked: nobody takes away meanwhile what was found to be in effect. Default: everything is asked. */
async function syncRbacAs(
  { operator, root }: { operator: Actor; root: Actor },
  inEffect = new Set<string>(),
): Promise<readonly Grant[]> {
  const { api } = operator;
  const grants = compile({
    tenant: (await api.list(tenantKind)).items[0],
    organizations: (await api.list(organizationKind)).items,
    environments: (await api.list(environmentKind)).items,
    teams: (await api.list(teamKind)).items,
    datasets: (await api.list(datasetKind)).items,
  });
  for (const { type, object } of await inTurns(rbacSteps(await observedRbac(operator), toRbac(grants)), Infinity))
    if (type === 'delete') await api.delete(kindOf(object), object.metadata);
    else await api.apply(kindOf(object), object, { fieldManager: FIELD_MANAGER, force: true });
  const facts = grants.flatMap((grant) => factsOf([grant]).slice(-1));
  let waiting = facts.filter((fact) => !inEffect.has(JSON.stringify(fact)));
  await eventually('RBAC is in effect', async () => {
    const answers = await areAllowed(root, waiting);
    waiting = waiting.filter((_, index) => answers[index] !== true);
    return waiting.length === 0;
  });
  for (const fact of facts) inEffect.add(JSON.stringify(fact));
  return grants;
}

async function observedRbac({ api }: Actor): Promise<KubeObject[]> {
  const all: KubeObject[] = [];
  for (const kind of ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']) {
    const { items } = await api.list(kindOf({ kind }));
    all.push(...items.map((object) => ({ ...object, kind })));
  }
  return all;
}

/** What the API server's own authorizer says about a member of these groups. */
export async function isAllowed(
  { api }: Actor,
  groups: readonly string[],
  { verb, apiGroup, resource, subresource, name, namespace }: Omit<Fact, 'group'> & { readonly subresource?: string },
): Promise<boolean> {
  const answer = await api.post<{ status: { allowed: boolean } }>(
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: 'someone',
        groups,
        resourceAttributes: { group: apiGroup, verb, resource, subresource, name, namespace },
      },
    },
  );
  return answer.status.allowed;
}

/** The same of many, in their order: a few at a time, for the last of thousands asked at once would be given up on a busy machine. */
export async function areAllowed(actor: Actor, questions: readonly Fact[]): Promise<boolean[]> {
  return pLimit(16).map(questions, async (question) => isAllowed(actor, [question.group], question));
}

export async function eventually(what: string, attempt: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await attempt())) {
    if (Date.now() > deadline) throw new Error(`not so after ${PATIENCE_MS} ms: ${what}`);
    await delay(50);
  }
}
