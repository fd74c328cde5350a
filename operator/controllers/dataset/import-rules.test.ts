import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { claimsOf, type ImportClaims } from './import-claims.ts';
import { judgeImport, OWNER_TAG, type ObservedImport } from './import-rules.ts';

const KEY = {
  arn: 'arn:aws:kms:eu-west-1:111111111111:key/k',
  id: 'k',
  state: 'Enabled',
  manager: 'CUSTOMER',
} as const;
const FOREIGN_KEY = { ...KEY, arn: 'arn:aws:kms:eu-west-1:333333333333:key/k' };
const DATABASE = {
  catalogId: '111111111111',
  name: 'lake',
  description: undefined,
  locationUri: undefined,
  parameters: {},
  target: undefined,
  opensNewTables: false,
};

interface Options {
  readonly lakeFormation?: 'Enforced' | 'Hybrid';
  readonly kmsKey?: { alias?: string; arn?: string };
  readonly database?: string;
  readonly authorized?: boolean;
}

const dataset = (
  name: string,
  { kmsKey, database, authorized, lakeFormation }: Options = {},
  owner = 'sales',
): Dataset =>
  ({
    metadata: {
      namespace: 'sales-prod',
      name,
      uid: name,
      annotations: authorized === true ? { 'dataall.io/import-authorized': 'ann' } : {},
    },
    spec: {
      owner,
      s3: {
        origin: 'Import',
        bucket: { name: 'lake' },
        ...(kmsKey && { kmsKey }),
        ...(lakeFormation && { lakeFormation }),
        ...(database !== undefined && { glueDatabase: { name: database } }),
      },
    },
    status: { observedGeneration: 1 },
  }) as unknown as Dataset;

const environment = {
  metadata: { name: 'sales-prod' },
  spec: { account: { id: '111111111111', region: 'eu-west-1' } },
} as unknown as Environment;

const claims = (options: Options = {}, more: Partial<ImportClaims> = {}): ImportClaims => ({
  dataset: dataset('orders', { authorized: true, ...options }),
  environment,
  sameBucket: [],
  sameDatabase: [],
  isReserved: (bucket) => bucket === 'env-bucket',
  ...more,
});

const observed = (more: Partial<ObservedImport> = {}): ObservedImport => ({
  bucketRegion: 'eu-west-1',
  encryption: { algorithm: 'AES256', keyId: undefined, bucketKey: false },
  tags: {},
  bucketKey: undefined,
  namedKey: undefined,
  keyTags: {},
  database: undefined,
  ...more,
});

const kms = { encryption: { algorithm: 'aws:kms', keyId: KEY.arn, bucketKey: true }, bucketKey: KEY } as const;

