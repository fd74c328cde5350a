import { describe, expect, it } from 'vitest';
import { idFromUid } from '../../operator/resources/names.ts';
import { itemId } from './item-id.ts';
import { commonColumns, type ProjectedObject } from './object-columns.ts';
import { projections } from './projections.ts';
import { datasetProjection } from './projections/dataset.ts';
import { shareRequestProjection } from './projections/share-request.ts';
import { projected, toJson } from './rows.ts';

const metadata = { name: 'one', namespace: 'sales', uid: 'u-1', resourceVersion: '7', generation: 2, creationTimestamp: '2026-11-01T00:00:00Z' }; // prettier-ignore
const object = (rest: object = {}): ProjectedObject => ({ metadata, spec: {}, status: {}, ...rest });

const request = (spec: object, status: object = {}): ProjectedObject =>
  object({
    spec: {
      datasetRef: { namespace: 'sales', name: 'orders' },
      requester: 'marketing',
      principal: { kind: 'Team', name: 'marketing' },
      permissions: ['Read'],
      items: [{ kind: 'Table', name: 'orders' }],
      draft: false,
      ...spec,
    },
    status,
  });
const rowOf = (one: ProjectedObject) => shareRequestProjection.row(one) as Record<string, unknown>;

describe('The id that clients know', () => {
  it('is that of status, else of spec, else of the annotation, else made of the UID', () => {
    const uri = (rest: object) => commonColumns(object(rest)).uri;
    const annotated = { metadata: { ...metadata, annotations: { 'dataall.io/id': 'annotate' } } };
    expect(uri({ ...annotated, spec: { id: 'fromspec' }, status: { id: 'fromstat' } })).toBe('fromstat');
    expect(uri({ ...annotated, spec: { id: 'fromspec' } })).toBe('fromspec');
    expect(uri(annotated)).toBe('annotate');
    expect(uri({})).toBe(idFromUid('u-1'));
  });

  it('of an item is a function of its parent, kind and name alone, and no two are confused', () => {
    expect(itemId('abc', 'Table', 'orders')).toBe(itemId('abc', 'Table', 'orders'));
    expect(itemId('abc', 'Table', 'orders')).toMatch(/^[0-9a-f]{32}$/);
    const ids = [
      itemId('abc', 'Table', 'orders'),
      itemId('abd', 'Table', 'orders'),
      itemId('abc', 'Folder', 'orders'),
      itemId('abc', 'Table', 'orders '),
      itemId('abc,Table', 'Table', 'orders'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('The columns of every kind', () => {
  it('say when the spec was last written, whatever the operator wrote since', () => {
    const managedFields = [
      { manager: 'kubectl', operation: 'Apply', time: '2026-11-03T00:00:00Z', fieldsV1: {} },
      { manager: 'dataall-operator', operation: 'Apply', subresource: 'status', time: '2026-11-09T00:00:00Z' },
    ];
    const columns = commonColumns(object({ metadata: { ...metadata, managedFields } }));
    expect(columns.updated).toBe('2026-11-03T00:00:00Z');
    expect(JSON.stringify(columns.object)).not.toContain('managedFields');
    expect(commonColumns(object()).updated).toBe(metadata.creationTimestamp);
  });

  it('say Unknown of what the operator has not judged', () => {
    expect(commonColumns(object())).toMatchObject({ ready: 'Unknown', reason: null, message: null });
    const conditions = [{ type: 'Ready', status: 'False', reason: 'AccountTaken', message: 'taken' }];
    expect(commonColumns(object({ status: { conditions } }))).toMatchObject({ ready: 'False', reason: 'AccountTaken' });
  });
});

describe('A request', () => {
  it('is Submitted as soon as it is no draft, also before the operator has seen it', () => {
    expect(rowOf(request({ draft: true }))['phase']).toBe('Draft');
    expect(rowOf(request({}))['phase']).toBe('Submitted');
    expect(rowOf(request({}, { phase: 'Draft' }))['phase']).toBe('Submitted');
    expect(rowOf(request({}, { phase: 'Granted' }))['phase']).toBe('Granted');
  });

  it('has an item for each that it asks for, and for each that is being taken away', () => {
    const items = [
      { kind: 'Table', name: 'former', state: 'Revoking' },
      { kind: 'Table', name: 'orders', state: 'Failed', reason: 'TableNotFound', filters: ['eu'] },
    ];
    const rows = shareRequestProjection.children?.(request({}, { items }))[0]?.rows;
    expect(rows).toMatchObject([
      {
        name: 'orders',
        requested: true,
        state: 'Failed',
        reason: 'TableNotFound',
        filters: [],
        filters_in_effect: ['eu'],
      },
      { name: 'former', requested: false, state: 'Revoking' },
    ]);
  });

  it('may ask for nothing while it is a draft', () => {
    expect(rowOf(request({ draft: true, items: [] }))['requested']).toBe(0);
  });
});

describe('A dataset', () => {
  it('offers its bucket, its folders and the tables that were found', () => {
    const spec = { s3: { origin: 'Import', bucket: { name: 'b' } }, folders: [{ name: 'raw', prefix: 'raw/' }] };
    const status = { tables: { count: 2, names: ['a', 'b'] } };
    const [items] = datasetProjection.children?.(object({ spec, status })) ?? [];
    expect(items?.rows).toMatchObject([
      { kind: 'Bucket', name: 'b' },
      { kind: 'Folder', name: 'raw', prefix: 'raw/' },
      { kind: 'Table', name: 'a' },
      { kind: 'Table', name: 'b' },
    ]);
  });
});

describe('What is written', () => {
  const organization = projections.find(({ table }) => table === 'organization');
  const digest = (rest: object, viewers: readonly string[]): string => {
    if (organization === undefined) throw new Error('there is no such projection');
    return projected(organization, object({ spec: { label: 'A', owner: 'a' }, ...rest }), viewers).digest;
  };

  it('differs with the object, with who may see it, and with nothing else', () => {
    expect(digest({}, ['a'])).toBe(digest({}, ['a']));
    expect(digest({}, ['a', 'b'])).not.toBe(digest({}, ['a']));
    expect(digest({ metadata: { ...metadata, resourceVersion: '8' } }, ['a'])).not.toBe(digest({}, ['a']));
  });

  it('is projected of an object without a status too', () => {
    expect(() => digest({ status: undefined }, [])).not.toThrow();
  });

  it('is text that PostgreSQL takes, whatever people wrote', () => {
    expect(JSON.parse(toJson({ a: 'x\0y', b: ['\uD800'], c: 'ok' }))).toEqual({
      a: 'x\uFFFDy',
      b: ['\uFFFD'],
      c: 'ok',
    });
  });
});
