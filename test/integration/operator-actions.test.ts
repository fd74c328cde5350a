// What the gateway asks of the operator in the name of people: over HTTP, with tokens and rights that are reviewed; what AWS would answer stands
// in the actions here.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { SealedBox } from '../../api/identity/sealed-box.ts';
import { OperatorClient } from '../../api/operator-actions/operator-actions.ts';
import { operatorSettings } from '../../api/operator-actions/settings.ts';
import { TemplateLinks } from '../../api/operator-actions/template-links.ts';
import { ActionTestEnv } from '../../operator/actions/testing/action-test-env.ts';
import type { Features } from '../../operator/features/features.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { featuresWith } from '../../operator/features/testing/features-with.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import { pickPort } from '../../hack/control-plane/port.ts';
import { actionsWithoutAws, keys, SECRET, stack } from '../support/actions-without-aws.ts';
import { databaseServer } from '../support/database.ts';
import { salesScene } from '../support/environment-people.ts';

const postgres = databaseServer();
const folder = mkdtempSync(join(tmpdir(), 'operator-actions-'));
afterAll(() => rmSync(folder, { recursive: true }));

let asked: unknown[] = [];

const actions = actionsWithoutAws({
  entered: (object, user) => void asked.push({ object, user }),
  refuses: ({ name }) => name.startsWith('sam'),
});

/** @param rights `<user or group> <verb> <resource>[/<namespace>]/<name>` */
async function scene(...rights: Parameters<ActionTestEnv['rights']['add']>[0][]) {
  return sceneWith(shippedFeatures(), ...rights);
}

/** @param features of the gateway */
async function sceneWith(features: Features, ...rights: Parameters<ActionTestEnv['rights']['add']>[0][]) {
  asked = [];
  const operator = new ActionTestEnv({ actions });
  onTestFinished(async () => operator[Symbol.asyncDispose]());
  for (const right of rights) operator.rights.add(right);
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'gateway\n');
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const url = await operator.url();
  const client = new OperatorClient(operatorSettings.parse({ url, tokenFile, timeoutMs: 2_000 }), log, features);
  onTestFinished(async () => client.close());
  const box = new SealedBox([{ id: 'a', secret: Buffer.alloc(32, 1) }]);
  const fastify = Fastify({ loggerInstance: log }) as unknown as FastifyInstance;
  const port = await pickPort();
  const templateLinks = new TemplateLinks({
    box,
    origin: `http://127.0.0.1:${port}`,
    operator: client,
    clock: systemClock,
  });
  templateLinks.register(fastify);
  await fastify.listen({ host: '127.0.0.1', port });
  onTestFinished(async () => fastify.close());
  const people = await salesScene(postgres, { operator: client, templateLinks, log });
  return { ...people, operator, logged: () => lines.join('') + operator.logged, tokenFile };
}

const token = `query ($group: String) { generateEnvironmentAccessToken(environmentUri: "salesprd", groupUri: $group) }`;
const site = `query ($group: String) { getEnvironmentAssumeRoleUrl(environmentUri: "salesprd", groupUri: $group) }`;
const getStack = `{ getStack(stackUri: "salesprd", targetUri: "salesprd", targetType: "environment") { status outputs resources events } }`;
const links = `{
  getTrustAccount(organizationUri: "acmeacme")
  getPivotRoleName(organizationUri: "acmeacme")
  getPivotRoleExternalId(organizationUri: "acmeacme", AwsAccountId: "333333333333", region: "eu-west-1", SamlGroupName: "sales")
}`;
const url = `{ getPivotRolePresignedUrl(organizationUri: "acmeacme") getCDKExecPolicyPresignedUrl(organizationUri: "acmeacme") }`;

describe('A gateway', () => {
  const told = 'the operator runs with another config.json than this gateway';

  it('says in its log that the operator has another config.json, once, and works on', async () => {
    const other = featuresWith({ core: { features: { custom_env_linking_text: 'Ask the cloud team first' } } });
    const { sally, logged } = await sceneWith(other, 'sales credentials environments/sales-prod');
    await sally.ask(token);
    await sally.ask(token);
    expect(logged().split(told)).toHaveLength(2);
  });

  it('says nothing of one that has the same', async () => {
    const { sally, logged } = await scene('sales credentials environments/sales-prod');
    await sally.ask(token);
    expect(logged()).not.toContain(told);
  });
});

describe('Working in AWS', () => {
  it('is by keys and console of the role of one’s group, and the keys are in no log', async () => {
    const made = await scene(
      'sales credentials environments/sales-prod',
      'sales console environments/sales-prod',
      'marketing credentials teams/sales-prod/marketing',
    );
    const { sally, mary, logged } = made;
    const { generateEnvironmentAccessToken: answer } = await sally.ask<{ generateEnvironmentAccessToken: string }>(
      token,
    );
    expect(JSON.parse(answer)).toEqual({
      AccessKey: keys.accessKeyId,
      SessionKey: SECRET,
      sessionToken: keys.sessionToken,
    });
    await mary.ask(token, { group: 'marketing' });
    expect(asked).toMatchObject([
      { object: { resource: 'environments', name: 'sales-prod' }, user: { name: 'sally@acme.example' } },
      {
        object: { resource: 'teams', namespace: 'sales-prod', name: 'marketing' },
        user: { name: 'mary@acme.example' },
      },
    ]);
    expect(await sally.ask(site)).toEqual({
      getEnvironmentAssumeRoleUrl: 'https://signin.aws.amazon.com/federation?SigninToken=x',
    });
    expect(logged()).not.toContain(SECRET);
  });

  it('is refused to who lacks the verb, and for groups that are not there', async () => {
    const { mary, finn } = await scene('sales credentials environments/sales-prod');
    for (const query of [token, site]) {
      expect(await mary.refused(query)).toMatchObject({
        code: 'UnauthorizedOperation',
        message: expect.stringContaining('CREDENTIALS_ENVIRONMENT'),
      });
      expect(await mary.refused(query, { group: 'finance' })).toMatchObject({ code: 'ResourceNotFound' });
      expect(await finn.refused(query)).toMatchObject({ code: 'ResourceNotFound' });
    }
    expect(asked).toEqual([]);
  });
});

