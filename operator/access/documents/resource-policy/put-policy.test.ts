// Writing policies that name who is gone or unknown: access ends all the same, nothing is taken from anybody, and statements of others mean
// what they meant.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsFault } from '../../../aws/fault.ts';
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { evaluate } from '../../../policy/evaluate.ts';
import type { KeyPolicyClaims } from '../../desired.ts';
import type { DocumentContext } from '../../document.ts';
import { grantId, type Grant } from '../../grant.ts';
import { baseline, bucket, CONSUMER, grant, grantPrincipal, PRODUCER, REGION } from '../../testing/fixtures.ts';
import { bucketClaims, bucketKey, inBucket, keyKey, onlyPut } from '../../testing/resource-policies.ts';
import { bucketPolicy } from './bucket-policy.ts';
import { withoutDead } from './dead-principals.ts';
import { keyPolicy } from './key-policy.ts';
import { putWithoutUnknown } from './unknown-principal.ts';

const dataset = baseline();
const names = ['analysts', 'robots'];
const isForeign = ({ Sid }: Statement): boolean => Sid === undefined || Sid.startsWith('Their');

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

describe('principals that AWS does not know', () => {
  it('are exactly those left out, whoever and however many they are (property)', async () => {
    const crowd = Array.from({ length: 16 }, (_, n) => grantPrincipal(`role${n}`).arn);
    await fc.assert(
      fc.asyncProperty(fc.subarray(crowd), fc.subarray(crowd), async (wanted, unknown) => {
        const bad = wanted.filter((one) => unknown.includes(one));
        let written: readonly string[] | undefined;
        let attempts = 0;
        const left = await putWithoutUnknown(wanted, async (excluded) => {
          attempts += 1;
          const names = wanted.filter((one) => !excluded.includes(one));
          if (names.some((one) => bad.includes(one))) throw malformed();
          written = names;
          await Promise.resolve();
        });
        expect(new Set(left)).toEqual(new Set(bad));
        expect(written).toEqual(wanted.filter((one) => !bad.includes(one)));
        expect(attempts).toBeLessThanOrEqual(2 + 2 * bad.length * (1 + Math.log2(16)));
      }),
    );
  });

  it('may be in a statement of others: then nothing was written, and that is said', async () => {
    await expect(putWithoutUnknown([], () => Promise.reject(malformed()))).rejects.toThrow('Invalid principal');
    await expect(putWithoutUnknown(['a role'], () => Promise.reject(malformed()))).rejects.toThrow('Invalid principal');
  });

  it('are not looked for when something else is wrong', async () => {
    await expect(putWithoutUnknown(['a role'], () => Promise.reject(new Error('the network')))).rejects.toThrow(
      'the network',
    );
  });
});

