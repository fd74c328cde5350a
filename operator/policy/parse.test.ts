import { describe, expect, it } from 'vitest';
import { parsePolicy } from './parse.ts';
import type { PolicyErrorReason, PolicyKind } from './policy-error.ts';

const identity = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/*' };
const resource = { ...identity, Principal: { AWS: 'arn:aws:iam::111122223333:role/reader' } };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'glue.amazonaws.com' } };
const sound = { identity, resource, trust } as const;

const document = (...statements: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const errors = (json: string, kind?: PolicyKind) => {
  const result = parsePolicy(json, kind);
  return result.ok ? [] : result.errors.map(({ reason, at }) => `${reason} ${at}`.trim());
};

describe('parsePolicy', () => {
  it.each(Object.entries(sound))('accepts a sound %s policy', (kind, statement) => {
    expect(parsePolicy(document(statement), kind as PolicyKind)).toEqual({
      ok: true,
      policy: { Version: '2012-10-17', Statement: [statement] },
    });
  });

  it('makes a list of a single statement and keeps Id', () => {
    const json = JSON.stringify({ Id: 'x', Statement: resource });
    expect(parsePolicy(json)).toEqual({ ok: true, policy: { Id: 'x', Statement: [resource] } });
  });

  it.each<[string, unknown]>([
    ['account ids', { AWS: ['111122223333', 'arn:aws:iam::111122223333:root'] }],
    ['users with path', { AWS: 'arn:aws-cn:iam::111122223333:user/a/b/ann@corp' }],
    ['sessions', { AWS: 'arn:aws:sts::111122223333:assumed-role/reader/job-1' }],
    ['ids of deleted roles', { AWS: ['AROAEXAMPLE1234567890', 'AIDAEXAMPLE1234567890'] }],
    ['everyone', '*'],
    ['everyone by type', { AWS: '*' }],
    ['a CloudFront identity', { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE' }],
    ['a provider', { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' }],
    ['regional services', { Service: ['logs.eu-west-1.amazonaws.com', 'delivery.logs.amazonaws.com'] }],
    ['a canonical user', { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }],
  ])('accepts %s as principal', (_name, Principal) => {
    expect(errors(document({ ...resource, Principal }), 'resource')).toEqual([]);
  });

  it('accepts what data.all and AWS themselves write', () => {
    const statements = [
      { ...resource, Sid: 'DataAll-Bucket-ReadOnly', Action: ['s3:List*', 's3:GetObject'] },
      {
        ...resource,
        Sid: '',
        Condition: { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { 's3:TlsVersion': 1.2 } },
      },
      { ...resource, Condition: { 'ForAnyValue:StringLikeIfExists': { 'aws:PrincipalOrgPaths': ['o-1/*'] } } },
    ];
    expect(errors(document(...statements), 'resource')).toEqual([]);
    expect(
      errors(document({ Sid: 'EmptyStatement', Effect: 'Allow', Action: 'none:null', Resource: '*' }), 'identity'),
    ).toEqual([]);
  });

  it.each<[string, string, PolicyKind | undefined, string[]]>([
    ['text that is not JSON', '{', undefined, ['NotJson']],
    ['a list', '[]', undefined, ['NotAnObject']],
    ['no statement', '{"Version":"2012-10-17"}', undefined, ['MissingElement Statement']],
    ['an empty list of statements', document(), undefined, ['MissingElement Statement']],
    ['a statement that is text', document('Allow'), undefined, ['NotAnObject Statement[0]']],
    [
      'an unknown version',
      JSON.stringify({ Version: '2012-10-18', Statement: [identity] }),
      undefined,
      ['BadVersion Version'],
    ],
    [
      'an unknown element',
      JSON.stringify({ Statement: [identity], Comment: 'x' }),
      undefined,
      ['UnknownElement Comment'],
    ],
    ['an Id that is a number', JSON.stringify({ Statement: [identity], Id: 1 }), undefined, ['BadId Id']],
    ['unicode in IAM', document({ ...identity, Resource: 'arn:aws:s3:::raw/Δ' }), 'identity', ['BadCharacter']],
  ])('refuses %s', (_name, json, kind, found) => {
    expect(errors(json, kind)).toEqual(found);
  });

  type Bad = readonly [name: string, base: PolicyKind, changes: object, reason: PolicyErrorReason, at: string];
  // prettier-ignore
  const bad: Bad[] = [
    ['an unknown element', 'identity', { Resources: '*' }, 'UnknownElement', '.Resources'],
    ['an element in another case', 'identity', { action: 's3:*' }, 'UnknownElement', '.action'],
    ['no effect', 'identity', { Effect: undefined }, 'MissingElement', '.Effect'],
    ['another effect', 'identity', { Effect: 'allow' }, 'BadEffect', '.Effect'],
    ['both Action and NotAction', 'identity', { NotAction: 's3:*' }, 'ConflictingElements', ''],
    ['both Resource and NotResource', 'identity', { NotResource: '*' }, 'ConflictingElements', ''],
    ['both Principal and NotPrincipal', 'resource', { NotPrincipal: '*' }, 'ConflictingElements', ''],
    ['no action', 'identity', { Action: undefined }, 'MissingElement', '.Action'],
    ['no resource in an identity policy', 'identity', { Resource: undefined }, 'MissingElement', '.Resource'],
    ['a principal in an identity policy', 'identity', { Principal: '*' }, 'ForbiddenElement', '.Principal'],
    ['no principal in a resource policy', 'resource', { Principal: undefined }, 'MissingElement', '.Principal'],
    ['no principal in a trust policy', 'trust', { Principal: undefined }, 'MissingElement', '.Principal'],
    ['a resource in a trust policy', 'trust', { Resource: '*' }, 'ForbiddenElement', '.Resource'],
    ['a Sid with a hyphen in IAM', 'identity', { Sid: 'a-b' }, 'BadSid', '.Sid'],
    ['a Sid that is a number', 'resource', { Sid: 1 }, 'BadSid', '.Sid'],
    ['an action without service', 'identity', { Action: 'GetObject' }, 'BadAction', '.Action'],
    ['an action that is no text', 'identity', { Action: ['s3:GetObject', 1] }, 'BadAction', '.Action[1]'],
    ['an empty list of actions', 'identity', { Action: [] }, 'BadAction', '.Action'],
    ['a resource that is no ARN', 'identity', { Resource: 's3://raw' }, 'BadResource', '.Resource'],
    ['a resource list with a stranger', 'identity', { Resource: ['*', 'raw'] }, 'BadResource', '.Resource[1]'],
    ['a principal that is text', 'resource', { Principal: '111122223333' }, 'BadPrincipal', '.Principal'],
    ['a principal of no type', 'resource', { Principal: {} }, 'BadPrincipal', '.Principal'],
    ['a principal of unknown type', 'resource', { Principal: { User: '*' } }, 'BadPrincipal', '.Principal.User'],
    ['a short account id', 'resource', { Principal: { AWS: '1111' } }, 'BadPrincipal', '.Principal.AWS'],
    ['a wildcard in a role ARN', 'resource', { Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } }, 'BadPrincipal', '.Principal.AWS'],
    ['all sessions of a role', 'resource', { Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/r/*' } }, 'BadPrincipal', '.Principal.AWS'],
    ['a group', 'resource', { Principal: { AWS: ['*', 'arn:aws:iam::111122223333:group/g'] } }, 'BadPrincipal', '.Principal.AWS[1]'],
    ['a policy ARN as principal', 'trust', { Principal: { AWS: 'arn:aws:iam::111122223333:policy/p' } }, 'BadPrincipal', '.Principal.AWS'],
    ['all services', 'trust', { Principal: { Service: '*' } }, 'BadPrincipal', '.Principal.Service'],
    ['an unknown operator', 'identity', { Condition: { StringSounds: { 'aws:userid': 'x' } } }, 'UnknownOperator', '.Condition.StringSounds'],
    ['NullIfExists', 'identity', { Condition: { NullIfExists: { 'aws:userid': 'true' } } }, 'UnknownOperator', '.Condition.NullIfExists'],
    ['a key without prefix', 'identity', { Condition: { StringEquals: { userid: 'x' } } }, 'BadCondition', '.Condition.StringEquals.userid'],
    ['a condition value that is an object', 'identity', { Condition: { StringEquals: { 'aws:userid': {} } } }, 'BadCondition', '.Condition.StringEquals.aws:userid'],
    ['an operator without keys', 'identity', { Condition: { StringEquals: 'x' } }, 'BadCondition', '.Condition.StringEquals'],
    ['a condition that is a list', 'identity', { Condition: [] }, 'BadCondition', '.Condition'],
  ];
  it.each(bad)('refuses %s', (_name, kind, changes, reason, at) => {
    expect(errors(document(sound[kind], { ...sound[kind], ...changes }), kind)).toEqual([
      `${reason} Statement[1]${at}`,
    ]);
  });

  it('refuses a Sid that is used twice, and says where first', () => {
    const result = parsePolicy(document({ ...identity, Sid: 'A' }, identity, { ...identity, Sid: 'A' }));
    expect(result).toEqual({
      ok: false,
      errors: [{ reason: 'DuplicateSid', at: 'Statement[2].Sid', message: '"A" is already the Sid of Statement[0]' }],
    });
  });

  it('takes any number of empty Sids for none', () => {
    expect(errors(document({ ...identity, Sid: '' }, { ...identity, Sid: '' }), 'identity')).toEqual([]);
  });

  it('reports everything that is wrong', () => {
    expect(errors(document({ ...identity, Effect: 'No', Action: 'x' }, { ...identity, Resource: 'y' }))).toEqual([
      'BadEffect Statement[0].Effect',
      'BadAction Statement[0].Action',
      'BadResource Statement[1].Resource',
    ]);
  });
});
