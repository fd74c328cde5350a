import { describe, expect, it } from 'vitest';
import { canonical, canonicalJson, equivalent } from './canonical.ts';
import type { PolicyDocument, Statement } from './document.ts';

const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const base = {
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: '*',
  Principal: { AWS: '111122223333' },
} as const satisfies Statement;

describe('equivalent', () => {
  it.each<[string, PolicyDocument, PolicyDocument]>([
    ['one value or a list of one', policy({ ...base, Action: ['s3:GetObject'] }), policy(base)],
    [
      'order and repetition of values',
      policy({ ...base, Resource: ['b', 'a', 'b'] }),
      policy({ ...base, Resource: ['a', 'b'] }),
    ],
    ['order of statements', policy(base, { ...base, Effect: 'Deny' }), policy({ ...base, Effect: 'Deny' }, base)],
    ['a repeated statement', policy(base, base), policy(base)],
    ['case of actions', policy({ ...base, Action: 'S3:getobject' }), policy(base)],
    [
      'account id or root ARN',
      policy({ ...base, Principal: { AWS: ['arn:aws:iam::111122223333:root'] } }),
      policy(base),
    ],
    ['two ways to say everyone', policy({ ...base, Principal: { AWS: '*' } }), policy({ ...base, Principal: '*' })],
    [
      'booleans and numbers',
      policy({ ...base, Condition: { Bool: { 'aws:SecureTransport': false } } }),
      policy({ ...base, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ],
    [
      'case of condition keys',
      policy({ ...base, Condition: { Null: { 'AWS:userid': 'true' } } }),
      policy({ ...base, Condition: { Null: { 'aws:userId': 'true' } } }),
    ],
    ['an empty condition', policy({ ...base, Condition: { StringEquals: {} } }), policy(base)],
    ['an empty Sid', policy({ ...base, Sid: '' }), policy(base)],
    ['Id', { ...policy(base), Id: 'x' }, policy(base)],
    ['Version where it makes no difference', { Statement: [base] }, policy(base)],
  ])('overlooks %s', (_name, a, b) => {
    expect(equivalent(a, b)).toBe(true);
  });

  it.each<[string, PolicyDocument, PolicyDocument]>([
    ['an effect', policy({ ...base, Effect: 'Deny' }), policy(base)],
    ['a Sid', policy({ ...base, Sid: 'A' }), policy(base)],
    ['case of resources', policy({ ...base, Resource: 'A' }), policy({ ...base, Resource: 'a' })],
    [
      'case of condition values',
      policy({ ...base, Condition: { StringEquals: { 'aws:userid': 'A' } } }),
      policy({ ...base, Condition: { StringEquals: { 'aws:userid': 'a' } } }),
    ],
    [
      'an additional principal',
      policy({ ...base, Principal: { AWS: ['111122223333', '444455556666'] } }),
      policy(base),
    ],
    [
      'Principal or NotPrincipal',
      policy({ Effect: 'Deny', Action: '*', Resource: '*', Principal: '*' }),
      policy({ Effect: 'Deny', Action: '*', Resource: '*', NotPrincipal: '*' }),
    ],
    [
      'the type of a principal',
      policy({ ...base, Principal: { AWS: 'x' } }),
      policy({ ...base, Principal: { Federated: 'x' } }),
    ],
    [
      'Version where it tells variables from text',
      { Statement: [{ ...base, Resource: '${aws:username}' }] },
      policy({ ...base, Resource: '${aws:username}' }),
    ],
    // Joined by AND these two are never both true; merged into one list they would be OR.
    [
      'keys that differ in case only',
      policy({ ...base, Condition: { StringEquals: { 'aws:userid': 'a', 'aws:UserId': 'b' } } }),
      policy({ ...base, Condition: { StringEquals: { 'aws:userid': ['a', 'b'] } } }),
    ],
  ])('sees %s', (_name, a, b) => {
    expect(equivalent(a, b)).toBe(false);
  });
});

describe('canonical', () => {
  it('is short and in one order, and keeps the spelling of actions', () => {
    const messy: PolicyDocument = {
      Id: 'x',
      Statement: [
        {
          Resource: ['b', 'a'],
          Action: ['s3:PutObject', 'S3:GetObject', 's3:getobject'],
          Effect: 'Allow',
          Sid: 'B',
          Principal: { Service: ['glue.amazonaws.com'], AWS: ['arn:aws:iam::111122223333:root'] },
        },
        {
          Sid: 'A',
          Effect: 'Deny',
          Principal: { AWS: ['*'] },
          Action: ['*'],
          Resource: ['*'],
          Condition: { Bool: { 'aws:SecureTransport': [false] as unknown as string[] } },
        },
      ],
    };
    expect(canonical(messy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'A',
          Effect: 'Deny',
          Principal: '*',
          Action: '*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Sid: 'B',
          Effect: 'Allow',
          Principal: { AWS: '111122223333', Service: 'glue.amazonaws.com' },
          Action: ['S3:GetObject', 's3:PutObject'],
          Resource: ['a', 'b'],
        },
      ],
    });
    expect(canonicalJson(messy)).toBe(canonicalJson(canonical(messy)));
  });
});
