// What needs AWS is asked of the operator in the name of who asks, who decides whether they may.

import { describe, expect, it } from 'vitest';
import { databaseServer } from '../../../../test/support/database.ts';
import type { Mutation } from '../../../graphql/schema-types.ts';
import { forbidden, operatorStandIn } from '../../../operator-actions/testing/operator-stand-in.ts';
import { ordersScene } from '../testing/orders-scene.ts';

const postgres = databaseServer();

const TOKEN = `mutation ($uri: String!) { generateDatasetAccessToken(datasetUri: $uri) }`;
const CONSOLE = `query ($uri: String) { getDatasetAssumeRoleUrl(datasetUri: $uri) }`;
const SHARED = `query ($uri: String) { getDatasetSharedAssumeRoleUrl(datasetUri: $uri) }`;
const VERIFY = `mutation ($input: ShareObjectSelectorInput) { verifyDatasetShareObjects(input: $input) }`;
const REAPPLY = `mutation ($uri: String!) { reApplyShareObjectItemsOnDataset(datasetUri: $uri) }`;

const roleArn = 'arn:aws:iam::111111111111:role/dataall-orders';
const expiration = '2026-11-30T13:00:00Z';
const keys = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'session', expiration, roleArn };
const url = 'https://signin.aws.amazon.com/federation?SigninToken=1';

/** With an operator that lets in these users. */
async function scene(...users: readonly string[]) {
  let pages = 0;
  const { client, heard } = await operatorStandIn(({ path, user }) => {
    if (!users.includes(user ?? '')) return forbidden;
    if (path.includes('/credentials')) return { json: { ...keys, region: 'eu-west-1' } };
    if (path.endsWith('/console')) return { json: { url, validUntil: expiration, expiration, roleArn } };
    const next = path.endsWith('/reapply') && pages++ === 0 ? { next: 'marketing-prod/for-us' } : {};
    return { json: { requestedAt: expiration, asked: 1, ...next } };
  });
  const made = await ordersScene(postgres, { operator: client });
  const { uri } = await made.database.selectFrom('share_request').select('uri').executeTakeFirstOrThrow();
  return { ...made, heard, share: uri, uri: made.uris.dataset };
}

const OLGA = 'olga@example.com';
const MARA = 'mara@example.com';

describe('credentials of a dataset', () => {
  it('are those that the operator gives to the person, in the words of data.all', async () => {
    const { owner, heard, uri } = await scene(OLGA);
    const { generateDatasetAccessToken } = await owner.ask<Mutation>(TOKEN, { uri });
    const given = { AccessKey: 'ASIA1', SessionKey: 'secret', sessionToken: 'session' };
    expect(JSON.parse(generateDatasetAccessToken ?? '')).toEqual(given);
    expect(await owner.ask(CONSOLE, { uri })).toEqual({ getDatasetAssumeRoleUrl: url });
    expect(heard.map(({ path, user }) => [path, user])).toEqual([
      ['datasets/sales-prod/orders/credentials', OLGA],
      ['datasets/sales-prod/orders/console', OLGA],
    ]);
  });

  it('are not given to whom the operator does not let in', async () => {
    const { stranger, uri } = await scene(OLGA);
    for (const document of [TOKEN, CONSOLE])
      expect(await stranger.refused(document, { uri })).toMatchObject({
        code: 'UnauthorizedOperation',
        message: expect.stringContaining('CREDENTIALS_DATASET'),
      });
    expect(await stranger.refused(CONSOLE, {})).toMatchObject({ code: 'RequiredParameter' });
  });

  it('of a team are for who was given some of the dataset, those of the dataset for its owner', async () => {
    const { owner, consumer, stranger, heard, uri } = await scene(OLGA, MARA);
    for (const person of [consumer, owner])
      expect(await person.ask(SHARED, { uri })).toEqual({ getDatasetSharedAssumeRoleUrl: url });
    expect(heard.map(({ path }) => path)).toEqual([
      'teams/marketing-prod/marketing/console',
      'datasets/sales-prod/orders/console',
    ]);
    expect(await stranger.refused(SHARED, { uri })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(heard).toHaveLength(2);
  });
});

describe('shares of a dataset', () => {
  it('are looked at and put right, page by page, for who decides about them', async () => {
    const { owner, heard, uri, share } = await scene(OLGA);
    const input = { datasetUri: uri, shareUris: [share] };
    expect(await owner.ask(VERIFY, { input })).toEqual({ verifyDatasetShareObjects: true });
    expect(await owner.ask(REAPPLY, { uri })).toEqual({ reApplyShareObjectItemsOnDataset: true });
    expect(heard.map(({ path, body }) => [path, body])).toEqual([
      ['datasets/sales-prod/orders/verify', { requests: [{ namespace: 'marketing-prod', name: 'for-us' }] }],
      ['datasets/sales-prod/orders/reapply', {}],
      ['datasets/sales-prod/orders/reapply', { after: 'marketing-prod/for-us' }],
    ]);
  });

  it('are not looked at for others, nor where they are of another dataset', async () => {
    const { owner, consumer, heard, uri, share } = await scene(OLGA, MARA);
    const input = { datasetUri: uri, shareUris: [share] };
    expect(await consumer.refused(VERIFY, { input })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await consumer.refused(REAPPLY, { uri })).toMatchObject({ code: 'UnauthorizedOperation' });
    const other = { datasetUri: uri, shareUris: [share, 'nonesuch'] };
    expect(await owner.refused(VERIFY, { input: other })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await owner.refused(VERIFY, { input: { datasetUri: uri, shareUris: [] } })).toMatchObject({
      code: 'RequiredParameter',
    });
    expect(heard).toEqual([]);
  });
});

describe('a dry run of what the operator does', () => {
  it('asks the operator whether who asks may, and has nothing done', async () => {
    const { owner, as, heard, uri, share } = await scene(OLGA);
    const input = { datasetUri: uri, shareUris: [share] };
    const colleague = as('oscar@example.com', 'sales');
    for (const [document, answer] of [
      [TOKEN, { generateDatasetAccessToken: null }],
      [VERIFY, { verifyDatasetShareObjects: true }],
      [REAPPLY, { reApplyShareObjectItemsOnDataset: true }],
    ] as const) {
      const dry = document.replace(') {', ') @dryRun {');
      expect(await owner.ask(dry, { uri, input })).toEqual(answer);
      expect(await colleague.refused(dry, { uri, input })).toMatchObject({ code: 'UnauthorizedOperation' });
    }
    const route = 'datasets/sales-prod/orders';
    expect(heard.map(({ path }) => path)).toEqual(
      ['credentials', 'verify', 'reapply'].flatMap((name) => Array<string>(2).fill(`${route}/${name}?dryRun=All`)),
    );
  });
});
