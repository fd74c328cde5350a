// Decision table of the Condition element. Each group cites the AWS page its rows were written from.
import { describe, expect, it } from 'vitest';
import { compileCondition, readOperator } from './conditions.ts';
import type { ConditionElement } from './document.ts';
import type { Truth } from './truth.ts';

type Row = readonly [
  name: string,
  condition: ConditionElement,
  context: Record<string, readonly string[]>,
  holds: Truth,
];

const judge = (condition: ConditionElement, context: Record<string, readonly string[]>, variables = true): Truth =>
  compileCondition(condition, variables)((key) => context[key]);

function table(page: string, rows: readonly Row[]): void {
  describe(page, () => {
    it.each(rows)('%s', (_name, condition, context, holds) => {
      expect(judge(condition, context)).toBe(holds);
    });
  });
}

const OPERATORS =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html';
const MULTIVALUED =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html';
const LOGIC =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html';
const VARIABLES = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html';

const tag = 'aws:PrincipalTag/job-category';
const tagged = { 'aws:principaltag/job-category': ['iamuser-admin'] };

// prettier-ignore
table(`${OPERATORS}#Conditions_String`, [
  ['StringEquals: equal', { StringEquals: { [tag]: 'iamuser-admin' } }, tagged, true],
  ['StringEquals: case-sensitive', { StringEquals: { [tag]: 'IamUser-Admin' } }, tagged, false],
  ['StringEquals: a wildcard is itself', { StringEquals: { [tag]: 'iamuser-*' } }, tagged, false],
  ['StringEquals: key absent', { StringEquals: { [tag]: 'iamuser-admin' } }, {}, false],
  ['StringEquals: key names ignore case', { StringEquals: { 'AWS:principalTAG/Job-Category': 'iamuser-admin' } }, tagged, true],
  ['StringNotEquals: equal', { StringNotEquals: { [tag]: 'iamuser-admin' } }, tagged, false],
  ['StringNotEquals: different', { StringNotEquals: { [tag]: 'other' } }, tagged, true],
  ['StringNotEquals: key absent', { StringNotEquals: { [tag]: 'other' } }, {}, true],
  ['StringEqualsIgnoreCase: other case', { StringEqualsIgnoreCase: { [tag]: 'IAMUSER-Admin' } }, tagged, true],
  ['StringEqualsIgnoreCase: different', { StringEqualsIgnoreCase: { [tag]: 'admin' } }, tagged, false],
  ['StringNotEqualsIgnoreCase: other case', { StringNotEqualsIgnoreCase: { [tag]: 'IAMUSER-Admin' } }, tagged, false],
  ['StringNotEqualsIgnoreCase: different', { StringNotEqualsIgnoreCase: { [tag]: 'admin' } }, tagged, true],
  ['StringLike: *', { StringLike: { [tag]: 'iamuser-*' } }, tagged, true],
  ['StringLike: ?', { StringLike: { [tag]: 'iamuser-admi?' } }, tagged, true],
  ['StringLike: ? is exactly one', { StringLike: { [tag]: 'iamuser-admin?' } }, tagged, false],
  ['StringLike: no partial match without wildcard', { StringLike: { [tag]: 'iamuser' } }, tagged, false],
  ['StringLike: case-sensitive', { StringLike: { [tag]: 'IAMUSER-*' } }, tagged, false],
  ['StringLike: empty pattern, empty value', { StringLike: { 's3:prefix': ['', 'home/'] } }, { 's3:prefix': [''] }, true],
  ['StringNotLike: matches', { StringNotLike: { [tag]: 'iamuser-*' } }, tagged, false],
  ['StringNotLike: no match', { StringNotLike: { [tag]: 'other-*' } }, tagged, true],
  ['StringNotLike: key absent', { StringNotLike: { [tag]: 'other-*' } }, {}, true],
]);

