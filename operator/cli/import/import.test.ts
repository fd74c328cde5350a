// `dataall import`, of a server that is made from data.all's own schema: what comes of it, and that nobody is given more than they have there.

import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../resources/manifest.ts';
import { askOverHttp } from '../gateway.ts';
import { runCommand } from '../program.ts';

const schema = buildSchema(
  readFileSync(new URL('../../../test/conformance/dataall-2.9/schema.graphql', import.meta.url), 'utf8'),
);

const NOW = new Date('2026-11-30T12:00:00Z');
const TOKEN = 'a-token-of-somebody';
const permission = (name: string) => ({ permissionUri: name, name, description: name });

/** Two to a page, whatever is asked for, so that each list that matters has more than one. */
const paged =
  (nodes: readonly object[]) =>
  ({ filter }: { filter?: { page?: number } } = {}) => {
    const page = filter?.page ?? 1;
    return { hasNext: nodes.length > page * 2, nodes: nodes.slice(page * 2 - 2, page * 2) };
  };

const table = (name: string, description: string | null) => ({ tableUri: `tab-${name}`, name, description });
const item = (status: string, itemType: string, itemName: string, more: object = {}) => ({ status, itemType, itemName, itemUri: itemType === 'Table' ? `tab-${itemName}` : 'loc-raw', attachedDataFilterUri: null, ...more }); // prettier-ignore

const shares: Record<string, Record<string, unknown>> = {};

const share = (shareUri: string, items: readonly object[], more: object = {}): void => {
  shares[shareUri] = {
    shareUri,
    status: 'Processed',
    requestPurpose: 'a report',
    expiryDate: null,
    datasetUri: 'data1234',
    group: 'Marketing Team',
    permissions: ['Read'],
    environment: { environmentUri: 'cons1234' },
    principal: { principalType: 'ConsumptionRole', principalId: 'role1234' },
    items: paged(items),
    ...more,
  };
};

const dataset = {
  datasetUri: 'data1234',
  label: 'Orders',
  description: 'All orders',
  tags: ['orders'],
  SamlAdminGroupName: 'Sales Team',
  stewards: 'Stewards',
  topics: ['Sales'],
  confidentiality: 'Official',
  language: 'English',
  autoApprovalEnabled: false,
  enableExpiration: true,
  expirySetting: 'Quarterly',
  expiryMinDuration: 1,
  expiryMaxDuration: 4,
  environment: { environmentUri: 'prod1234' },
  restricted: {
    S3BucketName: 'dataall-orders-data1234',
    GlueDatabaseName: 'Dataall_Orders_data1234',
    IAMDatasetAdminRoleArn: 'arn:aws:iam::111111111111:role/dataall-orders-data1234',
    KmsAlias: 'dataall-orders-data1234',
  },
  tables: paged([table('Orders', 'Every order'), table('plain', null), table('cards', null)]),
  locations: paged([{ locationUri: 'loc-raw', name: 'raw files', description: null, S3Prefix: 'raw' }]),
};

const environment = (environmentUri: string, label: string, AwsAccountId: string, SamlGroupName: string) => ({
  environmentUri,
  label,
  AwsAccountId,
  SamlGroupName,
  region: 'eu-west-1',
  resourcePrefix: 'dataall',
  tags: [],
  EnvironmentDefaultIAMRoleArn: `arn:aws:iam::${AwsAccountId}:role/dataall-${environmentUri}`,
  organization: { organizationUri: 'org12345' },
});

