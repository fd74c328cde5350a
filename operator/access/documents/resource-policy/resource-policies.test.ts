// Bucket and key policies: ours by Sid, everybody else's untouched, sizes foretold, one unknown principal never spoils the rest.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsFault } from '../../../aws/fault.ts';
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { LIMITS } from '../../../policy/size.ts';
import type { KeyPolicyClaims } from '../../desired.ts';
import type { DocumentContext, Verdict } from '../../document.ts';
import { grantId, type Grant } from '../../grant.ts';
import {
  baseline,
  bucket,
  CONSUMER,
  folder,
  grant,
  grantPrincipal,
  PRODUCER,
  REGION,
  suspended,
} from '../../testing/fixtures.ts';
import {
  bucketClaims,
  bucketKey,
  inBucket,
  keyKey,
  onlyPut,
  textOf,
  writtenTo,
} from '../../testing/resource-policies.ts';
import { bucketPolicy, type ObservedBucket } from './bucket-policy.ts';
import { keyPolicy } from './key-policy.ts';
import { policyBytes } from './owned-statements.ts';

const dataset = baseline();

/** What every Deny of others has in common: it says things our code must not lose. */
const FOREIGN: Statement = {
  Sid: 'TheirOwn',
  Effect: 'Deny',
  NotPrincipal: { AWS: [`arn:aws:iam::${PRODUCER}:role/auditor`, `arn:aws:iam::${PRODUCER}:root`] },
  NotAction: 's3:Get*',
  Resource: 'arn:aws:s3:::orders-data/audit/*',
  Condition: {
    StringNotLikeIfExists: { 'aws:PrincipalTag/team': ['b', 'a', 'a'] },
    Null: { 'aws:TokenIssueTime': true },
  },
} as unknown as Statement;

const names = ['analysts', 'scientists', 'robots', 'interns'];
const anyGrant = fc
  .record({ name: fc.constantFrom(...names), item: fc.constantFrom(bucket, folder('raw'), folder('raw2')) })
  .map(({ name, item }) => grant(item, { principal: grantPrincipal(name) }));
const anyGrants = fc.uniqueArray(anyGrant, { selector: grantId, maxLength: 12 });
/** Ours as somebody may have left it: other actions, other principals, other effect. */
const anyOfOurs = fc.record({
  Sid: fc.constantFrom(
    'DataAll-Bucket-ReadOnly',
    'DelegateAccessToAccessPoint',
    'RequiredSecureTransport',
    'DataAll-Bucket-ModifyOnly',
  ),
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Principal: fc.constantFrom(
    '*' as const,
    { AWS: `arn:aws:iam::${CONSUMER}:role/mallory` },
    { AWS: [CONSUMER, 'AROAGONE'] },
  ),
  Action: fc.constantFrom('s3:*', ['s3:GetObject', 's3:List*']),
  Resource: fc.constant(['arn:aws:s3:::orders-data', 'arn:aws:s3:::orders-data/*']),
});
const anyForeign = fc.record({
  Sid: fc.option(fc.stringMatching(/^Their[A-Za-z0-9]{1,8}$/), { nil: undefined }),
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Principal: fc.constantFrom('*' as const, { AWS: `arn:aws:iam::${PRODUCER}:role/batch` }),
  Action: fc.constantFrom('s3:*', ['s3:GetObject', 's3:GetObject']),
  Resource: fc.constant('arn:aws:s3:::orders-data/*'),
});
const anyPolicy: fc.Arbitrary<PolicyDocument | undefined> = fc.option(
  fc
    .array(fc.oneof(anyOfOurs, anyForeign), { maxLength: 6 })
    .map(
      (Statement) => JSON.parse(JSON.stringify({ Version: '2012-10-17', Id: 'theirs', Statement })) as PolicyDocument,
    ),
  { nil: undefined },
);
const isForeign = ({ Sid }: Statement): boolean => Sid === undefined || Sid.startsWith('Their');

