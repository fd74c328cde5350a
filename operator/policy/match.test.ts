import { describe, expect, it } from 'vitest';
import { compileAction, compilePattern, compileResource } from './match.ts';

const none = () => undefined;

describe('compileAction', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
  it.each([
    ['*', 's3:GetObject', true],
    ['s3:*', 's3:GetObject', true],
    ['s3:*', 's3control:GetObject', false],
    ['S3:GETOBJECT', 's3:GetObject', true],
    ['s3:Get*', 's3:PutObject', false],
    ['s3:GetObject', 's3:GetObjectTagging', false],
    ['s3:GetObject?', 's3:GetObject', false],
    ['iam:*AccessKey*', 'iam:ListAccessKeys', true],
    ['iam:*AccessKey*', 'iam:ListRoles', false],
    ['*:Get*', 's3:GetObject', true],
  ])('%s on %s: %s', (pattern, action, covered) => {
    expect(compileAction(pattern)(action)).toBe(covered);
  });
});

describe('compileResource', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
  it.each([
    ['*', 'arn:aws:s3:::raw', true],
    ['*', '*', true],
    ['arn:aws:s3:::raw', 'arn:aws:s3:::raw', true],
    ['arn:aws:s3:::raw', 'arn:aws:s3:::raw/a', false],
    ['arn:aws:s3:::raw/*', 'arn:aws:s3:::raw/a:b/c', true],
    ['arn:aws:s3:::raw/*', 'arn:aws:s3:::raw/', true],
    ['arn:aws:s3:::raw/*', 'arn:aws:s3:::raw', false],
    ['arn:aws:s3:::raw/*/x', 'arn:aws:s3:::raw/a/b:c/x', true],
    ['arn:aws:s3:::raw-????', 'arn:aws:s3:::raw-2024', true],
    ['arn:aws:s3:::raw-????', 'arn:aws:s3:::raw-20245', false],
    // A `*` at the end of a segment may run over colons, one inside a segment may not.
    ['arn:aws:sqs:*', 'arn:aws:sqs:eu-west-1:111122223333:q', true],
    ['arn:aws:glue:*:111122223333:table/a/b', 'arn:aws:glue:eu-west-1:111122223333:table/a/b', true],
    ['arn:aws:glue:*:111122223333:table/a/b', 'arn:aws:glue:eu-west-1:444455556666:table/a/b', false],
    ['arn:aws:glue:eu*1:111122223333:table/a', 'arn:aws:glue:eu-west-1:111122223333:table/a', true],
    ['arn:aws:glue:eu*3:table/a', 'arn:aws:glue:eu-west-1:111122223333:table/a', false],
    ['arn:aws:glue:eu?west-1:*:table/a', 'arn:aws:glue:eu:west-1:1:table/a', false],
    // A character outside the basic plane is one character.
    ['arn:aws:s3:::raw/?', 'arn:aws:s3:::raw/\u{1F600}', true],
    ['arn:aws:s3:::raw/??', 'arn:aws:s3:::raw/\u{1F600}', false],
  ])('%s on %s: %s', (pattern, resource, covered) => {
    expect(compileResource(pattern, true)(resource, none)).toBe(covered);
  });

  it('takes regular expression characters for themselves', () => {
    expect(compileResource('arn:aws:s3:::raw/[a-z]+(.)$^|\\d', true)('arn:aws:s3:::raw/[a-z]+(.)$^|\\d', none)).toBe(
      true,
    );
    expect(compileResource('arn:aws:s3:::raw/.', true)('arn:aws:s3:::raw/x', none)).toBe(false);
  });
});

describe('compilePattern', () => {
  it('takes time in proportion to pattern and text, whoever wrote the pattern', () => {
    const pattern = compilePattern(`${'*a'.repeat(500)}b`, { wildcards: 'free', variables: false });
    // 500 x 5,000 steps take a fraction of a second; backtracking would not end in a lifetime, nor in this test's time.
    expect(pattern('a'.repeat(5000), none)).toBe(false);
  });

  it('takes openings of variables that never end, in proportion to their number', () => {
    const text = '${'.repeat(1_000_000);
    const pattern = compilePattern(text, { wildcards: 'none', variables: true });
    expect(pattern(text, none)).toBe(true);
    const defaults = compilePattern(`\${a${",'".repeat(1_000_000)}x}`, { wildcards: 'none', variables: true });
    expect(defaults('a', none)).toBe('unknown');
  });

  it('keeps unfinished variables as text', () => {
    const pattern = compilePattern('a${b', { wildcards: 'free', variables: true });
    expect(pattern('a${b', none)).toBe(true);
  });
});
