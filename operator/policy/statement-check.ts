// The rules for one statement of a policy document: which elements, in which combinations, with which values.
// Rules follow https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
import { readOperator } from './conditions.ts';
import { isRecord } from './json-object.ts';
import type { PolicyErrorReason, PolicyKind, Report } from './policy-error.ts';

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

type Fields = Readonly<Record<string, unknown>>;

/** Checks a statement found at `at`; `kind` adds the rules of the place the policy is meant for. */
export function checkStatement(statement: unknown, at: string, kind: PolicyKind | undefined, report: Report): void {
  if (!isRecord(statement)) {
    report('NotAnObject', at, 'a statement is a JSON object');
    return;
  }
  for (const name of Object.keys(statement)) {
    if (!ELEMENTS.has(name)) report('UnknownElement', `${at}.${name}`, 'statements have no such element');
  }
  checkSid(statement, at, kind, report);
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') {
    const reason = statement['Effect'] === undefined ? 'MissingElement' : 'BadEffect';
    report(reason, `${at}.Effect`, 'must be "Allow" or "Deny"');
  }
  oneOf(statement, 'Action', 'NotAction', 'required', at, report);
  oneOf(statement, 'Resource', 'NotResource', RULES[kind ?? 'any'].resource, at, report);
  oneOf(statement, 'Principal', 'NotPrincipal', RULES[kind ?? 'any'].principal, at, report);
  for (const name of ['Action', 'NotAction']) checkStrings(statement, name, at, 'BadAction', actionFault, report);
  for (const name of ['Resource', 'NotResource'])
    checkStrings(statement, name, at, 'BadResource', resourceFault, report);
  for (const name of ['Principal', 'NotPrincipal']) checkPrincipal(statement, name, at, report);
  checkCondition(statement, at, report);
}

type Presence = 'required' | 'optional' | 'forbidden';

const RULES: Readonly<Record<PolicyKind | 'any', { readonly resource: Presence; readonly principal: Presence }>> = {
  any: { resource: 'optional', principal: 'optional' },
  identity: { resource: 'required', principal: 'forbidden' },
  // Some services let the resource be understood: the one the policy is attached to.
  resource: { resource: 'optional', principal: 'required' },
  trust: { resource: 'forbidden', principal: 'required' },
};

function oneOf(statement: Fields, name: string, other: string, presence: Presence, at: string, report: Report): void {
  const present = [name, other].filter((element) => statement[element] !== undefined);
  if (present.length === 2) report('ConflictingElements', at, `has both ${name} and ${other}; keep one`);
  if (present.length === 0 && presence === 'required') {
    report('MissingElement', `${at}.${name}`, `needs ${name} or ${other}`);
  }
  if (presence !== 'forbidden') return;
  for (const element of present) {
    report('ForbiddenElement', `${at}.${element}`, `policies of this kind must not have ${element}; remove it`);
  }
}

function checkSid(statement: Fields, at: string, kind: PolicyKind | undefined, report: Report): void {
  const { Sid } = statement;
  if (Sid === undefined) return;
  if (typeof Sid !== 'string') report('BadSid', `${at}.Sid`, 'must be a string');
  // Other services take more characters: data.all's bucket policies have hyphens in theirs.
  else if ((kind === 'identity' || kind === 'trust') && !/^[A-Za-z0-9]*$/.test(Sid)) {
    report('BadSid', `${at}.Sid`, 'IAM takes letters A-Z, a-z and digits only');
  }
}

/** Says what is wrong with a value, or undefined. */
type Fault = (value: string) => string | undefined;

function checkStrings(
  fields: Fields,
  name: string,
  at: string,
  reason: PolicyErrorReason,
  fault: Fault,
  report: Report,
): void {
  const value = fields[name];
  if (value === undefined) return;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) report(reason, `${at}.${name}`, 'must not be an empty list');
  for (const [index, entry] of values.entries()) {
    const place = Array.isArray(value) ? `${at}.${name}[${String(index)}]` : `${at}.${name}`;
    const message = typeof entry === 'string' ? fault(entry) : 'must be a string or a list of strings';
    if (message !== undefined) report(reason, place, message);
  }
}

