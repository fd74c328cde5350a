// What others wrote, judged for a reader: no policy takes more than the budget of a look, and what was not judged is not known.
import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import { effortOf } from '../policy/effort.ts';
import type { PolicySource } from '../policy/request.ts';
import { Budget, MOST_STEPS } from './budget.ts';
import { flawOf, remembering, samplesBelow, type Probe } from './reader.ts';

const BUCKET = 'arn:aws:s3:::orders-data';
const READER = { arn: 'arn:aws:iam::222222222222:role/analysts', uniqueId: 'AROAANALYSTS' };
const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };

const deny = (Resource: readonly string[], more: Partial<Statement> = {}): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:GetObject', Resource, ...more }],
});
/** As many resources as fit into so many characters. */
const fillOf = (size: number, one: (at: number) => string): readonly string[] =>
  Array.from({ length: Math.floor(size / (one(1_000).length + 3)) }, (_, at) => one(at));
const named = (...policies: readonly PolicyDocument[]): readonly PolicySource[] =>
  policies.map((policy, at) => ({ name: `policy ${at}`, policy }));

/** What is made of the policies, and how many requests it took. */
const judge = (identity: readonly PolicySource[], budget = new Budget()) => {
  const policies = identity.map(({ policy }) => policy);
  let asked = 0;
  const probes = function* (): Iterable<Probe> {
    for (const resource of samplesBelow(BUCKET, '', policies)) {
      asked += 1;
      yield { action: 's3:GetObject', resource, account: '111111111111', context: {} };
    }
  };
  const flaw = flawOf(READER, probes(), { identity }, budget);
  const each = 2 * policies.reduce((sum, policy) => sum + effortOf(policy, BUCKET.length), 0);
  return { flaw, asked, each };
};

const TEN_MANAGED = [10_240, ...Array.from({ length: 10 }, () => 6_144)];

describe('policies that are made to be expensive to judge', () => {
  it.each([
    ['stars and letters', `${BUCKET}/${'*a'.repeat(200)}*`],
    ['stars and any character', `${BUCKET}/${'*?a'.repeat(200)}*`],
    ['very many places', `${BUCKET}/*`],
    ['stars in an account', `arn:aws:s3:::${'*a'.repeat(20)}`],
    ['variables', `${BUCKET}/\${aws:username}`],
  ])('take no more than the budget, and leave unknown what was not asked: %s', (_what, place) => {
    const policies = TEN_MANAGED.map((size, of) =>
      deny(
        fillOf(size, (at) => `${place}${of}x${at}`),
        { Condition },
      ),
    );
    const { flaw, asked, each } = judge(named(...policies, deny([`${BUCKET}/*b`], { Condition })));
    // The last question had no answer.
    expect((asked - 1) * each).toBeLessThanOrEqual(MOST_STEPS);
    expect(flaw).toMatchObject({ health: 'Unknown', reason: 'Unverified' });
  });

  it('are named where they exceed the budget, with what to do', () => {
    const large = deny(
      fillOf(20_000, (at) => `${BUCKET}/*${at}*`),
      { Condition },
    );
    const { flaw } = judge(named(deny([`${BUCKET}/secret/*`], { Condition }), large));
    expect(flaw).toEqual({
      health: 'Unknown',
      reason: 'Unverified',
      message:
        'policy 1 is too large to judge for every reader, so it may deny this one: let its Deny statements name fewer resources, with fewer wildcards',
    });
  });

  it('take the budget once for all grants of a look', () => {
    const policies = named(
      deny(
        fillOf(20_000, (at) => `${BUCKET}/*${at}*`),
        { Condition },
      ),
    );
    const budget = new Budget();
    const asked = Array.from({ length: 50 }, () => judge(policies, budget).asked);
    // Each of the others ends at its first question.
    expect(asked.slice(1)).toEqual(asked.slice(1).map(() => 1));
    expect(judge(policies, budget).flaw?.health).toBe('Unknown');
  });

  it('never pass for healthy what lies beyond the budget', () => {
    const harmless = fillOf(20_000, (at) => `${BUCKET}/*${at}*`);
    const forNobody = deny(harmless, {
      Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/x' } },
    });
    expect(judge(named(forNobody, deny([`${BUCKET}/last/*`]))).flaw?.health).toBe('Unknown');
  });
});

describe('policies as people write them', () => {
  it('are judged to the end: a hundred places that are denied to somebody else', () => {
    const places = Array.from({ length: 100 }, (_, at) => `${BUCKET}/team-${at}/*`);
    const others = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/analysts' } };
    expect(judge(named(deny(places, { Condition: others })))).toMatchObject({ flaw: undefined, asked: 101 });
  });

  it('deny the reader what they deny in one of many places', () => {
    const places = Array.from({ length: 100 }, (_, at) => `${BUCKET}/team-${at}/*`);
    expect(judge(named(deny(places.slice(99)))).flaw).toMatchObject({ health: 'Unhealthy', reason: 'ReaderDenied' });
  });

  it('are not asked about places that they only allow', () => {
    const allowed: PolicyDocument = {
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: fillOf(6_000, (at) => `${BUCKET}/*${at}*`) },
        { Effect: 'Deny', Action: 's3:GetObject', Resource: `${BUCKET}/secret/*`, Condition },
      ],
    };
    expect(judge(named(allowed))).toMatchObject({ asked: 2, flaw: { health: 'Unknown' } });
  });

  it('are not asked about places that lie elsewhere than the folder', () => {
    const policy = deny(
      ['sales/raw/*', 'finance/*', 'sales/eu*/secret/*', '*.key', 'sales/${aws:username}/*'].map(
        (key) => `${BUCKET}/${key}`,
      ),
    );
    expect([...samplesBelow(BUCKET, 'sales/eu/', [policy])].map((object) => object.slice(BUCKET.length + 1))).toEqual([
      'sales/eu/any',
      'sales/eu/sales/euany/secret/any',
      'sales/eu/any.key',
      'sales/eu/sales/${aws:username}/any',
    ]);
  });

  it('are asked about what an Allow leaves out', () => {
    const boundary: PolicyDocument = {
      Statement: [{ Effect: 'Allow', Action: '*', NotResource: `${BUCKET}/secret/*` }],
    };
    const resources = [...samplesBelow(BUCKET, '', [boundary])];
    expect(resources).toEqual([`${BUCKET}/any`, `${BUCKET}/secret/any`]);
  });
});

it('what was asked once is remembered, no flaw too', () => {
  const asked: string[] = [];
  const answer = remembering((subject) => {
    asked.push(subject);
    return undefined;
  });
  answer('a/');
  answer('b/');
  answer('a/');
  expect(asked).toEqual(['a/', 'b/']);
});