describe('the policy of a bucket', () => {
  it('names principals of bucket items, and leaves folders to access points', () => {
    const policy = writtenTo(undefined, bucketClaims([grant(bucket), grant(folder('raw'))]));
    expect(policy?.Statement.map(({ Sid }) => Sid)).toEqual([
      'RequiredSecureTransport',
      'DelegateAccessToAccessPoint',
      'DataAll-Bucket-ReadOnly',
    ]);
    expect(policy?.Statement[2]).toMatchObject({
      Principal: { AWS: [`arn:aws:iam::${CONSUMER}:role/analysts`] },
      Action: ['s3:GetObject', 's3:GetObjectAttributes', 's3:List*'],
    });
    expect(policy?.Statement[1]).toMatchObject({
      Condition: { StringEquals: { 's3:DataAccessPointAccount': PRODUCER } },
    });
  });

  it('says write and modify in statements of their own', () => {
    const policy = writtenTo(undefined, bucketClaims([grant(bucket, { permissions: ['Read', 'Modify'] })]));
    const sids = policy?.Statement.map(({ Sid }) => Sid);
    expect(sids).toContain('DataAll-Bucket-ModifyOnly');
    expect(sids).not.toContain('DataAll-Bucket-WriteOnly');
  });

  it('is back to what others wrote once the dataset goes, and gone if they wrote nothing', () => {
    const claims = bucketClaims([grant(bucket)]);
    const gone = bucketClaims([], { dataset: baseline({ present: false }) });
    const theirs: PolicyDocument = { Version: '2012-10-17', Statement: [FOREIGN] };
    expect(writtenTo(writtenTo(theirs, claims), gone)).toEqual(theirs);
    expect(writtenTo(writtenTo(undefined, claims), gone)).toBeUndefined();
  });

  it('refuses every item of a bucket that is gone, and has nothing left to clean', () => {
    const observed: ObservedBucket = { exists: false, policy: undefined, accessPoints: [] };
    const claims = bucketClaims([grant(bucket), grant(folder('raw'))]);
    expect(bucketPolicy.plan(bucketKey, claims, observed)).toMatchObject({ actions: [] });
    expect([...bucketPolicy.judge(bucketKey, claims, observed).values()]).toMatchObject([
      { state: 'Failed', reason: 'BucketNotFound' },
      { state: 'Failed', reason: 'BucketNotFound' },
    ]);
    expect(bucketPolicy.isClean(bucketKey, claims, observed)).toBe(true);
  });

  it('shows tampering with evidence: what is missing, what is extra', () => {
    const claims = bucketClaims([grant(bucket), grant(bucket, { principal: grantPrincipal('robots') })]);
    const policy = writtenTo(undefined, claims) as PolicyDocument;
    const tampered = (principals: readonly string[]): PolicyDocument => ({
      ...policy,
      Statement: policy.Statement.map((statement) =>
        statement.Sid === 'DataAll-Bucket-ReadOnly' ? { ...statement, Principal: { AWS: principals } } : statement,
      ),
    });
    const arn = (name: string) => `arn:aws:iam::${CONSUMER}:role/${name}`;
    const driftOf = (principals: readonly string[]) =>
      bucketPolicy.plan(bucketKey, claims, inBucket(tampered(principals))).drift;
    expect(driftOf([arn('robots')])).toEqual([
      {
        kind: 'missing',
        message: `statement DataAll-Bucket-ReadOnly lacks ${arn('analysts')}`,
        grants: [grantId(grant(bucket))],
      },
    ]);
    expect(driftOf([arn('robots'), arn('analysts'), arn('mallory')])).toEqual([
      { kind: 'extra', message: `statement DataAll-Bucket-ReadOnly also names ${arn('mallory')}`, grants: [] },
    ]);
    expect(bucketPolicy.isClean(bucketKey, claims, inBucket(tampered([arn('mallory')])))).toBe(false);
  });

  it('tells each grant of its own principal alone, where a statement lacks several', () => {
    const all = ['analysts', 'robots', 'others'].map((name) => grant(bucket, { principal: grantPrincipal(name) }));
    const claims = bucketClaims(all);
    const two = writtenTo(undefined, bucketClaims(all.slice(2)));
    expect(bucketPolicy.plan(bucketKey, claims, inBucket(two)).drift).toEqual(
      all.slice(0, 2).map((one) => ({
        kind: 'missing',
        message: `statement DataAll-Bucket-ReadOnly lacks ${one.principal.arn}`,
        grants: [grantId(one)],
      })),
    );
  });

  it('never writes the ARN of a principal again whose id AWS shows, for somebody else may have that ARN now', () => {
    const claims = bucketClaims([grant(bucket), grant(bucket, { principal: grantPrincipal('robots') })]);
    const policy = writtenTo(undefined, claims) as PolicyDocument;
    const dead = JSON.parse(
      JSON.stringify(policy).replace(`arn:aws:iam::${CONSUMER}:role/analysts`, 'AROAANALYSTS'),
    ) as PolicyDocument;
    const plan = bucketPolicy.plan(bucketKey, claims, inBucket(dead));
    expect(JSON.stringify(onlyPut(plan.actions).policy)).not.toMatch(/AROAANALYSTS|role\/analysts/);
    expect([...plan.refused]).toMatchObject([[grantId(grant(bucket)), { reason: 'PrincipalNotFound' }]]);
  });

  it('says of a grant that stands and a statement of others speaks against that its reader is denied', () => {
    const claims = bucketClaims([grant(bucket)]);
    const deny = { ...FOREIGN, NotPrincipal: undefined, Principal: '*', NotAction: undefined, Action: 's3:GetObject' };
    const { Condition: _none, ...always } = deny;
    const verdict = (statement: object): Verdict | undefined => {
      const others = { Version: '2012-10-17', Statement: [statement] } as PolicyDocument;
      return bucketPolicy.judge(bucketKey, claims, inBucket(writtenTo(others, claims))).get(grantId(grant(bucket)));
    };
    expect(verdict(always)).toMatchObject({ state: 'Satisfied', flaw: { reason: 'ReaderDenied' } });
    expect(verdict(deny)).toMatchObject({ state: 'Satisfied', flaw: { health: 'Unknown' } });
    const allow = { ...always, Effect: 'Allow', Resource: 'arn:aws:s3:::orders-data/*' };
    expect(verdict({ ...allow, Principal: { AWS: grantPrincipal('theirs').arn } })).toEqual({ state: 'Satisfied' });
    expect(verdict(allow)).toMatchObject({ state: 'Satisfied', flaw: { health: 'Unknown' } });
  });

  it('finds access points of the dataset that nobody asked for, and no others', () => {
    const observed = { ...inBucket(undefined), accessPoints: ['a1b2c3d4-somebody', 'a1b2c3d45-x', 'theirs'] };
    expect(bucketPolicy.discover?.(bucketKey, bucketClaims([]), observed)).toEqual([
      { kind: 'access-point', account: PRODUCER, region: REGION, name: 'a1b2c3d4-somebody' },
    ]);
  });

  it('is full for exactly those who do not fit; who is in stays in', () => {
    const crowd = Array.from({ length: 600 }, (_, n) => grant(bucket, { principal: grantPrincipal(`role-${n}`) }));
    const first = bucketClaims(crowd.slice(500));
    const before = writtenTo(undefined, first);
    const plan = bucketPolicy.plan(bucketKey, bucketClaims(crowd), inBucket(before));
    const put = onlyPut(plan.actions);
    expect(policyBytes(put.policy)).toBeLessThanOrEqual(LIMITS.bucket.limit);
    expect(plan.refused.size).toBeGreaterThan(0);
    expect(plan.refused.size + put.grants.length).toBe(600);
    for (const grantee of first.grants) expect(plan.refused.has(grantId(grantee))).toBe(false);
    const [refused] = plan.refused.keys();
    expect(plan.refused.get(refused ?? '')).toMatchObject({
      reason: 'QuotaExceeded',
      message: expect.stringContaining('20480'),
    });
    // One more would indeed have been too much.
    const oneMore = crowd.find((one) => grantId(one) === refused) as Grant;
    const all = writtenTo(undefined, bucketClaims(put.grants.slice(0, 100)));
    expect(policyBytes(put.policy) + oneMore.principal.arn.length + 3).toBeGreaterThan(LIMITS.bucket.limit);
    expect(policyBytes(all)).toBeLessThan(policyBytes(put.policy));
  });
});