const keys = (value: string) => ({ 's3:max-keys': [value] });
// prettier-ignore
table(`${OPERATORS}#Conditions_Numeric`, [
  ['NumericEquals: same number, other spelling', { NumericEquals: { 's3:max-keys': '10.0' } }, keys('10'), true],
  ['NumericEquals: different', { NumericEquals: { 's3:max-keys': '10' } }, keys('11'), false],
  ['NumericEquals: beyond double precision', { NumericEquals: { 's3:max-keys': '9007199254740993' } }, keys('9007199254740992'), false],
  ['NumericEquals: number in JSON', { NumericEquals: { 's3:max-keys': 10 } }, keys('10'), true],
  ['NumericNotEquals: different', { NumericNotEquals: { 's3:max-keys': '10' } }, keys('11'), true],
  ['NumericNotEquals: equal', { NumericNotEquals: { 's3:max-keys': '10' } }, keys('10'), false],
  ['NumericNotEquals: key absent', { NumericNotEquals: { 's3:max-keys': '10' } }, {}, true],
  ['NumericLessThan: less', { NumericLessThan: { 's3:max-keys': '10' } }, keys('9.99'), true],
  ['NumericLessThan: equal', { NumericLessThan: { 's3:max-keys': '10' } }, keys('10'), false],
  ['NumericLessThanEquals: equal', { NumericLessThanEquals: { 's3:max-keys': '10' } }, keys('10'), true],
  ['NumericLessThanEquals: as numbers, not text', { NumericLessThanEquals: { 's3:max-keys': '10' } }, keys('9'), true],
  ['NumericLessThanEquals: greater', { NumericLessThanEquals: { 's3:max-keys': '10' } }, keys('1000'), false],
  ['NumericLessThanEquals: key absent', { NumericLessThanEquals: { 's3:max-keys': '10' } }, {}, false],
  ['NumericGreaterThan: greater', { NumericGreaterThan: { 's3:max-keys': '-2' } }, keys('-1'), true],
  ['NumericGreaterThan: equal', { NumericGreaterThan: { 's3:max-keys': '10' } }, keys('10'), false],
  ['NumericGreaterThanEquals: equal', { NumericGreaterThanEquals: { 's3:max-keys': '10' } }, keys('10'), true],
  ['NumericGreaterThanEquals: less', { NumericGreaterThanEquals: { 's3:max-keys': '10' } }, keys('9'), false],
  ['a value that is no number cannot be judged', { NumericLessThan: { 's3:max-keys': '10' } }, keys('many'), 'unknown'],
  ['nor can its negation', { NumericNotEquals: { 's3:max-keys': 'many' } }, keys('1'), 'unknown'],
]);

