// RBAC on a real API server: what is compiled is what the authorizer says, and the operator gives no more than it may.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotations, labels, MANAGED_BY } from '../../operator/resources/annotations.ts';
import { allows, factsOf, type Fact } from '../../operator/resources/authority/compile.ts';
import { policiesMissing } from '../../operator/resources/authority/in-force.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { shippedInstallation, policySettings } from '../../operator/resources/authority/installation.ts';
import { admissionPolicies } from '../../operator/resources/authority/policies.ts';
import { ourResources } from '../../operator/resources/authority/resources.ts';
import { applyManifests } from '../../hack/control-plane/manifests.ts';
import { allowed, kindOf, refused } from '../support/authority-actor.ts';
import type { Manifest } from '../support/authority-attempts.ts';
import { areAllowed, eventually, isAllowed, startScene, type Scene } from '../support/authority-scene.ts';

let scene: Scene;
let facts: readonly Fact[];
beforeAll(async () => {
  scene = await startScene({ policyStatus: true });
  facts = factsOf(await scene.syncRbac());
});
afterAll(() => scene?.stop());

describe('compiled rights', () => {
  it('are all given', async () => {
    const answers = await areAllowed(scene.as.root, facts);
    expect(facts.filter((_, index) => answers[index] !== true)).toEqual([]);
    expect(facts.length).toBeGreaterThan(300);
  });

  it('and the authorizer agree about everybody, every verb and every object', async () => {
    const objects = [
      { resource: 'tenants', name: 'default' },
      { resource: 'organizations', name: 'acme' },
      { resource: 'organizations', name: 'other' },
      { resource: 'environments', name: 'sales-prod' },
      { resource: 'environments', name: 'marketing-prod' },
      { resource: 'datasets', namespace: 'sales-prod', name: 'orders' },
      { resource: 'datasets', namespace: 'sales-prod', name: 'invoices' },
      { resource: 'datasettables', namespace: 'sales-prod', name: 'orders.orders' },
      { resource: 'shareapprovals', namespace: 'sales-prod', name: 'marketing-prod.orders' },
      { resource: 'sharerequests', namespace: 'marketing-prod', name: 'orders' },
      { resource: 'consumptionroles', namespace: 'marketing-prod', name: 'notebooks' },
      { resource: 'teams', namespace: 'marketing-prod', name: 'analysts' },
    ];
    const groups = new Set([...facts.map(({ group }) => group), 'contractors', 'strangers']);
    const verbs = new Set([...facts.map(({ verb }) => verb), 'deletecollection', 'act-as', 'escalate']);
    const questions = [...groups].flatMap((group) =>
      objects.flatMap((object) => [...verbs].map((verb) => ({ ...object, group, verb, apiGroup: 'dataall.io' }))),
    );
    const answers = await areAllowed(scene.as.root, questions);
    const differing = questions.filter(
      (question, index) => allows(facts, [question.group], question) !== answers[index],
    );
    expect(differing).toEqual([]);
    expect(answers.filter(Boolean).length).toBeGreaterThan(100);
  });

  it('let nobody write status or finalizers, or delete collections', async () => {
    const everyone = [...new Set(facts.map(({ group }) => group)), 'system:authenticated'];
    const forbidden = ourResources.flatMap((resource) => [
      ...['update', 'patch'].flatMap((verb) =>
        ['status', 'finalizers'].map((subresource) => ({ verb, resource: `${resource}/${subresource}` })),
      ),
      { verb: 'deletecollection', resource },
    ]);
    for (const { verb, resource } of forbidden) {
      const [plural = '', subresource] = resource.split('/');
      const namespace = 'sales-prod';
      const question = {
        verb,
        apiGroup: 'dataall.io',
        resource: plural,
        namespace,
        ...(subresource && { subresource }),
      };
      expect({ resource, verb, allowed: await isAllowed(scene.as.root, everyone, question) }).toEqual({
        resource,
        verb,
        allowed: false,
      });
    }
  });

  it('show cluster-scoped objects by name, and no list of all', async () => {
    const environment = scene.variant('Environment/sales-prod');
    await allowed(scene.as.sam.get(environment));
    await refused(scene.as.ana.get(environment), 'cannot get resource "environments"');
    await refused(scene.as.sam.list('Environment'), 'cannot list resource "environments"');
    await allowed(scene.as.sam.list('Dataset', 'sales-prod'));
    await refused(scene.as.ana.list('Dataset', 'sales-prod'), 'cannot list resource "datasets"');
    await allowed(scene.as.pat.list('Environment'));
  });

  it('end with what they follow from', async () => {
    const team = scene.variant('Team/finance');
    const list = () => scene.as.finn.list('Team', 'sales-prod');
    await allowed(list());
    await scene.dispose(team);
    await scene.syncRbac();
    await eventually('finance sees no teams', async () => !(await list()).ok);
    await allowed(scene.as.finn.get(scene.variant('Dataset/invoices')));
    await allowed(scene.as.eve.create(team));
    await scene.syncRbac();
    await allowed(list());
  });

  it('are put right when somebody widens them', async () => {
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { namespace: 'sales-prod', name: 'dataall:environment-member' },
    };
    const intruder = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'strangers' };
    await allowed(scene.as.root.change(binding, { subjects: [intruder] }));
    await eventually('the stranger looks around', async () => (await scene.as.zoe.list('Dataset', 'sales-prod')).ok);
    await scene.syncRbac();
    await eventually('no longer', async () => !(await scene.as.zoe.list('Dataset', 'sales-prod')).ok);
  });
});