describe('the policy of a bucket (properties)', () => {
  it('is planned once: the second look finds nothing to do, and says so of every grant', () => {
    fc.assert(
      fc.property(anyGrants, anyPolicy, (grants, observed) => {
        const claims = bucketClaims(grants);
        const after = inBucket(writtenTo(observed, claims));
        expect(bucketPolicy.plan(bucketKey, claims, after)).toEqual({ actions: [], drift: [], refused: new Map() });
        for (const verdict of bucketPolicy.judge(bucketKey, claims, after).values())
          expect(verdict).toMatchObject({ state: 'Satisfied' });
        expect(bucketPolicy.isClean(bucketKey, claims, after)).toBe(true);
      }),
    );
  });

  it('keeps the statements of others, byte for byte and in their order', () => {
    fc.assert(
      fc.property(anyGrants, anyPolicy, (grants, observed) => {
        const before = [...(observed?.Statement ?? []).filter(isForeign), FOREIGN];
        const theirs = {
          Version: '2012-10-17',
          Statement: [...(observed?.Statement ?? []), FOREIGN],
        } as PolicyDocument;
        const after = writtenTo(theirs, bucketClaims(grants))?.Statement.filter(isForeign) ?? [];
        expect(after.map(textOf)).toEqual(before.map(textOf));
      }),
    );
  });

  it('never leaves a right to a principal whose grant is gone', () => {
    fc.assert(
      fc.property(anyGrants, anyGrants, anyPolicy, (before, now, observed) => {
        const ours = writtenTo(writtenTo(observed, bucketClaims(before)), bucketClaims(now));
        const left = (ours?.Statement ?? [])
          .filter((statement) => !isForeign(statement))
          .map(textOf)
          .join();
        const holders = new Set(now.filter(({ item }) => item.kind === 'Bucket').map(({ principal }) => principal.arn));
        for (const { principal } of before) if (!holders.has(principal.arn)) expect(left).not.toContain(principal.arn);
        if (!now.some(({ item }) => item.kind === 'Folder')) expect(left).not.toContain('DelegateAccessToAccessPoint');
      }),
    );
  });

  it('does not depend on the order of the grants', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const policy = writtenTo(undefined, bucketClaims(grants));
        expect(JSON.stringify(writtenTo(undefined, bucketClaims(grants.toReversed())))).toBe(JSON.stringify(policy));
      }),
    );
  });
});

