// The operator is asked for catalogues over HTTP, in the gateway's own name, by what is kept.

import { describe, expect, it } from 'vitest';
import { operatorStandIn } from '../../operator-actions/testing/operator-stand-in.ts';
import { catalogsOf, readCatalog } from './catalogue-source.ts';

const dataset = { namespace: 'sales-prod', name: 'orders' };
const table = (name: string) => ({ name, columns: [{ name: 'id', type: 'bigint' }], partitionKeys: [] });
const page = (name: string, next?: string) => ({
  json: {
    database: { name: 'acme' },
    readAt: '2026-11-30T12:00:00Z',
    total: 2,
    complete: true,
    tables: [table(name)],
    ...(next !== undefined && { next }),
  },
  etag: 'W/"one"',
});
const changed = {
  status: 412,
  json: { type: 'urn:dataall:problem:changed', title: '', status: 412, detail: 'begin again', requestId: 'r' },
};

describe('a catalogue', () => {
  it('is asked for whole, and later by its ETag', async () => {
    const { client, heard } = await operatorStandIn(({ path, etag }) => {
      if (etag === 'W/"one"') return { status: 304 };
      return path.includes('after=') ? page('b') : page('a', 'a');
    });
    const source = catalogsOf(client);
    const catalog = await readCatalog(source, dataset, undefined);
    expect(catalog).toMatchObject({ etag: 'W/"one"', tables: [{ name: 'a' }, { name: 'b' }] });
    expect(await readCatalog(source, dataset, catalog?.etag)).toBeUndefined();
    expect(heard.map(({ path, user, etag }) => [path, user, etag])).toEqual([
      ['datasets/sales-prod/orders/catalog', undefined, undefined],
      ['datasets/sales-prod/orders/catalog?after=a&snapshot=W%2F%22one%22', undefined, undefined],
      ['datasets/sales-prod/orders/catalog', undefined, 'W/"one"'],
    ]);
  });

  it('that becomes another for ever, or is not to be had, is an error that says so', async () => {
    const ever = await operatorStandIn(({ path }) => (path.includes('after=') ? changed : page('a', 'a')));
    await expect(readCatalog(catalogsOf(ever.client), dataset, undefined)).rejects.toThrow('changed 3 times');
    const detail = 'Glue database acme is not in account 1.';
    const notReady = { type: 'urn:dataall:problem:not-ready', title: '', status: 409, detail, requestId: 'r' };
    const away = await operatorStandIn(() => ({ status: 409, json: notReady }));
    await expect(readCatalog(catalogsOf(away.client), dataset, undefined)).rejects.toThrow(detail);
  });
});
