// What the account of an environment has, and what stands against an import, is asked of the operator in the name of who asks.

import { describe, expect, it } from 'vitest';
import { databaseServer } from '../../../../test/support/database.ts';
import { forbidden, operatorStandIn } from '../../../operator-actions/testing/operator-stand-in.ts';
import { ordersScene } from '../testing/orders-scene.ts';

const postgres = databaseServer();

const NAMES = `query ($environmentUri: String!, $term: String) {
  listImportableNames(environmentUri: $environmentUri, kind: Bucket, term: $term) { names complete } }`;
const CHECK = `query ($input: DatasetImportCheckInput!) { checkDatasetImport(input: $input) { part reason message } }`;

const PROBLEM = { part: 'Storage', reason: 'BucketNotFound', message: 'account 111111111111 has no bucket lake' };

/** With an operator that lets in the owner. */
async function scene() {
  const { client, heard } = await operatorStandIn(({ path, user }) => {
    if (user !== 'olga@example.com') return forbidden;
    if (path.includes('/importable')) return { json: { names: ['acme-lake'], complete: true } };
    return { json: { problems: [PROBLEM] } };
  });
  return { ...(await ordersScene(postgres, { operator: client })), heard };
}

describe('what can be imported', () => {
  it('is what the operator finds in the account, for the person who asks', async () => {
    const { owner, heard, uris } = await scene();
    const asked = { environmentUri: uris.environment, term: 'Lake & sea' };
    expect(await owner.ask(NAMES, asked)).toEqual({
      listImportableNames: { names: ['acme-lake'], complete: true },
    });
    expect(heard).toMatchObject([
      { path: 'environments/sales-prod/importable?kind=Bucket&term=Lake+%26+sea', user: 'olga@example.com' },
    ]);
  });

  it('is judged for the group that would own it, by the alias as the console shows it, too', async () => {
    const { owner, heard, uris } = await scene();
    const input = {
      environmentUri: uris.environment,
      SamlAdminGroupName: 'sales',
      bucketName: 'lake',
      KmsKeyAlias: 'alias/lake',
      glueDatabaseName: 'sales',
    };
    expect(await owner.ask(CHECK, { input })).toEqual({ checkDatasetImport: [PROBLEM] });
    expect(heard.map(({ path }) => path)).toEqual([
      'datasets/sales-prod/new/import-check?owner=sales&bucket=lake&kmsAlias=lake&database=sales',
    ]);
    expect(await owner.refused(CHECK, { input: { ...input, bucketName: ' ' } })).toMatchObject({
      code: 'RequiredParameter',
    });
  });

  it('is told to nobody whom the operator does not let in, and of no environment that they do not see', async () => {
    const { steward, stranger, heard, uris } = await scene();
    const input = { environmentUri: uris.environment, SamlAdminGroupName: 'strangers', bucketName: 'lake' };
    for (const [document, variables] of [
      [NAMES, { environmentUri: uris.environment }],
      [CHECK, { input }],
    ] as const) {
      expect(await stranger.refused(document, variables)).toMatchObject({ code: 'ResourceNotFound' });
      expect(await steward.refused(document, variables)).toMatchObject({
        code: expect.stringMatching(/ResourceNotFound|UnauthorizedOperation/) as string,
      });
    }
    expect(heard.every(({ user }) => user !== 'sid@example.com')).toBe(true);
  });
});