const actionFault: Fault = (value) =>
  value === '*' || /^[A-Za-z0-9*?-]+:[A-Za-z0-9*?-]+$/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is not "*" or "service:Action"`;

const resourceFault: Fault = (value) =>
  /^\*+$/.test(value) || /^arn:\S/.test(value) ? undefined : `${JSON.stringify(value)} is not "*" or an ARN`;

const ACCOUNT = String.raw`(\d{12}|cloudfront)`;
const NAME = String.raw`[^:*?]+`;
const AWS_PRINCIPALS = [
  /^\*$/,
  /^\d{12}$/,
  // Users and roles (with path), the account.
  new RegExp(`^arn:[\\w-]+:iam::${ACCOUNT}:(root|(user|role)/${NAME})$`),
  // Sessions.
  new RegExp(`^arn:[\\w-]+:sts::${ACCOUNT}:(assumed-role/${NAME}/${NAME}|federated-user/${NAME})$`),
  // What AWS puts in the place of a user or role that was deleted.
  /^(AIDA|AROA|ASIA|AKIA)[A-Z0-9]+$/,
];

const PRINCIPAL_FAULTS: Readonly<Record<string, Fault>> = {
  AWS: (value) =>
    AWS_PRINCIPALS.some((form) => form.test(value))
      ? undefined
      : `${JSON.stringify(value)} is not "*", an account id, or the ARN of an account, user, role or session ` +
        '(without wildcards)',
  Service: (value) =>
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value)
      ? undefined
      : `${JSON.stringify(value)} is not a service principal such as "glue.amazonaws.com"`,
  Federated: (value) =>
    value === '' || /[*?\s]/.test(value) ? `${JSON.stringify(value)} names no provider` : undefined,
  CanonicalUser: (value) => (/^[0-9a-f]{32,}$/.test(value) ? undefined : 'a canonical user id is 64 hex digits'),
};

function checkPrincipal(statement: Fields, name: string, at: string, report: Report): void {
  const element = statement[name];
  const place = `${at}.${name}`;
  if (element === undefined || element === '*') return;
  if (!isRecord(element)) {
    report('BadPrincipal', place, 'must be "*" or an object such as {"AWS": "<ARN>"}');
    return;
  }
  const types = Object.keys(element);
  if (types.length === 0) report('BadPrincipal', place, 'names nobody');
  for (const type of types) {
    const fault = PRINCIPAL_FAULTS[type];
    if (fault === undefined)
      report('BadPrincipal', `${place}.${type}`, 'types are AWS, Service, Federated, CanonicalUser');
    else checkStrings(element, type, place, 'BadPrincipal', fault, report);
  }
}

function checkCondition(statement: Fields, at: string, report: Report): void {
  const element = statement['Condition'];
  if (element === undefined) return;
  const place = `${at}.Condition`;
  if (!isRecord(element)) {
    report('BadCondition', place, 'must be an object: operator -> key -> values');
    return;
  }
  for (const [operator, keys] of Object.entries(element)) {
    if (readOperator(operator) === undefined) {
      report('UnknownOperator', `${place}.${operator}`, `${JSON.stringify(operator)} is no condition operator`);
    } else if (!isRecord(keys)) {
      report('BadCondition', `${place}.${operator}`, 'must be an object: key -> values');
    } else {
      for (const [key, value] of Object.entries(keys)) checkConditionKey(key, value, `${place}.${operator}`, report);
    }
  }
}

function checkConditionKey(key: string, value: unknown, at: string, report: Report): void {
  // Keys carry a service prefix (s3:prefix), or a provider's name (token.actions.githubusercontent.com:sub).
  if (!/^[^:\s]+:\S/.test(key)) report('BadCondition', `${at}.${key}`, 'a key has a prefix, as in "aws:SourceIp"');
  const scalar = ['string', 'boolean', 'number'];
  const fits = Array.isArray(value)
    ? value.length > 0 && value.every((entry) => scalar.includes(typeof entry))
    : scalar.includes(typeof value);
  if (!fits) report('BadCondition', `${at}.${key}`, 'values are strings, booleans or numbers, or a list of them');
}
