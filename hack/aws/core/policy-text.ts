// Reads policy documents as strictly as AWS does when it stores them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
import type { PolicyDocument, Statement } from '../../../operator/policy/document.ts';

/** Which elements the kind of policy must have (`required`), may have or must not have. */
export interface PolicyRules {
  readonly principal: 'required' | 'forbidden';
  readonly resource: 'required' | 'forbidden' | 'optional';
}

/** Policies of users, roles and managed policies. */
export const identityRules: PolicyRules = { principal: 'forbidden', resource: 'required' };
/** Trust policies of roles: the role itself is the resource. */
export const trustRules: PolicyRules = { principal: 'required', resource: 'forbidden' };
/** Policies of buckets, access points, keys, queues... */
export const resourceRules: PolicyRules = { principal: 'required', resource: 'required' };

export type PolicyReading =
  | { readonly ok: true; readonly policy: PolicyDocument }
  /** What is wrong, in words; each service puts its own error code to it. */
  | { readonly ok: false; readonly problem: string };

const elements: ReadonlySet<string> = new Set([
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

const operators =
  /^(?:ForAllValues:|ForAnyValue:)?(?:(?:String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)|Numeric(?:Not)?Equals|Numeric(?:Less|Greater)Than(?:Equals)?|Date(?:Not)?Equals|Date(?:Less|Greater)Than(?:Equals)?|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?|Null)$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const strings = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** Exactly one of a pair of elements such as Action and NotAction. */
const exactlyOne = (statement: Record<string, unknown>, a: string, b: string): boolean =>
  (statement[a] === undefined) !== (statement[b] === undefined);

const problemOfActions = (statement: Record<string, unknown>): string | undefined => {
  if (!exactlyOne(statement, 'Action', 'NotAction')) return 'Policy statement must contain actions.';
  for (const action of strings(statement['Action'] ?? statement['NotAction'])) {
    if (typeof action !== 'string') return 'Syntax errors in policy.';
    if (action !== '*' && !/^[\w-]+:[\w*?]+$/.test(action)) {
      return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    }
  }
  return undefined;
};

const problemOfResources = (statement: Record<string, unknown>, rules: PolicyRules): string | undefined => {
  const given = statement['Resource'] !== undefined || statement['NotResource'] !== undefined;
  if (rules.resource === 'forbidden') return given ? 'Has prohibited field Resource' : undefined;
  if (!given) return rules.resource === 'required' ? 'Policy statement must contain resources.' : undefined;
  if (!exactlyOne(statement, 'Resource', 'NotResource')) return 'Syntax errors in policy.';
  for (const resource of strings(statement['Resource'] ?? statement['NotResource'])) {
    if (typeof resource !== 'string') return 'Syntax errors in policy.';
    if (resource !== '*' && !/^(?:arn|\*)(?::|\*|$)/.test(resource) && !resource.startsWith('$')) {
      return `Resource ${resource} must be in ARN format or "*".`;
    }
  }
  return undefined;
};

const problemOfPrincipals = (statement: Record<string, unknown>, rules: PolicyRules): string | undefined => {
  const given = statement['Principal'] !== undefined || statement['NotPrincipal'] !== undefined;
  if (rules.principal === 'forbidden') return given ? 'Policy document should not specify a principal.' : undefined;
  if (!exactlyOne(statement, 'Principal', 'NotPrincipal')) return 'Missing required field Principal';
  const principal = statement['Principal'] ?? statement['NotPrincipal'];
  if (principal === '*') return undefined;
  if (!isObject(principal) || Object.keys(principal).length === 0) return 'Invalid principal in policy';
  for (const [type, values] of Object.entries(principal)) {
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type)) return 'Invalid principal in policy';
    if (strings(values).length === 0 || !strings(values).every((value) => typeof value === 'string')) {
      return 'Invalid principal in policy';
    }
  }
  return undefined;
};

const problemOfConditions = (condition: unknown): string | undefined => {
  if (condition === undefined) return undefined;
  if (!isObject(condition)) return 'Syntax errors in policy.';
  for (const [operator, keys] of Object.entries(condition)) {
    if (!operators.test(operator)) return `Invalid Condition type : ${operator}.`;
    if (!isObject(keys)) return 'Syntax errors in policy.';
  }
  return undefined;
};

const problemOf = (statement: unknown, rules: PolicyRules): string | undefined => {
  if (!isObject(statement)) return 'Syntax errors in policy.';
  const unknown = Object.keys(statement).find((element) => !elements.has(element));
  if (unknown !== undefined) return `Syntax error: unknown field ${unknown}`;
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') return 'Syntax errors in policy.';
  const sid = statement['Sid'];
  if (sid !== undefined && typeof sid !== 'string') return 'Syntax errors in policy.';
  return (
    problemOfPrincipals(statement, rules) ??
    problemOfActions(statement) ??
    problemOfResources(statement, rules) ??
    problemOfConditions(statement['Condition'])
  );
};

/** Parses and checks. A single statement comes back as a list of one. */
export const readPolicy = (text: string, rules: PolicyRules): PolicyReading => {
  const fail = (problem: string): PolicyReading => ({ ok: false, problem });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return fail('This policy contains invalid Json');
  }
  if (!isObject(document)) return fail('This policy contains invalid Json');
  const version = document['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    return fail('The policy must contain a valid version string');
  }
  const statements = strings(document['Statement']);
  if (document['Statement'] === undefined || statements.length === 0) return fail('Missing required field Statement');
  for (const statement of statements) {
    const problem = problemOf(statement, rules);
    if (problem !== undefined) return fail(problem);
  }
  const sids = statements
    .map((statement) => (statement as Statement).Sid)
    .filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size !== sids.length) return fail('Statement IDs (SID) in a single policy must be unique.');
  return { ok: true, policy: { ...document, Statement: statements as readonly Statement[] } };
};

/** Size as quotas count it: whitespace does not. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const sizeWithoutWhitespace = (text: string): number => text.replace(/\s/g, '').length;
