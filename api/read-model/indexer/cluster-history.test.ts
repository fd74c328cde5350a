import { describe, expect, it } from 'vitest';
import { contradiction } from './cluster-history.ts';
import type { IndexedObject } from './indexed-stores.ts';
import type { StoredVersions } from './stored-versions.ts';

const listed = (uid: string, resourceVersion: string): IndexedObject =>
  ({ metadata: { uid, name: uid, resourceVersion } }) as unknown as IndexedObject;

const stored = (rest: Partial<StoredVersions> = {}): StoredVersions => ({
  epoch: 1,
  resourceVersion: '100',
  rows: new Map(),
  tombstones: new Map(),
  ...rest,
});
const row = (resourceVersion: string, epoch = 1) => ({ resourceVersion, epoch, digest: '' });

describe('A list is of another history than the rows', () => {
  it('when its resource version is below what was seen', () => {
    expect(contradiction([], '99', stored())).toBeDefined();
    // By number, not as text.
    expect(contradiction([], '1000', stored({ resourceVersion: '999' }))).toBeUndefined();
    expect(contradiction([], '7', stored({ resourceVersion: undefined }))).toBeUndefined();
  });

  it('when it shows an object as it was before what is stored, though it is younger than that', () => {
    const rows = new Map([['a', row('90')]]);
    expect(contradiction([listed('a', '80')], '200', stored({ rows }))).toBeDefined();
    expect(contradiction([listed('a', '90')], '200', stored({ rows }))).toBeUndefined();
    // A gateway has heard more than this list: it says nothing of what came later.
    const ahead = new Map([['a', row('300')]]);
    expect(contradiction([listed('a', '80')], '200', stored({ rows: ahead }))).toBeUndefined();
    // What was stored in an earlier history says nothing of this one.
    const former = new Map([['a', row('90', 0)]]);
    expect(contradiction([listed('a', '80')], '200', stored({ rows: former }))).toBeUndefined();
  });

  it('when it shows what was deleted before', () => {
    const tombstones = new Map([['a', '150']]);
    expect(contradiction([listed('a', '80')], '200', stored({ tombstones }))).toBeDefined();
    expect(contradiction([listed('a', '80')], '120', stored({ tombstones }))).toBeUndefined();
  });
});
