import { describe, expect, it } from 'vitest';
import { differences, onlyAllowsMore } from './compare.ts';
import type { PolicyDocument, Statement } from './document.ts';

const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const reader = 'arn:aws:iam::111122223333:role/reader';
const writer = 'arn:aws:iam::111122223333:role/writer';
const read: Statement = {
  Sid: 'DataAll-Bucket-ReadOnly',
  Effect: 'Allow',
  Principal: { AWS: [reader] },
  Action: ['s3:List*', 's3:GetObject'],
  Resource: ['arn:aws:s3:::raw', 'arn:aws:s3:::raw/*'],
};
const tls: Statement = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

describe('differences', () => {
  it('finds none however the policies are written', () => {
    const rewritten = { ...read, Action: ['s3:getobject', 's3:List*'], Principal: { AWS: reader } };
    expect(differences(policy(tls, rewritten), policy(read, { ...tls, Principal: { AWS: '*' } }))).toEqual([]);
  });

  it('names missing and extra statements', () => {
    expect(differences(policy(tls), policy(read))).toEqual([
      { kind: 'missing', sid: 'DataAll-Bucket-ReadOnly', desired: read },
      { kind: 'extra', sid: undefined, actual: tls },
    ]);
  });

  it('names what changed within a statement of the same Sid', () => {
    const actual: Statement = {
      ...read,
      Principal: { AWS: [writer] },
      Action: ['s3:List*', 's3:GetObject', 's3:PutObject'],
      Condition: { StringEquals: { 's3:prefix': 'a' } },
    };
    expect(differences(policy(actual), policy(read))).toEqual([
      {
        kind: 'changed',
        sid: 'DataAll-Bucket-ReadOnly',
        desired: read,
        actual,
        elements: [
          { element: 'Principal', missing: [`AWS ${reader}`], extra: [`AWS ${writer}`] },
          { element: 'Action', missing: [], extra: ['s3:putobject'] },
          { element: 'Condition', missing: [], extra: ['StringEquals s3:prefix ["a"]'] },
        ],
      },
    ]);
  });

  it('takes statements without Sid, or with an empty one, as wholes', () => {
    const other = { ...tls, Effect: 'Allow' } as const;
    expect(differences(policy(other), policy(tls)).map(({ kind }) => kind)).toEqual(['missing', 'extra']);
    expect(differences(policy({ ...other, Sid: '' }), policy({ ...tls, Sid: '' })).map(({ kind }) => kind)).toEqual([
      'missing',
      'extra',
    ]);
  });
});

describe('onlyAllowsMore', () => {
  const more = (patch: Partial<Statement>): Statement => ({ ...read, ...patch });
  it.each([
    ['the same', read, true],
    ['another principal besides', more({ Principal: { AWS: [reader, writer] } }), true],
    [
      'a resource and an action besides',
      more({
        Action: ['s3:List*', 's3:Get*', 's3:GetObject'],
        Resource: ['*', 'arn:aws:s3:::raw', 'arn:aws:s3:::raw/*'],
      }),
      true,
    ],
    ['another principal instead', more({ Principal: { AWS: [writer] } }), false],
    ['a resource less', more({ Resource: ['arn:aws:s3:::raw'] }), false],
    ['a condition', more({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), false],
    ['a refusal', more({ Effect: 'Deny' }), false],
  ] as const)('of a statement that has %s', (_what, desired, is) => {
    expect(onlyAllowsMore(policy(tls, read), policy(tls, desired))).toBe(is);
  });

  it('of statements that come and go', () => {
    expect(onlyAllowsMore(policy(tls), policy(tls, read))).toBe(true);
    expect(onlyAllowsMore(policy(read), policy(tls, read))).toBe(false);
    expect(onlyAllowsMore(policy(tls, read), policy(tls))).toBe(false);
    // Who is refused no more may do more; nothing of ours depends on it.
    expect(onlyAllowsMore(policy(tls, read), policy(read))).toBe(false);
  });
});
