// What a request may cost, tried with documents and variables that would cost much: each is refused before anything of it runs.

import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { modules } from '../modules.ts';
import type { GatewayContext } from '../server/context.ts';
import { gates } from '../server/gates.ts';
import { graphqlServer } from '../server/graphql-server.ts';
import { serverSettings } from '../server/settings.ts';
import { gatewaySchema } from './schema.ts';

const { limits } = serverSettings.parse({});
const noReauthentication = gates({ operations: new Set(), ttlMinutes: 5 });
const schema = gatewaySchema(modules, shippedFeatures());
const serverOf = (introspection: boolean) =>
  graphqlServer(schema, { limits, introspection }, pino({ level: 'silent' }), [noReauthentication]);
const server = serverOf(false);

/** What gates ask; any resolver would ask for more, and fail in another way. */
const contextValue = {
  requestId: 'test',
  identity: { user: 'ann', groups: [], authenticatedAt: 0 },
  viewer: async () => ({ groupIds: [], isAdministrator: false, seesEverything: false }),
} as unknown as GatewayContext;

async function refusalOf(
  query: string,
  variables: Record<string, unknown> = {},
  operationName?: string,
  asked = server,
) {
  const request = { query, variables, ...(operationName !== undefined && { operationName }) };
  const { body, http } = await asked.executeOperation(request, { contextValue: { ...contextValue } });
  if (body.kind !== 'single') throw new Error('the answer comes in parts');
  const [error] = body.singleResult.errors ?? [];
  return { status: http.status, code: error?.extensions?.['code'], message: error?.message };
}

const many = (count: number, each: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => each(at)).join(' ');
const listed = 'query ($filter: DatasetFilter) { listDatasets(filter: $filter) { count } }';

