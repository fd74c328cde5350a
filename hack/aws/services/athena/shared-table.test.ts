// The whole way of a cross-account table share, read by the consumer's role with SQL; each step left out in turn is a denial.
import { DeleteRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import * as lake from '@aws-sdk/client-lakeformation';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../lakeformation/share-scene.ts';
import * as stage from '../lakeformation/share-scene.ts';
import * as scene from './query-scene.ts';

const { ANALYST, CONSUMER, PRODUCER, TABLE } = stage;

const STEPS: Record<string, (world: Scene) => Promise<void>> = {
  'register the location': async ({ producer }) => scene.register(producer),
  'grant on the source': async ({ producer }) =>
    stage.grant(producer, ANALYST, stage.tableResource, ['DESCRIBE', 'SELECT']),
  'accept the invitation': async ({ consumer }) => stage.acceptAll(consumer),
  'make the link': async ({ consumer }) => stage.makeLink(consumer),
  'grant on the link': async ({ consumer }) => stage.grant(consumer, ANALYST, stage.linkResource, ['DESCRIBE']),
};

const shareWithout = async (left = ''): Promise<Scene> => {
  const world = await scene.openQueryScene();
  await stage.grant(world.consumer, ANALYST, { Database: { Name: stage.LINKS } }, ['DESCRIBE']);
  for (const [name, step] of Object.entries(STEPS)) {
    if (name === left) continue;
    // What follows a missing step may have nothing to work on.
    await step(world).catch((error: unknown) => {
      if (left === '') throw error;
    });
  }
  return world;
};

const rights = (left: 'glue source' | 'glue link' | 'data access' | 'results' | 'none'): object[] => [
  stage.glueStatement({ source: left !== 'glue source', link: left !== 'glue link' }),
  ...(left === 'data access' ? [] : [stage.dataAccessStatement]),
  scene.athenaStatement,
  ...(left === 'results' ? [] : [scene.resultStatement]),
];

const ALL_ROWS = [
  ['id', 'region', 'customer', 'amount'],
  ['1', 'eu', 'Ann', '10.50'],
  ['2', 'us', 'Bob', '20.00'],
  ['3', 'eu', 'Cid', '30.25'],
  ['4', 'ap', 'Dee', undefined],
];
const SELECT = `SELECT * FROM ${TABLE} ORDER BY id`;

describe('a shared table read with Athena', () => {
  it('shows its rows when every step was taken', async () => {
    const world = await shareWithout();
    expect(await scene.query(world, ANALYST, SELECT)).toEqual({
      state: 'SUCCEEDED',
      reason: undefined,
      rows: ALL_ROWS,
    });
  });

  it.each([
    ['register the location', /PERMISSION_DENIED: Permission denied on S3 path: s3:\/\/sales-data\/orders\//],
    [
      'grant on the source',
      /Insufficient permissions .* glue:GetTable on resource: arn:aws:glue:eu-west-1:222222222222:catalog because no resource-based policy/,
    ],
    [
      'accept the invitation',
      /Insufficient permissions .* glue:GetTable on resource: arn:aws:glue:eu-west-1:222222222222:catalog because no resource-based policy/,
    ],
    ['make the link', /TABLE_NOT_FOUND: .*awsdatacatalog.sales_shared.orders/],
    ['grant on the link', /Insufficient Lake Formation permission\(s\): Required Describe on orders/],
  ])('fails without the step "%s"', async (left, reason) => {
    const outcome = await scene.query(await shareWithout(left), ANALYST, SELECT);
    expect(outcome.state).toBe('FAILED');
    expect(outcome.reason).toMatch(reason);
  });

  it.each([
    [
      'glue source',
      /not authorized to perform: glue:GetTable on resource: arn:aws:glue:eu-west-1:222222222222:catalog because no identity-based policy/,
    ],
    [
      'glue link',
      /not authorized to perform: glue:GetDatabase on resource: arn:aws:glue:eu-west-1:333333333333:catalog/,
    ],
    ['data access', /not authorized to perform: lakeformation:GetDataAccess/],
  ] as const)('fails without the IAM rights "%s"', async (left, reason) => {
    const world = await shareWithout();
    await stage.setRolePolicy(world.consumer, 'analyst', rights(left));
    const outcome = await scene.query(world, ANALYST, SELECT);
    expect(outcome.state).toBe('FAILED');
    expect(outcome.reason).toMatch(reason);
  });

  it('cannot start without rights on the result bucket', async () => {
    const world = await shareWithout();
    await stage.setRolePolicy(world.consumer, 'analyst', rights('results'));
    await expect(scene.query(world, ANALYST, SELECT)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'Unable to verify/create output bucket analyst-results',
    });
  });

  it('fails when the registered role may not read the location', async () => {
    const world = await shareWithout();
    await stage.setRolePolicy(world.producer, 'lake', [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }]);
    expect((await scene.query(world, ANALYST, SELECT)).reason).toMatch(/Permission denied on S3 path/);
  });

  it('stays closed to another role of the consumer, whatever IAM gives it', async () => {
    const world = await shareWithout();
    await stage.makeRole(world.consumer, 'stranger', { AWS: CONSUMER }, [
      { Effect: 'Allow', Action: '*', Resource: '*' },
    ]);
    const outcome = await scene.query(world, `arn:aws:iam::${CONSUMER}:role/stranger`, SELECT);
    expect(outcome.reason).toMatch(/Insufficient Lake Formation permission/);
  });

  it.each(['source first', 'link first'])('closes on revocation, %s', async (order) => {
    const world = await shareWithout();
    const steps = [
      async () => stage.revoke(world.producer, ANALYST, stage.tableResource, ['DESCRIBE', 'SELECT']),
      async () => stage.revoke(world.consumer, ANALYST, stage.linkResource, ['DESCRIBE']),
    ];
    for (const step of order === 'source first' ? steps : steps.reverse()) {
      await step();
      expect((await scene.query(world, ANALYST, SELECT)).state).toBe('FAILED');
    }
  });

  it('reopens for a role made anew under the same ARN: Lake Formation knows ARNs, not unique ids', async () => {
    const world = await shareWithout();
    await world.consumer.iam.send(new DeleteRolePolicyCommand({ RoleName: 'analyst', PolicyName: 'rights' }));
    await world.consumer.iam.send(new DeleteRoleCommand({ RoleName: 'analyst' }));
    await stage.makeRole(world.consumer, 'analyst', { AWS: CONSUMER }, rights('none'));
    expect((await scene.query(world, ANALYST, SELECT)).rows).toEqual(ALL_ROWS);
  });
});

