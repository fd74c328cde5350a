import { describe, expect, it } from 'vitest';
import type { Statement } from './document.ts';
import { packPrincipals } from './pack-principals.ts';

const read: Statement = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/*' };
const write: Statement = { Sid: 'Write', Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::raw/*' };
const to = (statement: Statement, ...AWS: string[]): Statement => ({ ...statement, Principal: { AWS } });

describe('packPrincipals', () => {
  it('makes one statement per right, with its principals sorted', () => {
    const statements = [to(read, 'b'), to(write, 'b'), to({ ...read, Action: ['S3:GetObject'] }, 'a', 'b')];
    expect(packPrincipals(statements)).toEqual([to(read, 'a', 'b'), to(write, 'b')]);
  });

  it('keeps rights apart that differ in anything else', () => {
    const statements = [
      to(read, 'a'),
      to({ ...read, Sid: 'Other' }, 'b'),
      to({ ...read, Effect: 'Deny' }, 'b'),
      to({ ...read, Resource: '*' }, 'b'),
      to({ ...read, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, 'b'),
    ];
    expect(packPrincipals(statements)).toEqual(statements);
  });

  it('joins types of principals and everyone', () => {
    const statements = [to(read, 'a'), { ...read, Principal: { Service: 's' } }, { ...read, Principal: '*' } as const];
    expect(packPrincipals(statements)).toEqual([{ ...read, Principal: { AWS: ['*', 'a'], Service: 's' } }]);
    expect(
      packPrincipals([
        { ...read, Principal: '*' },
        { ...read, Principal: '*' },
      ]),
    ).toEqual([{ ...read, Principal: '*' }]);
  });

  it('never joins NotPrincipal: all but a, and all but b, is everyone', () => {
    const statements: Statement[] = [
      { ...read, NotPrincipal: { AWS: 'a' } },
      { ...read, NotPrincipal: { AWS: 'b' } },
      read,
    ];
    expect(packPrincipals(statements)).toEqual(statements);
  });
});
