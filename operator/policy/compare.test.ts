import { describe, expect, it } from 'vitest';
import { differences } from './compare.ts';
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
