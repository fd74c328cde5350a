// Properties that hold for all policies and requests, not only for those somebody thought of.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, canonicalJson, equivalent } from './canonical.ts';
import { differences } from './compare.ts';
import { OPERATORS } from './comparisons.ts';
import type { OneOrMany, PolicyDocument, PrincipalElement, Statement } from './document.ts';
import { evaluate } from './evaluate.ts';
import { packPrincipals } from './pack-principals.ts';
import { parsePolicy } from './parse.ts';
import type { AccessRequest, Caller, PolicySource } from './request.ts';

const OURS = '111122223333';
const THEIRS = '444455556666';
const ROLE = `arn:aws:iam::${OURS}:role/reader`;
const SESSION = `arn:aws:sts::${OURS}:assumed-role/reader/job`;
const USER = `arn:aws:iam::${OURS}:user/ann`;

const callers: Caller[] = [
  { kind: 'anonymous' },
  { kind: 'root', account: OURS, arn: `arn:aws:iam::${OURS}:root` },
  { kind: 'user', account: OURS, arn: USER, userId: 'AIDAANN' },
  { kind: 'role-session', account: OURS, arn: SESSION, roleArn: ROLE, roleId: 'AROAREADER' },
  { kind: 'service', service: 'glue.amazonaws.com' },
  { kind: 'federated', provider: 'accounts.google.com' },
];
const actions = ['s3:GetObject', 's3:PutObject', 'kms:Decrypt'];
const actionPatterns = [...actions, '*', 's3:*', 'S3:get*', 's3:?utObject'];
const resources = ['arn:aws:s3:::raw/a', 'arn:aws:s3:::raw/b:c', 'arn:aws:kms:eu-west-1:111122223333:key/1', '*'];
const resourcePatterns = [
  '*',
  'arn:aws:s3:::raw/*',
  'arn:aws:s3:::raw/?',
  'arn:aws:s3:::*/a',
  'arn:aws:kms:*:*:key/*',
  'arn:aws:s3:::raw/${aws:username}',
  'arn:aws:s3:::raw/${s3:prefix}',
];
const keys = ['aws:username', 'aws:userid', 's3:prefix', 'aws:SourceIp', 'aws:CurrentTime', 'aws:TagKeys'];
const values = [
  'a',
  'A',
  'ann',
  '',
  '10',
  '9.5',
  'true',
  'false',
  '10.0.0.1',
  '10.0.0.0/8',
  '::1',
  '2026-01-01T00:00:00Z',
  '1767225600',
  'AROAREADER:*',
  '*',
  '${s3:prefix}',
  ROLE,
  'QUJD',
];
const awsPrincipals = [
  '*',
  OURS,
  `arn:aws:iam::${OURS}:root`,
  THEIRS,
  ROLE,
  SESSION,
  USER,
  'AROAREADER',
  'AIDAANN',
  'AROAGONE',
];

const oneOrMany = (from: readonly string[]): fc.Arbitrary<OneOrMany> =>
  fc.oneof(fc.constantFrom(...from), fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 3 }));
const operators = [...OPERATORS.keys()].flatMap((name) => [
  name,
  `${name}IfExists`,
  `ForAllValues:${name}`,
  `ForAnyValue:${name}`,
]);
const condition = fc.dictionary(
  fc.constantFrom(...operators, 'Null'),
  fc.dictionary(fc.constantFrom(...keys), oneOrMany(values), { minKeys: 1, maxKeys: 2 }),
  { maxKeys: 2 },
);
const principal: fc.Arbitrary<PrincipalElement> = fc.oneof(
  fc.constant('*' as const),
  fc.record(
    {
      AWS: oneOrMany(awsPrincipals),
      Service: oneOrMany(['glue.amazonaws.com', 'sns.amazonaws.com']),
      Federated: fc.constant('accounts.google.com'),
    },
    { requiredKeys: ['AWS'] },
  ),
);

const either = <A extends string, B extends string, T>(a: A, b: B, value: fc.Arbitrary<T>) =>
  fc.tuple(fc.boolean(), value).map(([first, it]) => (first ? { [a]: it } : { [b]: it }) as { [K in A | B]?: T });
const callerStatement: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
    either('Action', 'NotAction', oneOrMany(actionPatterns)),
    either('Resource', 'NotResource', oneOrMany(resourcePatterns)),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      condition.map((Condition) => ({ Condition })),
    ),
  )
  .map(([Effect, action, resource, rest]) => ({ Effect, ...action, ...resource, ...rest }));
const resourceStatement: fc.Arbitrary<Statement> = fc
  .tuple(callerStatement, either('Principal', 'NotPrincipal', principal))
  .map(([statement, who]) => ({ ...statement, ...who }));
