import { describe, expect, it } from 'vitest';
import { matchesPattern, parsePattern } from './pattern.ts';

const event = {
  source: 'aws.s3',
  'detail-type': 'AWS API Call via CloudTrail',
  resources: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
  detail: {
    eventName: 'PutBucketPolicy',
    size: 7,
    nothing: null,
    ip: '10.1.2.3',
    userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/pivot/dataall-1' },
    list: [
      { name: 'one', kind: 'x' },
      { name: 'two', kind: 'y' },
    ],
  },
};

describe('matchesPattern', () => {
  it.each<[string, object, boolean]>([
    ['a literal', { source: ['aws.s3', 'aws.iam'] }, true],
    ['another literal', { source: ['aws.iam'] }, false],
    ['every field must match', { source: ['aws.s3'], 'detail-type': ['x'] }, false],
    ['any element of a list', { resources: ['arn:aws:s3:::b'] }, true],
    ['null', { detail: { nothing: [null] } }, true],
    ['prefix', { detail: { eventName: [{ prefix: 'PutBucket' }] } }, true],
    ['prefix without case', { detail: { eventName: [{ prefix: { 'equals-ignore-case': 'putB' } }] } }, true],
    ['suffix', { detail: { eventName: [{ suffix: 'Acl' }] } }, false],
    ['equals-ignore-case', { detail: { eventName: [{ 'equals-ignore-case': 'putbucketpolicy' }] } }, true],
    ['wildcard', { detail: { eventName: [{ wildcard: 'Put*Policy' }] } }, true],
    ['wildcard is not a regular expression', { detail: { eventName: [{ wildcard: 'Put.*' }] } }, false],
    ['anything-but one', { detail: { eventName: [{ 'anything-but': 'PutBucketPolicy' }] } }, false],
    ['anything-but a list', { detail: { eventName: [{ 'anything-but': ['a', 'b'] }] } }, true],
    [
      'anything-but a prefix',
      { detail: { userIdentity: { arn: [{ 'anything-but': { prefix: 'arn:aws:sts' } }] } } },
      false,
    ],
    [
      'anything-but a wildcard',
      { detail: { userIdentity: { arn: [{ 'anything-but': { wildcard: '*/pivot/other-*' } }] } } },
      true,
    ],
    ['anything-but needs the field', { detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    ['exists', { detail: { size: [{ exists: true }] } }, true],
    ['exists not', { detail: { errorCode: [{ exists: false }] } }, true],
    ['exists not, but does', { detail: { size: [{ exists: false }] } }, false],
    ['exists not below an absent object', { detail: { other: { deep: [{ exists: false }] } } }, true],
    ['numeric range', { detail: { size: [{ numeric: ['>', 0, '<=', 7] }] } }, true],
    ['numeric out of range', { detail: { size: [{ numeric: ['=', 8] }] } }, false],
    ['a number is not its text', { detail: { size: ['7'] } }, false],
    ['cidr', { detail: { ip: [{ cidr: '10.1.0.0/16' }] } }, true],
    ['cidr of others', { detail: { ip: [{ cidr: '10.2.0.0/16' }] } }, false],
    ['$or', { $or: [{ source: ['x'] }, { detail: { size: [7] } }] }, true],
    ['$or of none', { $or: [{ source: ['x'] }, { source: ['y'] }] }, false],
    ['$or beside a field', { source: ['x'], $or: [{ source: ['aws.s3'] }, { source: ['y'] }] }, false],
    ['one object of a list must match as a whole', { detail: { list: { name: ['one'], kind: ['y'] } } }, false],
    ['an object of a list', { detail: { list: { name: ['two'], kind: ['y'] } } }, true],
  ])('%s', (_, pattern, expected) => {
    expect(matchesPattern(parsePattern(JSON.stringify(pattern)), event)).toBe(expected);
  });

  it.each([
    ['no JSON', '{'],
    ['an empty object', '{}'],
    ['a scalar', '{"source": "aws.s3"}'],
    ['an empty list', '{"source": []}'],
    ['an unknown operator', '{"source": [{"like": "x"}]}'],
    ['two operators', '{"source": [{"prefix": "x", "suffix": "y"}]}'],
    ['a lonely $or', '{"$or": [{"source": ["x"]}]}'],
    ['numeric without number', '{"size": [{"numeric": [">", "x"]}]}'],
  ])('refuses %s', (_, text) => {
    expect(() => parsePattern(text)).toThrow('Event pattern is not valid');
  });
});