describe('Linking an account', () => {
  it('begins with whom to trust, for who may link', async () => {
    const { sally, mary, zoe } = await scene('sales link organizations/acme');
    expect(await sally.ask(links)).toEqual({
      getTrustAccount: '999999999999',
      getPivotRoleName: 'dataallPivotRole',
      getPivotRoleExternalId: '333333333333-sales',
    });
    const withoutAccount = `{ getPivotRoleExternalId(organizationUri: "acmeacme") }`;
    expect(await sally.refused(withoutAccount)).toMatchObject({ code: 'RequiredParameter' });
    for (const field of links
      .split('\n')
      .slice(1, -1)
      .concat(
        url
          .slice(1, -1)
          .trim()
          .split(/(?<=\)) /),
      )) {
      expect(await mary.refused(`{ ${field} }`)).toMatchObject({
        code: 'UnauthorizedOperation',
        message: expect.stringContaining('LINK_ENVIRONMENT'),
      });
      expect(await zoe.refused(`{ ${field} }`)).toMatchObject({ code: 'ResourceNotFound' });
    }
  });

  it('has templates downloaded by an address of their own, which ends with the right to link and is in no log', async () => {
    const { sally, operator, logged } = await scene('sales link organizations/acme');
    const urls = await sally.ask<Record<string, string>>(url);
    const download = async (address = '') => {
      const response = await fetch(address);
      return { status: response.status, text: await response.text() };
    };
    for (const address of Object.values(urls)) {
      const { status, text } = await download(address);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toHaveProperty('Resources');
    }
    const pivotRole = urls['getPivotRolePresignedUrl'] ?? '';
    expect((await download(pivotRole.replace('pivot-role', 'execution-policy'))).status).toBe(404);
    expect((await download(pivotRole.replace(/[^.]+$/, 'A'.repeat(22)))).status).toBe(404);
    expect((await download(pivotRole.split('?')[0])).status).toBe(404);
    operator.rights.clear();
    expect((await download(pivotRole)).status).toBe(403);
    expect(logged()).not.toContain(new URL(pivotRole).searchParams.get('link'));
  });
});

describe('A stack', () => {
  it('is told as it is in AWS, in the JSON that data.all’s clients parse', async () => {
    const { sally } = await scene('sales stack environments/sales-prod');
    const { getStack: answer } = await sally.ask<{ getStack: Record<string, string> }>(getStack);
    const parsed = (field: string): unknown => JSON.parse(answer[field] ?? '');
    expect(parsed('outputs')).toEqual(stack.outputs);
    expect(parsed('resources')).toEqual({
      resources: [
        {
          LogicalResourceId: 'Role',
          PhysicalResourceId: 'sales',
          ResourceType: 'AWS::IAM::Role',
          ResourceStatus: 'CREATE_COMPLETE',
        },
      ],
    });
    expect(parsed('events')).toMatchObject({ events: [{ EventId: '1', Timestamp: '2026-11-30T12:00:00Z' }] });
  });

  it('that cannot be looked at is said to be so, field by field', async () => {
    const { as } = await scene('sales stack environments/sales-prod');
    expect(await as('sam@acme.example', 'sales').refused(getStack)).toMatchObject({
      code: 'AWSResourceNotAvailable',
      message: expect.stringContaining('is not linked yet'),
    });
  });
});

describe('An operator', () => {
  it('that is down, or does not take the gateway’s token, is not available, and nothing of the token is told or logged', async () => {
    const { sally, operator, tokenFile, logged } = await scene('sales credentials environments/sales-prod');
    writeFileSync(tokenFile, 'stolen-token');
    const refused = await sally.refused(token);
    expect(refused).toMatchObject({ code: 'ServiceUnavailable' });
    await operator[Symbol.asyncDispose]();
    const unreachable = await sally.refused(token);
    expect(unreachable).toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringContaining('does not answer'),
    });
    expect(JSON.stringify([refused, unreachable]) + logged()).not.toContain('stolen-token');
  });

  it('that is down is told of in the log with its reason, by the id of the request', async () => {
    const { sally, operator, logged } = await scene('sales credentials environments/sales-prod');
    await operator[Symbol.asyncDispose]();
    await sally.refused(token);
    const line = logged()
      .split('\n')
      .find((one) => one.includes('the operator does not answer'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      requestId: 'test',
      err: { code: 'ECONNREFUSED' },
      route: 'credentials',
    });
  });
});