describe('the policy of a key', () => {
  const claims = (grants: readonly Grant[], changes: Partial<KeyPolicyClaims> = {}): KeyPolicyClaims => ({
    datasets: [dataset],
    grants,
    remediation: 'Repair',
    ...changes,
  });
  const root: Statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${PRODUCER}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const observed = { exists: true, policy: { Version: '2012-10-17', Statement: [root] } as PolicyDocument };
  const after = (grants: readonly Grant[], from = observed, changes: Partial<KeyPolicyClaims> = {}) => {
    const { actions } = keyPolicy.plan(keyKey, claims(grants, changes), from);
    return { exists: true, policy: actions.length === 0 ? from.policy : (onlyPut(actions).policy as PolicyDocument) };
  };
  const sids = ({ policy }: typeof observed) => policy.Statement.map(({ Sid }) => Sid);

  it('lets principals decrypt by what they read through, and encrypt only who may write', () => {
    expect(sids(after([grant(bucket)]))).toEqual([
      root.Sid,
      'EnableDatasetOwnerKeyUsage',
      'EnableDatasetIAMRoleKeyUsage',
      'KMSPivotRolePermissions',
      'DataAll-Bucket-KMS-Decrypt',
    ]);
    expect(sids(after([grant(folder('raw'), { permissions: ['Read', 'Write'] })])).slice(4)).toEqual([
      'DataAll-Access-Point-KMS-Decrypt',
      'DataAll-Access-Point-KMS-Encrypt',
    ]);
  });

  it('keeps what was there, and is back to it at the end', () => {
    const shared = after([grant(bucket), grant(folder('raw'))]);
    expect(textOf(shared.policy.Statement[0])).toBe(textOf(root));
    expect(after([], shared, { datasets: [baseline({ present: false })] })).toEqual(observed);
  });

  it('serves every dataset whose bucket it encrypts', () => {
    const other = baseline({ name: 'other', datasetRoleArn: `arn:aws:iam::${PRODUCER}:role/other` });
    const both = after([], observed, { datasets: [dataset, other] });
    expect(JSON.stringify(both.policy)).toContain(other.datasetRoleArn);
    const one = after([], both, { datasets: [dataset, { ...other, present: false }] });
    expect(JSON.stringify(one.policy)).not.toContain(other.datasetRoleArn);
    expect(JSON.stringify(one.policy)).toContain(dataset.datasetRoleArn);
  });

  it('refuses items of a key that is gone', () => {
    const gone = { exists: false, policy: undefined };
    expect([...keyPolicy.judge(keyKey, claims([grant(bucket)]), gone).values()]).toMatchObject([
      { reason: 'KeyNotFound' },
    ]);
  });

  it('is planned once (property)', () => {
    fc.assert(
      fc.property(anyGrants, anyGrants, (before, now) => {
        const shared = after(now, after(before));
        expect(keyPolicy.plan(keyKey, claims(now), shared).actions).toEqual([]);
        expect(keyPolicy.isClean(keyKey, claims(now), shared)).toBe(true);
      }),
    );
  });
});