const now = (value: string) => ({ 'aws:currenttime': [value] });
// prettier-ignore
table(`${OPERATORS}#Conditions_Date`, [
  ['DateEquals: same instant in another zone', { DateEquals: { 'aws:CurrentTime': '2020-01-01T01:00:00+01:00' } }, now('2020-01-01T00:00:00Z'), true],
  ['DateEquals: one second later', { DateEquals: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, now('2020-01-01T00:00:01Z'), false],
  ['DateNotEquals: one second later', { DateNotEquals: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, now('2020-01-01T00:00:01Z'), true],
  ['DateNotEquals: key absent', { DateNotEquals: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }, {}, true],
  ['DateLessThan: before', { DateLessThan: { 'aws:CurrentTime': '2020-06-30' } }, now('2020-06-29T23:59:59Z'), true],
  ['DateLessThan: at', { DateLessThan: { 'aws:CurrentTime': '2020-06-30' } }, now('2020-06-30T00:00:00Z'), false],
  ['DateLessThanEquals: at', { DateLessThanEquals: { 'aws:CurrentTime': '2020-06-30' } }, now('2020-06-30T00:00:00Z'), true],
  ['DateGreaterThan: after', { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, { 'aws:tokenissuetime': ['2020-01-01T00:00:02Z'] }, true],
  ['DateGreaterThan: key absent (long-term keys)', { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, {}, false],
  ['DateGreaterThanEquals: at', { DateGreaterThanEquals: { 'aws:CurrentTime': '2020-01-01' } }, now('2020-01-01T00:00:00Z'), true],
  ['DateGreaterThanEquals: before', { DateGreaterThanEquals: { 'aws:CurrentTime': '2020-01-01' } }, now('2019-12-31T23:59:59Z'), false],
  ['epoch seconds against ISO 8601', { DateLessThan: { 'aws:EpochTime': '1577836801' } }, { 'aws:epochtime': ['1577836800'] }, true],
  ['epoch policy value, ISO request value', { DateEquals: { 'aws:CurrentTime': '1577836800' } }, now('2020-01-01T00:00:00Z'), true],
  ['no wildcards', { DateGreaterThan: { 'aws:CurrentTime': '2020-*' } }, now('2021-01-01T00:00:00Z'), 'unknown'],
  ['an impossible date', { DateLessThan: { 'aws:CurrentTime': '2020-13-45' } }, now('2020-01-01T00:00:00Z'), 'unknown'],
]);

// prettier-ignore
table(`${OPERATORS}#Conditions_Boolean`, [
  ['Bool: false is false', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:securetransport': ['false'] }, true],
  ['Bool: false is not true', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:securetransport': ['true'] }, false],
  ['Bool: JSON boolean', { Bool: { 'aws:SecureTransport': true } }, { 'aws:securetransport': ['true'] }, true],
  ['Bool: any case', { Bool: { 'aws:SecureTransport': 'TRUE' } }, { 'aws:securetransport': ['true'] }, true],
  ['Bool: key absent', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, false],
  ['BoolIfExists: key absent', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, true],
  ['Bool: neither true nor false', { Bool: { 'aws:SecureTransport': 'yes' } }, { 'aws:securetransport': ['true'] }, 'unknown'],
  ['Bool: variable', { Bool: { 'aws:SecureTransport': '${s3:flag}' } }, { 'aws:securetransport': ['true'], 's3:flag': ['true'] }, true],
]);

// prettier-ignore
table(`${OPERATORS}#Conditions_BinaryEquals`, [
  ['BinaryEquals: same bytes', { BinaryEquals: { key: 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } }, { key: ['QmluYXJ5VmFsdWVJbkJhc2U2NA=='] }, true],
  ['BinaryEquals: padding does not matter', { BinaryEquals: { key: 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } }, { key: ['QmluYXJ5VmFsdWVJbkJhc2U2NA'] }, true],
  ['BinaryEquals: other bytes', { BinaryEquals: { key: 'QUJD' } }, { key: ['QUJE'] }, false],
  ['BinaryEquals: case counts', { BinaryEquals: { key: 'QUJD' } }, { key: ['qujd'] }, false],
  ['BinaryEquals: key absent', { BinaryEquals: { key: 'QUJD' } }, {}, false],
  ['BinaryEquals: not base64', { BinaryEquals: { key: '*' } }, { key: ['QUJD'] }, 'unknown'],
]);

const ip = (value: string) => ({ 'aws:sourceip': [value] });
const source = (value: string | string[]) => ({ IpAddress: { 'aws:SourceIp': value } });
// prettier-ignore
table(`${OPERATORS}#Conditions_IPAddress`, [
  ['IpAddress: in the range', source('203.0.113.0/24'), ip('203.0.113.255'), true],
  ['IpAddress: beside the range', source('203.0.113.0/24'), ip('203.0.114.0'), false],
  ['IpAddress: prefix not on a byte', source('203.0.113.128/25'), ip('203.0.113.127'), false],
  ['IpAddress: one address is /32', source('203.0.113.7'), ip('203.0.113.7'), true],
  ['IpAddress: another address', source('203.0.113.7'), ip('203.0.113.8'), false],
  ['IpAddress: /0', source('0.0.0.0/0'), ip('255.255.255.255'), true],
  ['IpAddress: IPv6 in the range', source('2001:DB8:1234:5678::/64'), ip('2001:db8:1234:5678:ffff::1'), true],
  ['IpAddress: IPv6 beside the range', source('2001:DB8:1234:5678::/64'), ip('2001:db8:1234:5679::1'), false],
  ['IpAddress: mixed list', source(['203.0.113.0/24', '2001:DB8:1234:5678::/64']), ip('2001:db8:1234:5678::'), true],
  ['IpAddress: an IPv4 range has no IPv6', source('0.0.0.0/0'), ip('2001:db8::1'), false],
  ['IpAddress: nor the IPv6 address that looks alike', source('0.0.0.0/0'), ip('::1'), false],
  ['IpAddress: IPv4 mapped into IPv6', source('203.0.113.0/24'), ip('::ffff:203.0.113.9'), true],
  ['IpAddress: key absent (VPC endpoint)', source('203.0.113.0/24'), {}, false],
  ['IpAddress: no address', source('203.0.113.0/24'), ip('AWS Internal'), 'unknown'],
  ['IpAddress: no range', source('203.0.113.0/33'), ip('203.0.113.1'), 'unknown'],
  ['NotIpAddress: in the range', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, ip('203.0.113.1'), false],
  ['NotIpAddress: outside', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, ip('198.51.100.1'), true],
  ['NotIpAddress: outside of all', { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '198.51.100.0/24'] } }, ip('198.51.100.1'), false],
  ['NotIpAddress: key absent', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, {}, true],
]);

const topic = (value: string) => ({ 'aws:sourcearn': [value] });
// prettier-ignore
table(`${OPERATORS}#Conditions_ARN`, [
  ['ArnEquals: equal', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:t' } }, topic('arn:aws:sns:eu-west-1:123456789012:t'), true],
  ['ArnEquals: takes wildcards, as ArnLike', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:*:123456789012:t*' } }, topic('arn:aws:sns:eu-west-1:123456789012:tt'), true],
  ['ArnEquals: case-sensitive', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:T' } }, topic('arn:aws:sns:eu-west-1:123456789012:t'), false],
  ['StringLike: * runs over colons', { StringLike: { 'aws:SourceArn': 'arn:aws:someservice:*:111122223333:finance/*' } }, topic('arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt'), true],
  ['ArnLike: * stays in its segment', { ArnLike: { 'aws:SourceArn': 'arn:aws:someservice:*:111122223333:finance/*' } }, topic('arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt'), false],
  ['ArnLike: ? is no colon', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3?::b:x' } }, topic('arn:aws:s3:::b:x'), false],
  ['ArnLike: the sixth segment may hold colons', { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:123456789012:*' } }, topic('arn:aws:logs:eu-west-1:123456789012:log-group:a:b'), true],
  ['ArnLike: key absent', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }, {}, false],
  ['ArnNotEquals: different', { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:user/user-name' } }, { 'aws:principalarn': ['arn:aws:iam::444455556666:user/other'] }, true],
  ['ArnNotEquals: equal', { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:user/user-name' } }, { 'aws:principalarn': ['arn:aws:iam::444455556666:user/user-name'] }, false],
  ['ArnNotLike: key absent', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } }, {}, true],
  ['ArnNotLike: matches', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } }, { 'aws:principalarn': ['arn:aws:iam::444455556666:role/a/b'] }, false],
  ['a pattern that is no ARN cannot be judged', { ArnLike: { 'aws:SourceArn': '*' } }, topic('arn:aws:sns:eu-west-1:123456789012:t'), 'unknown'],
]);

// prettier-ignore
table(`${OPERATORS}#Conditions_IfExists`, [
  ['StringLikeIfExists: absent', { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 't2.*'] } }, {}, true],
  ['StringLikeIfExists: there, matches', { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 't2.*'] } }, { 'ec2:instancetype': ['t2.micro'] }, true],
  ['StringLikeIfExists: there, no match', { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 't2.*'] } }, { 'ec2:instancetype': ['m4.large'] }, false],
  ['StringNotEqualsIfExists: absent', { StringNotEqualsIfExists: { 'aws:RequestTag/a': 'b' } }, {}, true],
  ['another condition still counts', { StringLikeIfExists: { 'ec2:InstanceType': 't1.*' }, Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:securetransport': ['false'] }, false],
  ['IpAddressIfExists: absent', { IpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' } }, {}, true],
  ['NumericLessThanIfExists: there, greater', { NumericLessThanIfExists: { 's3:max-keys': '10' } }, { 's3:max-keys': ['11'] }, false],
]);

// prettier-ignore
table(`${OPERATORS}#Conditions_Null`, [
  ['Null true: absent', { Null: { 'aws:TokenIssueTime': 'true' } }, {}, true],
  ['Null true: there', { Null: { 'aws:TokenIssueTime': 'true' } }, { 'aws:tokenissuetime': ['2020-01-01T00:00:00Z'] }, false],
  ['Null false: absent', { Null: { 'aws:TokenIssueTime': 'false' } }, {}, false],
  ['Null false: there', { Null: { 'aws:TokenIssueTime': false } }, { 'aws:tokenissuetime': ['2020-01-01T00:00:00Z'] }, true],
  ['Null false: no value', { Null: { 'aws:TagKeys': 'false' } }, { 'aws:tagkeys': [] }, false],
]);

const attributes = (...values: string[]) => ({ 'dynamodb:attributes': values });
const allowed = ['ID', 'Message', 'Tags'];
// prettier-ignore
table(MULTIVALUED, [
  ['ForAllValues: all values allowed', { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': allowed } }, attributes('ID', 'Tags'), true],
  ['ForAllValues: one value not allowed', { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': allowed } }, attributes('ID', 'UserName'), false],
  ['ForAllValues: key absent', { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': allowed } }, {}, true],
  ['ForAllValues: empty string is no value', { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': allowed } }, attributes(''), true],
  ['ForAllValues guarded by Null: key absent', { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': allowed }, Null: { 'dynamodb:Attributes': 'false' } }, {}, false],
  ['ForAllValues with negated operator: none listed', { 'ForAllValues:StringNotEquals': { 'dynamodb:Attributes': allowed } }, attributes('A', 'B'), true],
  ['ForAllValues with negated operator: one listed', { 'ForAllValues:StringNotEquals': { 'dynamodb:Attributes': allowed } }, attributes('A', 'ID'), false],
  ['ForAnyValue: one value listed', { 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': allowed } }, attributes('UserName', 'ID'), true],
  ['ForAnyValue: none listed', { 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': allowed } }, attributes('UserName'), false],
  ['ForAnyValue: key absent', { 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': allowed } }, {}, false],
  ['ForAnyValue: empty string is no value', { 'ForAnyValue:StringLike': { 'dynamodb:Attributes': '*' } }, attributes(''), false],
  ['ForAnyValue with negated operator: key absent', { 'ForAnyValue:StringNotEquals': { 'dynamodb:Attributes': allowed } }, {}, false],
  ['ForAnyValue with negated operator: one not listed', { 'ForAnyValue:StringNotEquals': { 'dynamodb:Attributes': allowed } }, attributes('ID', 'A'), true],
  ['ForAnyValue with wildcards', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-1/*' } }, { 'aws:principalorgpaths': ['o-1/r-1/ou-2/'] }, true],
  ['ForAnyValue IfExists: key absent cannot be judged', { 'ForAnyValue:StringEqualsIfExists': { 'dynamodb:Attributes': allowed } }, {}, 'unknown'],
  ['multivalued key without qualifier: values agree', { StringEquals: { 'dynamodb:Attributes': allowed } }, attributes('ID', 'Tags'), true],
  ['multivalued key without qualifier: they do not', { StringEquals: { 'dynamodb:Attributes': allowed } }, attributes('ID', 'A'), 'unknown'],
]);

// prettier-ignore
table(LOGIC, [
  ['values of a key are OR', { StringEquals: { 'aws:username': ['ann', 'bob'] } }, { 'aws:username': ['bob'] }, true],
  ['values of a negated operator are NOR', { StringNotEquals: { 'aws:username': ['ann', 'bob'] } }, { 'aws:username': ['bob'] }, false],
  ['keys of an operator are AND', { StringEquals: { 'aws:username': 'ann', 'aws:userid': 'AIDA1' } }, { 'aws:username': ['ann'], 'aws:userid': ['AIDA2'] }, false],
  ['operators are AND', { StringEquals: { 'aws:username': 'ann' }, Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:username': ['ann'], 'aws:securetransport': ['true'] }, true],
  ['no condition holds', {}, {}, true],
  ['a false condition outweighs one that cannot be judged', { StringSounds: { 'aws:username': 'ann' }, Bool: { 'aws:SecureTransport': 'true' } }, {}, false],
]);

// prettier-ignore
table(`${VARIABLES}#policy-vars-wheretouse`, [
  ['value of a key', { StringEquals: { 'aws:ResourceTag/owner': '${aws:username}' } }, { 'aws:resourcetag/owner': ['ann'], 'aws:username': ['ann'] }, true],
  ['key names ignore case', { StringEquals: { 'aws:ResourceTag/owner': '${AWS:UserName}' } }, { 'aws:resourcetag/owner': ['ann'], 'aws:username': ['ann'] }, true],
  ['no value equals nothing', { StringEquals: { 'aws:ResourceTag/owner': '${aws:username}' } }, { 'aws:resourcetag/owner': ['ann'] }, false],
  ['no value: a negated operator matches', { StringNotEquals: { 'aws:ResourceTag/owner': '${aws:username}' } }, { 'aws:resourcetag/owner': ['ann'] }, true],
  ['default', { StringEquals: { 'aws:ResourceTag/team': "${aws:PrincipalTag/team, 'company-wide'}" } }, { 'aws:resourcetag/team': ['company-wide'] }, true],
  ['default is not used where there is a value', { StringEquals: { 'aws:ResourceTag/team': "${aws:PrincipalTag/team, 'company-wide'}" } }, { 'aws:resourcetag/team': ['company-wide'], 'aws:principaltag/team': ['yellow'] }, false],
  ['a multivalued key is no variable', { StringEquals: { 'aws:ResourceTag/owner': '${aws:TagKeys}' } }, { 'aws:resourcetag/owner': ['a'], 'aws:tagkeys': ['a', 'b'] }, false],
  ['a wildcard in the value is itself', { StringLike: { 's3:prefix': '${aws:PrincipalTag/team}/x' } }, { 's3:prefix': ['yellow/x'], 'aws:principaltag/team': ['*'] }, false],
  ['ArnLike takes variables', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:${aws:PrincipalAccount}:*' } }, { 'aws:sourcearn': ['arn:aws:sns:eu-west-1:123456789012:t'], 'aws:principalaccount': ['123456789012'] }, true],
  ['numbers take none', { NumericEquals: { 's3:max-keys': '${s3:limit}' } }, { 's3:max-keys': ['1'], 's3:limit': ['1'] }, 'unknown'],
]);

// prettier-ignore
table(`${VARIABLES}#policy-vars-specialchars`, [
  ['${*} is an asterisk', { StringLike: { 's3:prefix': 'a${*}*' } }, { 's3:prefix': ['a*b'] }, true],
  ['${*} is not a wildcard', { StringLike: { 's3:prefix': 'a${*}' } }, { 's3:prefix': ['ab'] }, false],
  ['${?} is a question mark', { StringLike: { 's3:prefix': 'a${?}' } }, { 's3:prefix': ['a?'] }, true],
  ['${?} is not a wildcard', { StringLike: { 's3:prefix': 'a${?}' } }, { 's3:prefix': ['ab'] }, false],
  ['${$} is a dollar sign', { StringEquals: { 's3:prefix': '${$}{aws:username}' } }, { 's3:prefix': ['${aws:username}'], 'aws:username': ['x'] }, true],
]);

describe('language version 2008-10-17', () => {
  it('knows no variables: they are text, and their asterisks wildcards', () => {
    const context = { 's3:prefix': ['ann/x'], 'aws:username': ['ann'] };
    expect(judge({ StringLike: { 's3:prefix': '${aws:username}/*' } }, context, false)).toBe(false);
    expect(judge({ StringLike: { 's3:prefix': '${*}' } }, { 's3:prefix': ['${anything}'] }, false)).toBe(true);
  });
});

describe('readOperator', () => {
  it.each([
    ['StringEquals', { quantifier: 'each', base: 'StringEquals', ifExists: false }],
    ['ForAnyValue:ArnLikeIfExists', { quantifier: 'ForAnyValue', base: 'ArnLike', ifExists: true }],
    ['ForAllValues:Null', { quantifier: 'ForAllValues', base: 'Null', ifExists: false }],
  ])('reads %s', (name, parts) => {
    expect(readOperator(name)).toEqual(parts);
  });

  it.each(['StringSounds', 'stringequals', 'NullIfExists', 'ForSomeValues:StringLike', '', 'NotBool', 'IfExists'])(
    'refuses %j',
    (name) => {
      expect(readOperator(name)).toBeUndefined();
    },
  );
});