const policyOf = (statement: fc.Arbitrary<Statement>): fc.Arbitrary<PolicyDocument> =>
  fc.record({
    Version: fc.constantFrom('2012-10-17' as const, '2012-10-17' as const, '2008-10-17' as const),
    Statement: fc.array(statement, { minLength: 1, maxLength: 4 }),
  });
const sources = (policy: fc.Arbitrary<PolicyDocument>): fc.Arbitrary<PolicySource[]> =>
  fc.array(
    policy.map((policy) => ({ name: 'p', policy })),
    { maxLength: 2 },
  );
const callerPolicy = policyOf(callerStatement);
const resourcePolicy = policyOf(resourceStatement);

const context = fc.dictionary(fc.constantFrom(...keys), oneOrMany(values), { maxKeys: 4 });
const request: fc.Arbitrary<AccessRequest> = fc.record(
  {
    principal: fc.constantFrom(...callers),
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...resources),
    resourceAccount: fc.constantFrom(OURS, THEIRS),
    context,
    identityPolicies: sources(callerPolicy),
    permissionsBoundary: callerPolicy.map((policy) => ({ name: 'boundary', policy })),
    sessionPolicies: sources(callerPolicy),
    serviceControlPolicies: fc.array(sources(callerPolicy), { maxLength: 2 }),
    resourcePolicies: sources(resourcePolicy),
    join: fc.constantFrom('union' as const, 'resource-required' as const),
  },
  {
    requiredKeys: [
      'principal',
      'action',
      'resource',
      'resourceAccount',
      'context',
      'identityPolicies',
      'resourcePolicies',
      'join',
    ],
  },
);

/** The request with every policy document replaced. */
function rewrite(request: AccessRequest, change: (policy: PolicyDocument) => PolicyDocument): AccessRequest {
  const one = ({ name, policy }: PolicySource) => ({ name, policy: change(policy) });
  const { permissionsBoundary, sessionPolicies, serviceControlPolicies } = request;
  return {
    ...request,
    identityPolicies: request.identityPolicies.map(one),
    resourcePolicies: request.resourcePolicies.map(one),
    ...(permissionsBoundary && { permissionsBoundary: one(permissionsBoundary) }),
    ...(sessionPolicies && { sessionPolicies: sessionPolicies.map(one) }),
    ...(serviceControlPolicies && { serviceControlPolicies: serviceControlPolicies.map((level) => level.map(one)) }),
  };
}

/** Another way to write the same policy. */
function respell(policy: PolicyDocument): PolicyDocument {
  const reversed = (value: OneOrMany): OneOrMany => (typeof value === 'string' ? [value, value] : value.toReversed());
  const shouted = (value: OneOrMany): OneOrMany =>
    typeof value === 'string' ? value.toUpperCase() : value.toReversed().map((text) => text.toUpperCase());
  const renamed = (value: OneOrMany): OneOrMany =>
    (typeof value === 'string' ? [value] : value.toReversed()).map((name) =>
      name === OURS ? `arn:aws:iam::${OURS}:root` : name,
    );
  const element = (value: PrincipalElement): PrincipalElement =>
    value === '*' ? { AWS: ['*'] } : { ...value, AWS: renamed(value.AWS ?? []) };
  const respelled = ({
    Action,
    NotAction,
    Resource,
    NotResource,
    Principal,
    NotPrincipal,
    Condition,
    ...rest
  }: Statement): Statement => ({
    ...(Condition && {
      Condition: Object.fromEntries(
        Object.entries(Condition)
          .toReversed()
          .map(([operator, keys]) => [
            operator,
            Object.fromEntries(
              Object.entries(keys)
                .toReversed()
                .map(([key, value]) => [key.toUpperCase(), reversed(value as OneOrMany)]),
            ),
          ]),
      ),
    }),
    ...(Resource && { Resource: reversed(Resource) }),
    ...(NotResource && { NotResource: reversed(NotResource) }),
    ...(Action && { Action: shouted(Action) }),
    ...(NotAction && { NotAction: shouted(NotAction) }),
    ...(Principal && { Principal: element(Principal) }),
    ...(NotPrincipal && { NotPrincipal: element(NotPrincipal) }),
    ...rest,
  });
  return { ...policy, Id: 'other', Statement: policy.Statement.toReversed().map(respelled) };
}

const runs = (numRuns: number) => ({ numRuns });