describe('judgeImport', () => {
  it('lets in a bucket that its author may import, and one that its account tagged for the owner', () => {
    expect(judgeImport(claims(), observed())).toBeUndefined();
    expect(judgeImport(claims({ authorized: false }), observed({ tags: { [OWNER_TAG]: 'sales' } }))).toBeUndefined();
    expect(judgeImport(claims({ kmsKey: { alias: 'lake' } }), observed({ ...kms, namedKey: KEY }))).toBeUndefined();
  });

  it.each<[string, ImportClaims, ObservedImport]>([
    ['ImportNotAuthorized', claims({ authorized: false }), observed({ tags: { [OWNER_TAG]: 'marketing' } })],
    ['BucketNotFound', claims(), observed({ bucketRegion: undefined })],
    ['CrossRegionBucket', claims(), observed({ bucketRegion: 'us-east-1' })],
    ['BucketTaken', claims({}, { sameBucket: [dataset('first')] }), observed()],
    ['BucketReserved', claims({}, { isReserved: (bucket) => bucket === 'lake' }), observed()],
    ['KeyNotAllowed', claims({ kmsKey: { alias: 'lake' } }), observed()],
    [
      'KeyNotAllowed',
      claims({ kmsKey: { alias: 'aws/s3' } }),
      observed({ ...kms, bucketKey: { ...KEY, manager: 'AWS' } }),
    ],
    [
      'KeyNotAllowed',
      // SSE-KMS without a key of its own.
      claims({ kmsKey: { arn: KEY.arn } }),
      observed({ encryption: { algorithm: 'aws:kms', keyId: undefined, bucketKey: true }, namedKey: KEY }),
    ],
    ['KeyRequired', claims(), observed(kms)],
    ['KeyNotFound', claims({ kmsKey: { arn: KEY.arn } }), observed({ ...kms, bucketKey: undefined, namedKey: KEY })],
    ['KeyNotFound', claims({ kmsKey: { alias: 'typo' } }), observed(kms)],
    [
      'KeyMismatch',
      claims({ kmsKey: { alias: 'other' } }),
      observed({ ...kms, namedKey: { ...KEY, arn: `${KEY.arn}2` } }),
    ],
    [
      'KeyNotAllowed',
      claims({ kmsKey: { arn: FOREIGN_KEY.arn } }),
      observed({ ...kms, bucketKey: FOREIGN_KEY, namedKey: FOREIGN_KEY }),
    ],
    [
      'ImportNotAuthorized',
      claims({ authorized: false, database: 'hr' }),
      observed({ tags: { [OWNER_TAG]: 'sales' }, database: { ...DATABASE, name: 'hr' } }),
    ],
    ['DatabaseNotFound', claims({ database: 'sales' }), observed()],
    ['DatabaseTaken', claims({ database: 'sales' }, { sameDatabase: [dataset('first', {}, 'finance')] }), observed()],
    [
      'LakeFormationMismatch',
      claims({ database: 'sales' }, { sameDatabase: [dataset('first', { lakeFormation: 'Enforced' })] }),
      observed(),
    ],
  ])('refuses with %s and says what to do', (reason, wanted, found) => {
    const refusal = judgeImport(wanted, found);
    expect(refusal?.reason).toBe(reason);
    expect(refusal?.message).toMatch(/: |, or | named? /);
    // Immutable.
    expect(refusal?.message).not.toMatch(/spec\.s3\.(bucket|kmsKey|glueDatabase)(?!.* new Dataset)/);
  });

  it.each([
    ['Disabled', 'KeyNotAllowed', /is disabled: enable it$/],
    ['PendingDeletion', 'KeyNotFound', /will be deleted on 2026-12-31: cancel it, /],
    ['PendingImport', 'KeyNotAllowed', /has no key material: import it$/],
    ['Unavailable', 'KeyNotAllowed', /is Unavailable: connect its key store/],
  ])('refuses a key that is %s', (state, reason, message) => {
    const key = { ...KEY, state, deletionDate: '2026-12-31' };
    const refusal = judgeImport(
      claims({ kmsKey: { arn: KEY.arn } }),
      observed({ ...kms, bucketKey: key, namedKey: key }),
    );
    expect(refusal).toMatchObject({ reason, part: 'Storage' });
    expect(refusal?.message).toMatch(message);
  });

  it('lets in a key whose account names the owner, and no other for its bucket’s sake', () => {
    const tags = { [OWNER_TAG]: 'sales' };
    const wanted = claims({ authorized: false, kmsKey: { arn: KEY.arn } });
    const found = observed({ ...kms, tags, namedKey: KEY });
    const refusal = judgeImport(wanted, found);
    expect(refusal).toMatchObject({ reason: 'ImportNotAuthorized', part: 'Storage' });
    expect(refusal?.message).toContain(`tag key ${KEY.arn} with dataall:owner=sales`);
    expect(judgeImport(wanted, { ...found, keyTags: { [OWNER_TAG]: 'marketing' } })?.reason).toBe(
      'ImportNotAuthorized',
    );
    expect(judgeImport(wanted, { ...found, keyTags: tags })).toBeUndefined();
  });

  it('lets in a database whose account names the owner, or whose first owner does', () => {
    const tags = { [OWNER_TAG]: 'sales' };
    const wanted = { authorized: false, database: 'lake' };
    expect(
      judgeImport(claims(wanted), observed({ tags, database: { ...DATABASE, parameters: tags } })),
    ).toBeUndefined();
    const first = dataset('first');
    const owned = { ...first, status: { ...first.status, glueDatabase: 'lake' } };
    const found = observed({ tags, database: DATABASE });
    expect(judgeImport(claims(wanted, { sameDatabase: [owned] }), found)).toBeUndefined();
    // One that only names it was refused itself.
    expect(judgeImport(claims(wanted, { sameDatabase: [first] }), found)?.reason).toBe('ImportNotAuthorized');
  });

  it('lets groups share a database that its first owner names', () => {
    const first = dataset('first', {}, 'finance');
    const open = { ...first, spec: { ...first.spec, s3: { ...first.spec.s3, coOwners: ['sales'] } } };
    expect(judgeImport(claims({ database: 'sales' }, { sameDatabase: [open] }), observed())?.reason).toBe(
      'DatabaseNotFound',
    );
  });
});

describe('who asked for a bucket and a database first', () => {
  const dated = (name: string, year: number, owner: string, reason?: string): Dataset => {
    const made = dataset(name, { database: 'lake' }, owner);
    const ready = { type: 'Ready', status: 'False', reason };
    return {
      ...made,
      metadata: { ...made.metadata, creationTimestamp: `${year}-01-01T00:00:00Z` },
      status: { ...made.status, conditions: reason === undefined ? undefined : [ready] },
    } as unknown as Dataset;
  };
  const mine = dated('mine', 2026, 'finance');
  const beside = (other: Dataset) => {
    const found = claimsOf(mine, environment, { datasets: [other, mine], environments: [] });
    return [...found.sameBucket, ...found.sameDatabase].map(({ metadata }) => metadata.name);
  };

  it('has them before whoever asks later, until it is told that it may not, or that they are not there', () => {
    expect(beside(dated('first', 2025, 'rivals'))).toEqual(['first', 'first']);
    expect(beside(dated('first', 2025, 'rivals', 'Progressing'))).toEqual(['first', 'first']);
    for (const reason of ['ImportNotAuthorized', 'BucketNotFound', 'DatabaseNotFound'])
      expect(beside(dated('first', 2025, 'rivals', reason))).toEqual([]);
    expect(beside(dated('later', 2027, 'rivals'))).toEqual([]);
  });

  it('does not have them by a name that it could not make, because somebody else has it', () => {
    const creates = (reason?: string): Dataset => {
      const other = dated('first', 2025, 'rivals', reason);
      return { ...other, spec: { ...other.spec, s3: { ...other.spec.s3, origin: 'Create' } } };
    };
    expect(beside(creates('Progressing'))).toEqual(['first', 'first']);
    expect(beside(creates('StackFailed'))).toEqual([]);
    expect(beside(dated('first', 2025, 'rivals', 'StackFailed'))).toEqual(['first', 'first']);
  });
});
