// What admission decides about environments, their groups and roles that are changed through the gateway: on a real API server, with the gateway's
// own ServiceAccount and a read model of what is there.

import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Credentials, kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation } from '../../operator/resources/authority/installation.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { people, startScene, type Scene } from '../support/authority-scene.ts';
import { databaseServer } from '../support/database.ts';
import { peopleOf, untilIndexed, type Person } from '../support/gateway-scene.ts';
import { startIndexer } from '../support/index-scene.ts';
import { Proxy } from '../support/kernel-proxy.ts';
import { quickClock } from '../support/quick-clock.ts';

const postgres = databaseServer();

let scene: Scene;
let api: HttpKubeApi;
let credentials: Credentials;
beforeAll(async () => {
  scene = await startScene();
  const account = await scene.harness.controlPlane.serviceAccount(
    defaultInstallation.namespace,
    GATEWAY_SERVICE_ACCOUNT,
  );
  credentials = kubeConfigCredentials(account);
  api = new HttpKubeApi({ credentials });
});
afterAll(async () => {
  await api?.close();
  await scene?.stop();
});

const all = async <T extends KubeObject>(kind: Kind<T>) => (await api.list(kind)).items;

/** @param asked how the API server is reached for people */
async function gateway(asked: KubeApi = api) {
  const { database } = await postgres.fresh();
  startIndexer(api, database);
  await untilIndexed(api, database);
  const as = peopleOf({ api: asked, database });
  const uri = async (table: 'organization' | 'environment' | 'dataset', name: string) =>
    (await database.selectFrom(table).select('uri').where('name', '=', name).executeTakeFirstOrThrow()).uri;
  const person = (name: keyof typeof people): Person => as(name, people[name]);
  return { person, uri };
}

const create = `mutation ($input: NewEnvironmentInput!) { createEnvironment(input: $input) { name owner SamlGroupName } }`;
const invite = `mutation ($input: InviteGroupOnEnvironmentInput!) { inviteGroupOnEnvironment(input: $input) { name } }`;
const add = `mutation ($input: AddConsumptionPrincipalToEnvironmentInput!) {
  addConsumptionPrincipalToEnvironment(input: $input) { consumptionPrincipalName groupUri }
}`;

it('An account is linked for a group of who asks, to an organization that let it, and by nobody else', async () => {
  const { person, uri } = await gateway();
  const input = {
    label: 'Through the gateway',
    organizationUri: await uri('organization', 'acme'),
    SamlGroupName: people.eve,
    AwsAccountId: '333333333333',
    region: 'eu-west-1',
  };
  const refused = async (who: keyof typeof people, spec = {}) =>
    person(who).refused(create, { input: { ...input, ...spec } });
  expect(await refused('olga')).toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('only members of its owner, group sales-engineers'),
  });
  expect(await refused('inga', { SamlGroupName: people.inga })).toMatchObject({ code: 'UnauthorizedOperation' });
  expect(await refused('zoe', { SamlGroupName: people.zoe })).toMatchObject({ code: 'ResourceNotFound' });
  const before = await all(environmentKind);
  const { createEnvironment } = await person('eve').ask<{ createEnvironment: object }>(create, { input });
  // Stamped at admission with the name of who asked, not of the gateway.
  expect(createEnvironment).toMatchObject({ owner: 'eve', SamlGroupName: people.eve });
  expect(await all(environmentKind)).toHaveLength(before.length + 1);
});

it('A group is invited by who may, with a role of the account by its owner alone', async () => {
  const { person, uri } = await gateway();
  const environmentUri = await uri('environment', 'sales-prod');
  const input = { environmentUri, groupUri: people.inga, permissions: ['CREATE_SHARE_OBJECT'] };
  expect(await person('finn').refused(invite, { input })).toMatchObject({ code: 'UnauthorizedOperation' });
  expect(await person('mia').refused(invite, { input })).toMatchObject({ code: 'ResourceNotFound' });
  const withRole = (account: string) => ({
    input: { ...input, environmentIAMRoleArn: `arn:aws:iam::${account}:role/theirs` },
  });
  expect(await person('sam').refused(invite, withRole('111111111111'))).toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('only the owner of environment sales-prod may import one'),
  });
  expect(await person('eve').refused(invite, withRole('999999999999'))).toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('name one of account 111111111111'),
  });
  await person('sam').ask(invite, { input });
  expect((await all(teamKind)).map(({ spec }) => spec)).toContainEqual({
    group: people.inga,
    permissions: ['CREATE_SHARE_OBJECT'],
  });
});