describe('canonical form', () => {
  it('is reached in one step', () => {
    fc.assert(
      fc.property(resourcePolicy, (policy) => {
        expect(canonical(canonical(policy))).toEqual(canonical(policy));
      }),
      runs(300),
    );
  });

  it('survives parsing', () => {
    fc.assert(
      fc.property(policyOf(resourceStatement), (policy) => {
        expect(parsePolicy(canonicalJson(policy), 'resource')).toEqual({ ok: true, policy: canonical(policy) });
      }),
      runs(300),
    );
  });

  it('is the same for every way to write a policy, and equivalent policies have no differences', () => {
    fc.assert(
      fc.property(resourcePolicy, (policy) => {
        expect(equivalent(policy, respell(policy))).toBe(true);
        expect(equivalent(policy, canonical(policy))).toBe(true);
        expect(differences(respell(policy), policy)).toEqual([]);
      }),
      runs(300),
    );
  });

  it('has differences exactly where policies are not equivalent', () => {
    const same = (policy: PolicyDocument): PolicyDocument => ({ ...policy, Version: '2012-10-17' });
    fc.assert(
      fc.property(resourcePolicy, resourcePolicy, fc.boolean(), (a, b, alike) => {
        const [left, right] = [same(a), same(alike ? respell(a) : b)];
        expect(differences(left, right).length === 0).toBe(equivalent(left, right));
      }),
      runs(300),
    );
  });
});

describe('evaluation', () => {
  it('does not depend on how a policy is written', () => {
    fc.assert(
      fc.property(request, (request) => {
        const { outcome } = evaluate(request);
        expect(evaluate(rewrite(request, respell)).outcome).toBe(outcome);
        expect(evaluate(rewrite(request, canonical)).outcome).toBe(outcome);
      }),
      runs(1000),
    );
  });

  it('lets an explicit Deny win wherever it stands', () => {
    const deny: Statement = { Effect: 'Deny', Action: '*', Resource: '*' };
    const add = (extra: Statement) => (sources: readonly PolicySource[]) => [
      ...sources,
      { name: 'deny', policy: { Version: '2012-10-17', Statement: [extra] } } as const,
    ];
    fc.assert(
      fc.property(request, (request) => {
        const denied: AccessRequest[] = [
          { ...request, resourcePolicies: add({ ...deny, Principal: '*' })(request.resourcePolicies) },
        ];
        const { kind } = request.principal;
        if (kind === 'user' || kind === 'role-session')
          denied.push({ ...request, identityPolicies: add(deny)(request.identityPolicies) });
        if (kind === 'role-session')
          denied.push({ ...request, sessionPolicies: add(deny)(request.sessionPolicies ?? []) });
        if (kind === 'user' || kind === 'root') denied.push({ ...request, serviceControlPolicies: [add(deny)([])] });
        for (const each of denied) expect(evaluate(each).outcome).toBe('explicit-deny');
      }),
      runs(500),
    );
  });

  it('grants nothing by removing an Allow or by adding a Deny', () => {
    fc.assert(
      fc.property(request, fc.nat({ max: 12 }), resourceStatement, (request, target, statement) => {
        fc.pre(!evaluate(request).allowed);
        let allows = 0;
        const less = rewrite(request, (policy) => ({
          ...policy,
          Statement: policy.Statement.filter(({ Effect }) => Effect === 'Deny' || allows++ !== target),
        }));
        const guarded = rewrite(request, (policy) => ({
          ...policy,
          Statement: [...policy.Statement, { ...statement, Effect: 'Deny' }],
        }));
        expect(evaluate(less).allowed).toBe(false);
        expect(evaluate(guarded).allowed).toBe(false);
      }),
      runs(1500),
    );
  });

  it('allows only by Allow statements, one of each kind of policy that must agree', () => {
    fc.assert(
      fc.property(request, (request) => {
        const decision = evaluate(request);
        if (!decision.allowed) return;
        expect(decision.by.every(({ effect }) => effect === 'Allow')).toBe(true);
        if (decision.by.length === 0) expect(request.principal.kind).toBe('root');
        const asked = 'account' in request.principal ? request.principal.account : undefined;
        const types = new Set(decision.by.map(({ type }) => type));
        if (asked !== request.resourceAccount) expect(types).toContain('resource');
        if (request.join === 'resource-required') expect(types).toContain('resource');
      }),
      runs(1000),
    );
  });

  it('decides alike before and after principals are packed', () => {
    fc.assert(
      fc.property(request, (request) => {
        const packed = rewrite(request, (policy) => ({ ...policy, Statement: packPrincipals(policy.Statement) }));
        expect(evaluate(packed).outcome).toBe(evaluate(request).outcome);
      }),
      runs(1000),
    );
  });
});

describe('parsing', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.constantFrom('identity', 'resource', 'trust', undefined),
        (text, kind) => {
          expect(typeof parsePolicy(text, kind).ok).toBe('boolean');
        },
      ),
      runs(500),
    );
  });
});