const root = {
  listOrganizations: paged([{ organizationUri: 'org12345', label: 'Acme', tags: [], SamlGroupName: 'Platform' }]),
  listOrganizationGroups: paged([{ groupUri: 'Platform' }, { groupUri: 'Sales Team' }, { groupUri: 'Guests' }]),
  listOrganizationGroupPermissions: ({ groupUri }: { groupUri: string }) =>
    groupUri === 'Sales Team' ? [permission('LINK_ENVIRONMENT'), permission('GET_ORGANIZATION')] : [],
  listEnvironments: paged([
    environment('prod1234', 'Production', '111111111111', 'Sales Team'),
    environment('cons1234', 'Production', '222222222222', 'Marketing Team'),
    environment('bad12345', 'No account', 'none', 'Sales Team'),
  ]),
  listEnvironmentGroups: ({ environmentUri }: { environmentUri: string }) =>
    paged(
      environmentUri === 'cons1234'
        ? [
            { groupUri: 'Marketing Team' },
            {
              groupUri: 'Analysts',
              environmentIAMRoleArn: 'arn:aws:iam::222222222222:role/dataall-analysts-cons1234',
              environmentPermissions: [permission('CREATE_SHARE_OBJECT'), permission('CREATE_NOTEBOOK')],
            },
          ]
        : [],
    )(),
  listEnvironmentConsumptionPrincipals: ({ environmentUri }: { environmentUri: string }) =>
    paged(
      environmentUri === 'cons1234'
        ? [{ consumptionPrincipalUri: 'role1234', consumptionPrincipalName: 'ETL', groupUri: 'Marketing Team', IAMPrincipalArn: 'arn:aws:iam::222222222222:role/etl', dataallManaged: 'PARTIALLY_MANAGED', consumptionPrincipalType: 'ROLE' }] // prettier-ignore
        : [],
    )(),
  listDatasets: paged([{ datasetUri: 'data1234', label: 'Orders' }, { datasetUri: 'hidden12', label: 'Hidden' }, { datasetUri: 'red12345', label: 'Red', datasetType: 'DatasetTypes.Redshift' }]), // prettier-ignore
  getDataset: ({ datasetUri }: { datasetUri: string }) => {
    if (datasetUri === 'data1234') return dataset;
    throw new Error('An error occurred (UnauthorizedOperation) when calling GET_DATASET operation');
  },
  listTableDataFilters: ({ tableUri }: { tableUri: string }) =>
    paged(
      tableUri === 'tab-Orders'
        ? [
            { filterUri: 'fil00001', label: 'EU only', filterType: 'ROW', rowExpression: "region = 'eu'" },
            { filterUri: 'fil00002', label: 'no_cards', filterType: 'COLUMN', includedCols: ['id', 'day'] },
          ]
        : [],
    )(),
  getShareRequestsToMe: () => ({ hasNext: false, nodes: Object.keys(shares).map((shareUri) => ({ shareUri })) }),
  getShareRequestsFromMe: () => ({ hasNext: false, nodes: Object.keys(shares).map((shareUri) => ({ shareUri })) }),
  getShareObject: ({ shareUri }: { shareUri: string }) => shares[shareUri],
  getShareItemDataFilters: ({ attachedDataFilterUri: uri }: { attachedDataFilterUri: string }) =>
    uri === 'hidden' ? null : { dataFilterUris: uri.split(' ') },
};