describe('the operator', () => {
  const managed = { [labels.managedBy]: MANAGED_BY };
  const role = (name: string, rule: object, kind = 'ClusterRole', metadata = {}): Manifest => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name, labels: managed, ...metadata },
    rules: [{ apiGroups: ['dataall.io'], resources: ['datasets'], verbs: ['get'], ...rule }],
  });
  const bind = (name: string, to: string, metadata = {}): Manifest => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: managed, ...metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: to },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'strangers' }],
  });

  it('has neither escalate nor a wildcard', () => {
    const operatorRoles = installManifests().filter(
      ({ kind, metadata }) => kind.endsWith('Role') && metadata.name === 'dataall:operator',
    );
    expect(operatorRoles.map(({ kind }) => kind)).toEqual(['ClusterRole', 'Role']);
    expect(JSON.stringify(operatorRoles)).not.toMatch(/"\*"|escalate|impersonate/);
  });

  it.each([
    [
      'a wildcard',
      () => role('dataall:x', { verbs: ['*'] }),
      'attempting to grant RBAC permissions not currently held',
    ],
    [
      'other groups of resources',
      () => role('dataall:x', { apiGroups: [''], resources: ['secrets'] }),
      'attempting to grant',
    ],
    [
      'the right to act for groups',
      () => role('dataall:x', { resources: ['groups'], verbs: ['act-as'] }),
      'attempting to grant',
    ],
    [
      'status of its own kinds it may give, but the right to escalate not',
      () => role('dataall:x', { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate'] }),
      'attempting to grant',
    ],
    ['cluster-admin', () => bind('dataall:x', 'cluster-admin'), 'attempting to grant'],
    ['what it holds, outside its names', () => role('mine', {}), 'the operator keeps to RBAC objects named dataall:*'],
    [
      'what it holds, unlabelled',
      () => role('dataall:x', {}, 'ClusterRole', { labels: {} }),
      'the operator keeps to RBAC objects',
    ],
  ])('cannot give %s', async (_, make, message) => {
    const object = make();
    await scene.refusedLeaving(object, () => scene.as.operator.create(object), message);
  });

  it('can bind the shipped roles, and no role of others', async () => {
    const binding = bind('dataall:test', 'dataall:account-linker');
    await allowed(scene.as.operator.create(binding));
    await allowed(scene.as.operator.delete(binding));
    const theirs = bind('dataall:theirs', 'dataall:account-linker', { labels: {} });
    await allowed(scene.as.root.create(theirs));
    await scene.refusedLeaving(theirs, () => scene.as.operator.delete(theirs), 'the operator keeps to');
    await scene.refusedLeaving(
      theirs,
      () => scene.as.operator.change(theirs, { metadata: { labels: managed } }),
      'the operator keeps to',
    );
    await allowed(scene.as.root.delete(theirs));
  });

  it('cannot change the roles it is given', async () => {
    const own = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'dataall:operator' },
    };
    await scene.refusedLeaving(own, () => scene.as.operator.change(own, { rules: [] }), 'the operator keeps to');
    await scene.refusedLeaving(own, () => scene.as.operator.delete(own), 'the operator keeps to');
  });

  it('touches namespaces of environments only', async () => {
    const other: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-git' } };
    const label = { metadata: { labels: { [labels.environment]: 'team-git' } } };
    await scene.refusedLeaving(
      other,
      () => scene.as.operator.change(other, label),
      'the operator keeps to namespaces with label',
    );
    await scene.refusedLeaving(
      other,
      () => scene.as.operator.delete(other),
      'the operator keeps to namespaces with label',
    );
    const made: Manifest = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'made', labels: { [labels.environment]: 'made' }, annotations: { [annotations.account]: '1' } },
    };
    await allowed(scene.as.operator.create(made));
    await allowed(scene.as.operator.delete(made));
  });

  it('cannot change policies or their settings', async () => {
    const policy = kindOf({ kind: 'ValidatingAdmissionPolicy' });
    const object = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: policy.kind,
      metadata: { name: 'dataall-approve' },
    };
    await scene.refusedLeaving(object, () => scene.as.operator.delete(object), 'cannot delete resource');
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'dataall-system', name: 'dataall-policy-settings' },
    };
    await scene.refusedLeaving(
      settings,
      () => scene.as.operator.change(settings, { data: {} }),
      'cannot patch resource',
    );
  });
});