describe('principals that are gone, in statements of others', () => {
  const dead = ['AROAGONEGONEGONEGONE', 'AIDAGONEGONEGONEGONE'];
  const batch = `arn:aws:iam::${PRODUCER}:role/batch`;
  const allow = (Sid: string, Principal: Statement['Principal']): Statement =>
    JSON.parse(
      JSON.stringify({ Sid, Effect: 'Allow', Principal, Action: 's3:*', Resource: 'arn:aws:s3:::orders-data' }),
    ) as Statement;
  const theirOwn = allow('TheirOwn', { AWS: batch });
  const known = new Set([batch, ...names.map((name) => grantPrincipal(name).arn)]);
  /** Takes the policy from bucket `theirs` to one with these grants, where AWS knows `known` alone. */
  const write = async (theirs: readonly Statement[], wanted: readonly Grant[], takesNone = true) => {
    const planned = bucketPolicy.plan(
      bucketKey,
      bucketClaims([grant(bucket)]),
      inBucket({ Version: '2012-10-17', Statement: theirs }),
    );
    const before = onlyPut(planned.actions).policy;
    const written: PolicyDocument[] = [];
    const aws = {
      s3: {
        putBucketPolicy: async (_bucket: string, text: string) => {
          const policy = JSON.parse(text) as PolicyDocument;
          const isKnown = (arn: string) => known.has(arn) || (!takesNone && dead.includes(arn));
          const named = policy.Statement.flatMap(({ Principal, NotPrincipal }) =>
            [Principal, NotPrincipal].flatMap((one) => (typeof one === 'object' ? (one.AWS ?? []) : [])),
          );
          if (!named.every((one) => one === '*' || isKnown(one))) throw malformed();
          written.push(policy);
          return await Promise.resolve();
        },
        deleteBucketPolicy: async () => await Promise.resolve(written.push({ Version: '2012-10-17', Statement: [] })),
      },
    };
    const claims = bucketClaims(wanted);
    const context = { aws, now: () => 0, signal: new AbortController().signal } as unknown as DocumentContext;
    const action = onlyPut(bucketPolicy.plan(bucketKey, claims, inBucket(before)).actions);
    const outcome = await bucketPolicy.execute(context, bucketKey, claims, action);
    return { outcome, after: written.at(-1), theirs: written.at(-1)?.Statement.filter(isForeign) };
  };

  it('do not keep access from ending: they are left out, nobody else is', async () => {
    const { outcome, after, theirs } = await write(
      [
        theirOwn,
        allow('TheirDead', { AWS: dead[0] ?? '' }),
        allow('TheirSome', { AWS: [...dead, batch] }),
        allow('TheirService', { AWS: dead, Service: 'logging.s3.amazonaws.com' }),
      ],
      [],
    );
    expect(outcome).toEqual({ done: true, omittedPrincipals: dead });
    expect(JSON.stringify(after)).not.toContain('role/analysts');
    expect(theirs).toEqual([
      theirOwn,
      allow('TheirSome', { AWS: [batch] }),
      allow('TheirService', { Service: 'logging.s3.amazonaws.com' }),
    ]);
  });

  it('do not throw suspicion on grants, and a grant to nobody is still left out alone', async () => {
    const gone = grant(bucket, { principal: grantPrincipal('ghost') });
    const robots = grant(bucket, { principal: grantPrincipal('robots') });
    const { outcome, after } = await write([allow('TheirDead', { AWS: dead })], [robots, gone]);
    expect(outcome).toMatchObject({ done: false, grants: [grantId(gone)], omittedPrincipals: dead });
    expect(JSON.stringify(after)).toContain('role/robots');
  });

  it('stay while AWS takes them', async () => {
    const theirDead = allow('TheirDead', { AWS: dead });
    const { outcome, theirs } = await write([theirDead], [], false);
    expect(outcome).toEqual({ done: true });
    expect(theirs).toEqual([theirDead]);
  });

  it('are left out of what keeps others out: those stay out, and whoever was let in stays in', async () => {
    const deny = { ...allow('TheirDeny', { AWS: dead }), Effect: 'Deny' as const };
    const { Principal: _nobody, ...denyButFor } = deny;
    const { outcome, theirs } = await write(
      [
        deny,
        { ...deny, Sid: 'TheirBatch', Principal: { AWS: [batch, ...dead] } },
        { ...denyButFor, Sid: 'TheirGuard', NotPrincipal: { AWS: [batch, ...dead] } },
        { ...denyButFor, Sid: 'TheirWall', NotPrincipal: { AWS: dead } },
      ],
      [],
    );
    expect(outcome).toEqual({ done: true, omittedPrincipals: dead });
    expect(theirs).toEqual([
      { ...deny, Sid: 'TheirBatch', Principal: { AWS: [batch] } },
      { ...denyButFor, Sid: 'TheirGuard', NotPrincipal: { AWS: [batch] } },
      { ...denyButFor, Sid: 'TheirWall', Principal: '*' },
    ]);
  });

  it('are named with their statement where it would let in everybody without them', async () => {
    const { Principal: _nobody, ...rest } = allow('TheirHole', undefined);
    const { outcome, after } = await write([{ ...rest, NotPrincipal: { AWS: [dead[0] ?? ''] } }], []);
    expect(after).toBeUndefined();
    expect(outcome).toMatchObject({
      done: false,
      problem: 'extra',
      verdict: { message: expect.stringMatching(/orders-data.*TheirHole.*AROAGONEGONEGONEGONE.*remove/) },
    });
  });

  it('change what a statement says of nobody who is there (property)', () => {
    const anybody = fc.constantFrom(batch, `arn:aws:iam::${PRODUCER}:root`, ...dead);
    const element = fc.uniqueArray(anybody, { minLength: 1 }).map((AWS) => ({ AWS }));
    const statement = fc.record({
      Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
      Action: fc.constant('s3:*'),
      Resource: fc.constant('*'),
      Principal: fc.option(element, { nil: undefined }),
      NotPrincipal: element,
    });
    const one = statement.map(({ Principal, NotPrincipal, ...rest }): Statement =>
      Principal === undefined ? { ...rest, NotPrincipal } : { ...rest, Principal },
    );
    const caller = fc.constantFrom(
      batch,
      `arn:aws:iam::${PRODUCER}:role/other`,
      `arn:aws:iam::${CONSUMER}:role/analysts`,
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), caller, (Statement, arn) => {
        const policy: PolicyDocument = { Version: '2012-10-17', Statement };
        expect(outcomeFor(arn, withoutDead(policy, () => false).policy)).toBe(outcomeFor(arn, policy));
      }),
    );
  });
});