const malformed = () =>
  new AwsFault(
    { service: 's3', operation: 'PutBucketPolicy', account: PRODUCER, region: REGION, write: true },
    {
      kind: 'UnknownPrincipal',
      code: 'MalformedPolicy',
      reason: 'Invalid principal in policy',
      retryable: false,
      outcomeUnknown: false,
    },
  );

describe('the policy of a bucket while grants are suspended', () => {
  const [robots, interns] = [
    grant(bucket, { principal: grantPrincipal('robots') }),
    grant(bucket, { principal: grantPrincipal('interns') }),
  ];
  const writer = grant(bucket, { permissions: ['Read', 'Write'] });
  const named = (policy: PolicyDocument | undefined, sid: string): string =>
    JSON.stringify(policy?.Statement.find(({ Sid }) => Sid === sid)?.Principal ?? '');

  it('is not written for what they lack', () => {
    expect(bucketPolicy.plan(bucketKey, bucketClaims(suspended([writer])), inBucket(undefined)).actions).toMatchObject([
      { grants: [], policy: { Statement: [{ Sid: 'RequiredSecureTransport' }] } },
    ]);
    const half = writtenTo(undefined, bucketClaims([{ ...writer, permissions: ['Read'] }]));
    expect(bucketPolicy.plan(bucketKey, bucketClaims(suspended([writer])), inBucket(half)).actions).toEqual([]);
  });

  it('keeps what is there of them, and no more, when somebody else comes and goes', async () => {
    const half = writtenTo(undefined, bucketClaims([{ ...writer, permissions: ['Read'] }, robots]));
    const claims = bucketClaims([...suspended([writer]), interns]);
    const after = writtenTo(half, claims);
    expect(named(after, 'DataAll-Bucket-ReadOnly')).toContain('role/analysts');
    expect(named(after, 'DataAll-Bucket-ReadOnly')).toContain('role/interns');
    expect(named(after, 'DataAll-Bucket-ReadOnly')).not.toContain('role/robots');
    expect(named(after, 'DataAll-Bucket-WriteOnly')).toBe('""');
    expect(bucketPolicy.isClean(bucketKey, claims, inBucket(after))).toBe(true);
    const put: string[] = [];
    const aws = {
      s3: {
        putBucketPolicy: async (_bucket: string, text: string) => {
          if (text.includes('role/interns')) throw malformed();
          put.push(text);
          return Promise.resolve();
        },
      },
    };
    const action = onlyPut(bucketPolicy.plan(bucketKey, claims, inBucket(half)).actions);
    const context = { aws, now: () => 0, signal: new AbortController().signal } as unknown as DocumentContext;
    await bucketPolicy.execute(context, bucketKey, claims, action);
    expect(named(JSON.parse(put.at(-1) ?? '') as PolicyDocument, 'DataAll-Bucket-ReadOnly')).toContain('role/analysts');
  });

  it('loses what is no longer consented to', () => {
    const before = writtenTo(undefined, bucketClaims([writer]));
    const after = writtenTo(before, bucketClaims(suspended([{ ...writer, permissions: ['Read'] }])));
    expect(named(after, 'DataAll-Bucket-ReadOnly')).toContain('role/analysts');
    expect(named(after, 'DataAll-Bucket-WriteOnly')).toBe('""');
  });

  it('does not keep a statement that was made to give something else', () => {
    const before = writtenTo(undefined, bucketClaims([writer]));
    const Statement = (before?.Statement ?? []).map((one) =>
      one.Sid === 'DataAll-Bucket-ReadOnly' ? { ...one, Action: 's3:*' } : one,
    );
    const after = writtenTo({ ...before, Statement }, bucketClaims(suspended([writer])));
    expect(named(after, 'DataAll-Bucket-ReadOnly')).toBe('""');
    expect(named(after, 'DataAll-Bucket-WriteOnly')).toContain('role/analysts');
  });
});