it('A role is added to an environment for a group of who asks, and of its account alone', async () => {
  const { person, uri } = await gateway();
  const input = {
    environmentUri: await uri('environment', 'sales-prod'),
    consumptionPrincipalName: 'Reports',
    groupUri: people.eve,
    IAMPrincipalArn: 'arn:aws:iam::111111111111:role/reports',
    dataallManaged: 'FULLY_MANAGED',
  };
  const refused = async (who: keyof typeof people, spec = {}) =>
    person(who).refused(add, { input: { ...input, ...spec } });
  expect(await refused('eve', { groupUri: people.sam })).toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('only members of its owner, group sales-analysts'),
  });
  expect(await refused('eve', { IAMPrincipalArn: 'arn:aws:iam::222222222222:role/reports' })).toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('name one of account 111111111111'),
  });
  expect(await refused('zoe')).toMatchObject({ code: 'ResourceNotFound' });
  expect(await person('eve').ask(add, { input })).toMatchObject({
    addConsumptionPrincipalToEnvironment: { groupUri: people.eve },
  });
});

it('Tags of a dataset are changed by its owner, and not by who owns the environment', async () => {
  const { person, uri } = await gateway();
  const tag = `mutation ($input: UpdateKeyValueTagsInput!) { updateKeyValueTags(input: $input) { key } }`;
  const tags = [{ key: 'Stage', value: 'prod', cascade: false }];
  const input = { targetUri: await uri('dataset', 'orders'), targetType: 'dataset', tags };
  expect(await person('eve').refused(tag, { input })).toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('UPDATE_DATASET'),
  });
  expect(await person('sam').ask(tag, { input })).toEqual({ updateKeyValueTags: [{ key: 'Stage' }] });
});

it('Of several changes in one document those that are refused are told apart, and the others are made, in their order', async () => {
  const { person, uri } = await gateway();
  const environment = await uri('environment', 'sales-prod');
  const { data, errors } = await person('eve').answered(
    `mutation ($environment: String!) {
      first: updateEnvironment(environmentUri: $environment, input: {description: "first"}) { description }
      second: addConsumptionPrincipalToEnvironment(input: {
        environmentUri: $environment, groupUri: "sales-engineers", consumptionPrincipalName: "Elsewhere",
        IAMPrincipalArn: "arn:aws:iam::222222222222:role/reports", dataallManaged: FULLY_MANAGED}) { consumptionPrincipalUri }
      third: updateEnvironment(environmentUri: $environment, input: {label: "Sales lake"}) { label description }
    }`,
    { environment },
  );
  expect(data).toEqual({
    first: { description: 'first' },
    second: null,
    third: { label: 'Sales lake', description: 'first' },
  });
  expect(errors).toEqual([
    {
      path: ['second'],
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('name one of account 111111111111') as string,
    },
  ]);
  expect((await api.get(environmentKind, { name: 'sales-prod' })).spec).toMatchObject({
    label: 'Sales lake',
    description: 'first',
  });
  expect((await all(consumptionRoleKind)).map(({ spec }) => spec.label)).not.toContain('Elsewhere');
});

it('While the API server does not answer a change is told to be unknown, and done once when it is sent again', async () => {
  const proxy = await Proxy.before((await credentials.current()).server);
  onTestFinished(async () => proxy.close());
  // Half a minute of its patience is half a second.
  const clock = quickClock(60, () => 0.5);
  const through = new HttpKubeApi({ credentials: proxy.through(credentials), clock });
  onTestFinished(async () => through.close());
  const { person, uri } = await gateway(through);
  const organizationUri = await uri('organization', 'acme');
  const input = { organizationUri, SamlGroupName: people.eve, AwsAccountId: '444444444444', region: 'eu-west-1' };
  const made = async (label: string) => (await all(environmentKind)).filter(({ spec }) => spec.label === label).length;
  const away = {
    code: 'ServiceUnavailable',
    message: expect.stringContaining('Kubernetes does not answer; nothing is known to have changed') as string,
  };

  const hung = { input: { ...input, label: 'While it hangs' } };
  proxy.isolate();
  expect(await person('eve').refused(create, hung)).toMatchObject(away);
  // What is known is shown all the same.
  expect(await person('eve').ask('{ listEnvironments { count } }')).toMatchObject({
    listEnvironments: { count: expect.any(Number) as number },
  });
  expect(await made('While it hangs')).toBe(0);
  proxy.restore();
  expect(await person('eve').ask(create, hung)).toMatchObject({ createEnvironment: { owner: 'eve' } });

  // It has done what was asked, and the answer was lost.
  const lost = { input: { ...input, label: 'Answer lost' } };
  proxy.loseAnswers();
  expect(await person('eve').refused(create, lost)).toMatchObject(away);
  await expect.poll(async () => made('Answer lost')).toBe(1);
  proxy.restore();
  // Until the operator has given its owner the right to see it.
  expect(await person('eve').refused(create, lost)).toMatchObject({ code: 'ResourceAlreadyExists' });
  await scene.syncRbac();
  expect(await person('eve').ask(create, lost)).toMatchObject({ createEnvironment: { owner: 'eve' } });
  expect([await made('While it hangs'), await made('Answer lost')]).toEqual([1, 1]);
});