describe('whether policies are in force', () => {
  const settings = policySettings(shippedInstallation());
  const expected = [settings, ...admissionPolicies(shippedInstallation())];
  const api = 'admissionregistration.k8s.io/v1';
  const observed = async () => {
    const kinds = [
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
    ];
    const lists = kinds.map(async (kind) =>
      (await scene.as.operator.api.list(kindOf({ kind }))).items.map((item) => ({ ...item, kind, spec: item.spec })),
    );
    const { kind, metadata } = settings;
    const configMaps = await scene.as.operator.api.list(kindOf({ kind }), { namespace: metadata.namespace });
    const read = configMaps.items.filter(({ metadata: { name } }) => name === metadata.name);
    return [...(await Promise.all(lists)).flat(), ...read.map((item) => ({ ...item, kind }))];
  };
  const missing = async () => policiesMissing(await observed(), expected);
  const reinstall = () => applyManifests(scene.harness.controlPlane.kubeconfig(), expected);
  const object = (kind: string, name: string) => ({ apiVersion: api, kind, metadata: { name } });

  it('is yes as installed, and compiled without a warning', async () => {
    expect(await missing()).toEqual([]);
    await eventually('type checks are done', async () =>
      (await observed())
        .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
        .every(({ status }) => status?.['typeChecking'] !== undefined),
    );
    const warnings = (await observed()).map(({ metadata, status }) => ({
      name: metadata.name,
      ...Object(status?.['typeChecking']),
    }));
    expect(warnings.filter(({ expressionWarnings }) => expressionWarnings !== undefined)).toEqual([]);
  });

  it('is yes when others add policies', async () => {
    const others: Manifest = {
      ...object('ValidatingAdmissionPolicyBinding', 'theirs'),
      spec: { policyName: 'none', validationActions: ['Audit'] },
    };
    await allowed(scene.as.root.create(others));
    expect(await missing()).toEqual([]);
    await allowed(scene.as.root.delete(others));
  });

  it.each([
    ['ValidatingAdmissionPolicy', 'dataall-approve'],
    ['ValidatingAdmissionPolicyBinding', 'dataall-approve'],
    ['MutatingAdmissionPolicy', 'dataall-finalizer'],
    ['MutatingAdmissionPolicyBinding', 'dataall-stamp-import'],
  ])('is no when %s %s is removed', async (kind, name) => {
    await allowed(scene.as.root.delete(object(kind, name)));
    expect(await missing()).toEqual([`${kind} ${name} is missing`]);
    await reinstall();
    expect(await missing()).toEqual([]);
  });

  it('is no when their settings are gone, and then nobody decides about requests or links accounts', async () => {
    const approval = scene.variant('ShareApproval/marketing-prod.orders');
    const environment = scene.variant(
      'Environment/sales-prod',
      { name: 'another' },
      { account: { id: '333333333333', region: 'eu-west-1' } },
    );
    await allowed(scene.as.root.delete(settings));
    expect(await missing()).toEqual(['ConfigMap dataall-policy-settings is missing']);
    for (const attempt of [() => scene.as.sam.apply(approval, true), () => scene.as.eve.create(environment, true)]) {
      await eventually('it is refused', async () => {
        const outcome = await attempt();
        return !outcome.ok && outcome.message.includes('no params found');
      });
    }
    await reinstall();
    expect(await missing()).toEqual([]);
    await eventually('people decide again', async () => (await scene.as.sam.apply(approval, true)).ok);
    await eventually('people link again', async () => (await scene.as.eve.create(environment, true)).ok);
  });

  it('is no when their settings are others than the operator is configured with', async () => {
    await allowed(scene.as.root.change(settings, { data: { allowSelfApproval: 'true' } }));
    expect(await missing()).toEqual(['ConfigMap dataall-policy-settings is not as shipped']);
    await reinstall();
    expect(await missing()).toEqual([]);
  });

  it.each([
    ['only warns', 'ValidatingAdmissionPolicyBinding', { validationActions: ['Warn'] }],
    [
      'leaves a namespace out',
      'ValidatingAdmissionPolicyBinding',
      { matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } } },
    ],
    ['lets failures pass', 'ValidatingAdmissionPolicy', { failurePolicy: 'Ignore' }],
    [
      'has another condition',
      'ValidatingAdmissionPolicy',
      { matchConditions: [{ name: 'never', expression: 'false' }] },
    ],
  ])('is no when one %s', async (_, kind, spec) => {
    await allowed(scene.as.root.change(object(kind, 'dataall-approve'), { spec }));
    expect(await missing()).toEqual([`${kind} dataall-approve is not as shipped`]);
    await allowed(scene.as.root.delete(object(kind, 'dataall-approve')));
    await reinstall();
    expect(await missing()).toEqual([]);
  });
});