let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const { query, variables } = JSON.parse(await text(request)) as { query: string; variables: Record<string, unknown> }; // prettier-ignore
      response.statusCode = request.headers.authorization === `Bearer ${TOKEN}` && request.url === '/prod/graphql/api' ? 200 : 401; // prettier-ignore
      response.end(
        JSON.stringify(await graphql({ schema, source: query, variableValues: variables, rootValue: root })),
      );
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod/graphql/api`;
});
afterAll(() => server.close());
beforeEach(() => {
  for (const name of Object.keys(shares)) delete shares[name];
});

async function run(args: readonly string[] = [], token = TOKEN) {
  let [output, errors] = ['', ''];
  const exit = await runCommand(['import', '--gateway', url, ...args], {
    write: (more) => (output += more),
    writeError: (more) => (errors += more),
    connect: () => {
      throw new TypeError('it asks no cluster');
    },
    ask: askOverHttp,
    environment: { DATAALL_TOKEN: token },
    now: () => NOW,
    interrupted: new AbortController().signal,
  });
  return { exit, output, errors };
}

async function imported(): Promise<{
  readonly manifests: readonly Manifest[];
  readonly notes: readonly { what: string; why: string }[];
}> {
  // prettier-ignore
  return JSON.parse((await run(['-o', 'json'])).output) as Awaited<ReturnType<typeof imported>>;
}

const specsOf = (manifests: readonly Manifest[], kind: string): readonly unknown[] =>
  manifests.filter((one) => one.kind === kind).map(({ spec }) => spec);

describe('dataall import', () => {
  it('writes all that is there, with its ids, in the order in which it can be applied', async () => {
    share('share001', [
      item('Share_Succeeded', 'Table', 'Orders', { attachedDataFilterUri: 'fil00001 fil00002' }),
      item('Share_Succeeded', 'StorageLocation', 'raw files'),
      item('PendingApproval', 'S3Bucket', 'whatever'),
    ], { expiryDate: '2027-03-31 00:00:00' }); // prettier-ignore
    share('share002', [item('Share_Succeeded', 'Table', 'plain')], { principal: { principalType: 'Group', principalId: 'Analysts' }, group: 'Analysts' }); // prettier-ignore
    const { exit, output, errors } = await run();
    const manifests = parseAllDocuments(output).map((document) => document.toJS() as Manifest);
    expect(manifests.map(({ kind, metadata: { namespace, name } }) => [kind, namespace, name].join(' '))).toEqual([
      'Organization  acme',
      'Environment  production',
      'Environment  production-cons1234',
      expect.stringMatching(/^Team production-cons1234 analysts-/) as unknown,
      'Dataset production orders',
      'DatasetTable production orders-orders',
      'ConsumptionRole production-cons1234 etl',
      'ShareRequest production-cons1234 orders-for-etl',
      expect.stringMatching(/^ShareRequest production-cons1234 orders-for-analysts-/) as unknown,
      'ShareApproval production production-cons1234.orders-for-etl',
      expect.stringMatching(/^ShareApproval production production-cons1234.orders-for-analysts-/) as unknown,
    ]);
    const [organization] = specsOf(manifests, 'Organization');
    expect(organization).toMatchObject({ id: 'org12345', owner: 'Platform', teams: [
      { group: 'Sales Team', permissions: ['LINK_ENVIRONMENT'] },
      { group: 'Guests', permissions: [] },
      { group: 'Marketing Team', permissions: [] },
      { group: 'Analysts', permissions: [] },
    ] }); // prettier-ignore
    expect(specsOf(manifests, 'Dataset')).toMatchObject([
      {
        id: 'data1234',
        owner: 'Sales Team',
        stewards: ['Stewards'],
        s3: { origin: 'Import', glueDatabase: { name: 'dataall_orders_data1234' }, kmsKey: { alias: 'dataall-orders-data1234' } }, // prettier-ignore
        sharing: { expiration: { setting: 'Quarterly', min: 1, max: 4 } },
        folders: [{ name: 'raw-files', prefix: 'raw/' }],
      },
    ]);
    expect(specsOf(manifests, 'ShareApproval')[0]).toMatchObject({
      approver: 'Sales Team',
      requester: 'Marketing Team',
      principal: { kind: 'ConsumptionRole', name: 'etl', arn: 'arn:aws:iam::222222222222:role/etl' },
      items: [
        { kind: 'Table', name: 'orders', filters: ['eu_only', 'no_cards'] },
        { kind: 'Folder', name: 'raw-files' },
      ],
      expiresAt: '2027-03-31T00:00:00Z',
    });
    expect(specsOf(manifests, 'ShareRequest')[0]).toMatchObject({ items: [{}, {}, { kind: 'Bucket', name: 'dataall-orders-data1234' }] }); // prettier-ignore
    expect(exit).toBe(4);
    expect(errors.trim().split('\n')).toEqual([
      expect.stringContaining('dataset Hidden: An error occurred (UnauthorizedOperation)') as unknown,
      expect.stringContaining('dataset Red: it is in Redshift') as unknown,
      expect.stringContaining('environment No account: left out: account.id') as unknown,
    ]);
    expect(output + errors).not.toContain(TOKEN);
  });

  it('gives nobody more than they have: not without their filter, not after its end, not what is being taken back', async () => {
    const principal = { principalType: 'Group', principalId: 'Marketing Team' };
    share('hidden-f', [item('Share_Succeeded', 'Table', 'Orders', { attachedDataFilterUri: 'hidden' })]);
    share('gone-fil', [item('Share_Succeeded', 'Table', 'Orders', { attachedDataFilterUri: 'fil00001 fil-gone' })]);
    share('past-end', [item('Share_Succeeded', 'Table', 'plain')], { expiryDate: '2026-11-30 00:00:00' });
    share('no-day', [item('Share_Succeeded', 'Table', 'plain')], { expiryDate: 'soon', nonExpirable: true });
    share('revoking', [item('Revoke_Failed', 'Table', 'plain'), item('Revoke_In_Progress', 'Table', 'cards')]);
    share('failed', [item('Share_Failed', 'Table', 'plain')]);
    share('rejected', [item('Share_Rejected', 'Table', 'plain')]);
    share('owners', [item('Share_Succeeded', 'Table', 'plain')], { principal });
    share('no-item', [item('Share_Succeeded', 'RedshiftTable', 'plain')]);
    const { manifests, notes } = await imported();
    expect(specsOf(manifests, 'ShareApproval')).toEqual([]);
    const told = (uri: string) => notes.filter(({ what }) => what === `share ${uri}`).map(({ why }) => why).join(); // prettier-ignore
    expect(told('hidden-f')).toContain('it would be shared as a whole');
    expect(told('gone-fil')).toContain('it would be shared as a whole');
    expect(told('past-end')).toContain('is past');
    expect(told('no-day')).toContain('is no day');
    expect(told('revoking')).toContain('2 items are being taken back');
    expect(told('owners')).toContain('owns the environment');
    expect(told('no-item')).toContain('shares no RedshiftTable');
    expect(told('rejected')).toBe('');
  });

  it('ends where no answer can be had, without a word of the token', async () => {
    const { exit, output, errors } = await run([], 'another');
    expect({ exit, output }).toEqual({ exit: 6, output: '' });
    expect(errors).not.toContain('another');
  });
});