const filter = async (world: Scene, name: string, rows: string | undefined, columns: string[] | undefined) => {
  await world.producer.lake.send(
    new lake.CreateDataCellsFilterCommand({
      TableData: {
        TableCatalogId: PRODUCER,
        DatabaseName: stage.DATABASE,
        TableName: TABLE,
        Name: name,
        RowFilter: rows === undefined ? { AllRowsWildcard: {} } : { FilterExpression: rows },
        ...(columns ? { ColumnNames: columns } : { ColumnWildcard: {} }),
      },
    }),
  );
};

const filterResource = (name: string): lake.Resource => ({
  DataCellsFilter: { TableCatalogId: PRODUCER, DatabaseName: stage.DATABASE, TableName: TABLE, Name: name },
});

describe('data cells filters', () => {
  const filteredShare = async (...names: string[]): Promise<Scene> => {
    const world = await scene.openQueryScene();
    await scene.register(world.producer);
    await filter(world, 'eu_only', "region = 'eu'", undefined);
    await filter(world, 'no_names', undefined, ['id', 'amount']);
    await filter(world, 'us_regions', "region = 'us'", ['id', 'region']);
    for (const name of names) await stage.grant(world.producer, ANALYST, filterResource(name), ['SELECT']);
    await stage.acceptAll(world.consumer);
    await stage.makeLink(world.consumer);
    await stage.grant(world.consumer, ANALYST, stage.linkResource, ['DESCRIBE']);
    return world;
  };

  it('show only their rows', async () => {
    const world = await filteredShare('eu_only');
    expect((await scene.query(world, ANALYST, SELECT)).rows).toEqual([ALL_ROWS[0], ALL_ROWS[1], ALL_ROWS[3]]);
    expect((await scene.query(world, ANALYST, `SELECT count(*) AS n FROM ${TABLE} WHERE region = 'us'`)).rows).toEqual([
      ['n'],
      ['0'],
    ]);
  });

  it('show only their columns; others do not exist', async () => {
    const world = await filteredShare('no_names');
    expect((await scene.query(world, ANALYST, SELECT)).rows[0]).toEqual(['id', 'amount']);
    expect((await scene.query(world, ANALYST, `SELECT customer FROM ${TABLE}`)).reason).toMatch(
      /^COLUMN_NOT_FOUND: line 1:8: Column 'customer' cannot be resolved or requester is not authorized/,
    );
  });

  it('of one principal are joined: rows of each with its cells', async () => {
    const world = await filteredShare('eu_only', 'us_regions');
    expect((await scene.query(world, ANALYST, SELECT)).rows).toEqual([
      ALL_ROWS[0],
      ALL_ROWS[1],
      ['2', 'us', undefined, undefined],
      ALL_ROWS[3],
    ]);
  });

  it('close with their filter', async () => {
    const world = await filteredShare('eu_only');
    await world.producer.lake.send(
      new lake.DeleteDataCellsFilterCommand({
        TableCatalogId: PRODUCER,
        DatabaseName: stage.DATABASE,
        TableName: TABLE,
        Name: 'eu_only',
      }),
    );
    expect((await scene.query(world, ANALYST, SELECT)).state).toBe('FAILED');
  });

  it("leave the table open to an engine of one's own only where the owner trusts it", async () => {
    const world = await filteredShare('eu_only');
    const { lake: analyst } = await world.assume(ANALYST);
    const ask = new lake.GetTemporaryGlueTableCredentialsCommand({
      TableArn: `arn:aws:glue:${stage.REGION}:${PRODUCER}:table/${stage.DATABASE}/${TABLE}`,
    });
    await expect(analyst.send(ask)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