/** What AWS decides of a role that has every right of its own. */
const outcomeFor = (roleArn: string, policy: PolicyDocument): string =>
  evaluate({
    principal: {
      kind: 'role-session',
      account: roleArn.split(':')[4] ?? '',
      arn: `arn:aws:sts::${roleArn.split(':')[4]}:assumed-role/${roleArn.split('/')[1]}/session`,
      roleArn,
      roleId: 'AROALIVELIVELIVELIVE',
    },
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::orders-data/a',
    resourceAccount: PRODUCER,
    context: {},
    identityPolicies: [],
    resourcePolicies: [{ name: 'bucket', policy }],
    join: 'union',
  }).outcome;

describe('roles of ours that are gone', () => {
  const owner = dataset.ownerRoleArns[0] ?? '';
  const other = `arn:aws:iam::${PRODUCER}:role/other-owner`;
  const claims = (grants: readonly Grant[]): KeyPolicyClaims => ({
    datasets: [{ ...dataset, ownerRoleArns: [owner, other] }],
    grants,
    remediation: 'Repair',
  });
  /** Ends the only grant on a key whose policy shows `owner` as `name`; AWS does not know who is called `gone`. */
  const endGrant = async (name: string) => {
    const first = keyPolicy.plan(keyKey, claims([grant(bucket)]), { exists: true, policy: { Statement: [] } });
    const text = JSON.stringify(onlyPut(first.actions).policy).replace(owner, name);
    const policy = JSON.parse(text) as PolicyDocument;
    let written = text;
    const aws = {
      kms: {
        putKeyPolicy: async (_key: string, next: string) => {
          if (next.includes(owner)) throw malformed();
          written = next;
          return await Promise.resolve();
        },
      },
    };
    const action = onlyPut(keyPolicy.plan(keyKey, claims([]), { exists: true, policy }).actions);
    const context = { aws, now: () => 0, signal: new AbortController().signal } as unknown as DocumentContext;
    return { outcome: await keyPolicy.execute(context, keyKey, claims([]), action), written };
  };

  it('do not keep access from ending either, and are told', async () => {
    const { outcome, written } = await endGrant('AROAOWNEROWNEROWNER');
    expect(outcome).toMatchObject({
      done: false,
      problem: 'missing',
      verdict: { message: expect.stringContaining(owner) },
    });
    expect(written).not.toContain('role/analysts');
    expect(written).toContain(other);
    expect(written).toContain(dataset.pivotRoleArn);
  });
});