describe('A document', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'deeper than 10',
      `{ listOrganizations { nodes { environments { nodes ${'{ stack '.repeat(8)} { name } ${'}'.repeat(8)} } } } }`,
      'GRAPHQL_VALIDATION_FAILED',
      /depth limit of 10/,
    ],
    [
      'of 16 aliases',
      `{ ${many(16, (at) => `a${at}: listDatasets { count }`)} }`,
      'GRAPHQL_VALIDATION_FAILED',
      /Aliases limit of 15/,
    ],
    [
      'of 16 aliases in a fragment',
      `{ ...all } fragment all on Query { ${many(16, (at) => `a${at}: __typename`)} }`,
      'GRAPHQL_VALIDATION_FAILED',
      /Aliases limit of 15/,
    ],
    [
      'of 21 directives',
      `{ listDatasets { ${many(21, () => 'count @skip(if: false)')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
      /Directives limit of 20/,
    ],
    [
      'of more than 1,000 tokens',
      `{ listDatasets { ${many(1_000, () => 'count')} } }`,
      'GRAPHQL_PARSE_FAILED',
      /1000 tokens/,
    ],
    [
      'of fragments in a circle',
      '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
      /within itself/,
    ],
    ['that asks for the schema', '{ __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED', /introspection/],
    [
      'of pages in pages',
      '{ listOrganizations(filter: { pageSize: 500 }) { nodes { environments(filter: { pageSize: 500 }) { nodes { name } } } } }',
      'ResourceThresholdExceeded',
      /up to 501001 fields/,
    ],
    [
      'with a dry run of a query',
      'query @dryRun { listDatasets { count } }',
      'GRAPHQL_VALIDATION_FAILED',
      /may not be used on QUERY/,
    ],
    [
      'with a dry run of one mutation among others',
      'mutation { markAllNotificationsAsRead @dryRun }',
      'GRAPHQL_VALIDATION_FAILED',
      /may not be used on FIELD/,
    ],
    [
      'with a dry run of a fragment',
      'mutation { ...a @dryRun } fragment a on Mutation { markAllNotificationsAsRead }',
      'GRAPHQL_VALIDATION_FAILED',
      /may not be used on FRAGMENT_SPREAD/,
    ],
  ])('%s is refused, and nothing of it runs', async (_, document, code, message) => {
    expect(await refusalOf(document)).toEqual({ status: 400, code, message: expect.stringMatching(message) as string });
  });

  it('of 60 fragments that spread the next one twice, which are 2 to their number, is refused at once', async () => {
    const bomb = `{ ...a0 } ${many(60, (at) => `fragment a${at} on Query { ...a${at + 1} ...a${at + 1} }`)} fragment a60 on Query { __typename }`;
    const began = performance.now();
    expect(await refusalOf(bomb)).toMatchObject({ status: 400, code: 'ResourceThresholdExceeded' });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('names one of its operations, or runs none', async () => {
    const two = 'query one { listDatasets { count } } query two { listDatasets { count } }';
    for (const name of [undefined, 'three', '__proto__', 'constructor'])
      expect(await refusalOf(two, {}, name)).toMatchObject({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
  });
});

describe('Variables', () => {
  it.each<[string, unknown]>([
    ['a number beyond 32 bits', { pageSize: 1e12 }],
    ['a number that is none', { pageSize: Number.NaN }],
    ['a part of a page', { page: 1.5 }],
    ['a field that there is not', { prototype: { term: 'x' } }],
    ['an object for text', { term: { toString: 'x' } }],
    ['a value of no enumeration', { sort: [{ field: 'owner; drop table dataset' }] }],
  ])('with %s are the fault of who asks', async (_, filter) => {
    expect(await refusalOf(listed, { filter })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it('that are missing are named', async () => {
    expect(await refusalOf('query ($uri: String!) { getDataset(datasetUri: $uri) { name } }')).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('"$uri"') as string,
    });
  });

  it.each([
    ['U+0000 is not seen', listed, { filter: { term: 'a\0b' } }],
    ['half of a character', listed, { filter: { term: '\uD800' } }],
    ['U+0000 is not seen', listed, { filter: { roles: ['\0'] } }],
    ['U+0000 is not seen', String.raw`{ listDatasets(filter: { term: "\u0000" }) { count } }`, {}],
    ['U+202E changes the order', listed, { filter: { term: 'sales \u202Egnitekram' } }],
    ['U+2066 changes the order', String.raw`{ listDatasets(filter: { term: "\u2066" }) { count } }`, {}],
    ['U+E0041 is not seen', listed, { filter: { term: 'a\u{E0041}b' } }],
  ])(
    'and documents with text that cannot be stored or read as it is (%s) are refused',
    async (what, document, variables) => {
      expect(await refusalOf(document, variables)).toMatchObject({
        status: 400,
        code: 'InvalidInput',
        message: expect.stringContaining(what) as string,
      });
    },
  );

  it('in any script, with marks, joiners and emoji, are taken', async () => {
    for (const term of ['مبيعات \u200F2026', 'می\u200Cخواهم', '👩🏽\u200D💻 plan', 'of\ttwo\r\nlines'])
      expect(await refusalOf(listed, { filter: { term } })).not.toMatchObject({ code: 'InvalidInput' });
  });

  it.each([
    ['in one list', { roles: Array.from({ length: 100_000 }, () => 'Admin') }],
    ['one within another', Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 'x')],
  ])('of 100,000 values, %s, are refused', async (_, filter) => {
    expect(await refusalOf(listed, { filter })).toMatchObject({ status: 400, code: 'InvalidInput' });
  });
});

describe('A name that is none', () => {
  it.each([
    ['{ listDataset { count } }', 'Cannot query field "listDataset" on type "Query".', ' Did you mean "listDatasets"?'],
    [
      '{ listDatasets { cout } }',
      'Cannot query field "cout" on type "DatasetBaseSearchResult".',
      ' Did you mean "count"?',
    ],
    [
      'query ($f: DatasetFilte) { listDatasets(filter: $f) { count } }',
      'Unknown type "DatasetFilte".',
      ' Did you mean "DatasetFilter"?',
    ],
  ])(
    '(%s) is told with what is meant by it only where the schema is told, too',
    async (document, message, suggestion) => {
      expect((await refusalOf(document)).message).toBe(message);
      const { message: told } = await refusalOf(document, {}, undefined, serverOf(true));
      expect(told?.startsWith(message + suggestion.slice(0, -1))).toBe(true);
    },
  );
});
