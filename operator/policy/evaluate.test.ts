// Decision table of whole requests. Each group cites the AWS page its rows were written from.
import { describe, expect, it } from 'vitest';
import type { Decision } from './decision.ts';
import type { PolicyDocument, PrincipalElement, Statement } from './document.ts';
import { evaluate } from './evaluate.ts';
import type { AccessRequest, Caller, PolicySource } from './request.ts';

const OURS = '111122223333';
const THEIRS = '444455556666';

const user: Caller = { kind: 'user', account: OURS, arn: `arn:aws:iam::${OURS}:user/eng/ann`, userId: 'AIDAANN' };
const session: Caller = {
  kind: 'role-session',
  account: OURS,
  arn: `arn:aws:sts::${OURS}:assumed-role/reader/job-1`,
  roleArn: `arn:aws:iam::${OURS}:role/data/reader`,
  roleId: 'AROAREADER',
};
const root: Caller = { kind: 'root', account: OURS, arn: `arn:aws:iam::${OURS}:root` };
const anonymous: Caller = { kind: 'anonymous' };
const service: Caller = { kind: 'service', service: 'events.amazonaws.com' };
const saml: Caller = { kind: 'federated', provider: `arn:aws:iam::${OURS}:saml-provider/corp` };

const object = 'arn:aws:s3:::raw/2024/a.csv';
const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const named = (name: string, ...statements: Statement[]): PolicySource => ({ name, policy: policy(...statements) });

const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/*' } as const satisfies Statement;
const noRead = { ...read, Effect: 'Deny' } as const satisfies Statement;
const write = { ...read, Action: 's3:PutObject' } as const satisfies Statement;
const everything = { Effect: 'Allow', Action: '*', Resource: '*' } as const satisfies Statement;

const id = (...statements: Statement[]) => [named('identity', ...statements)];
const boundary = (...statements: Statement[]) => named('boundary', ...statements);
const sessionPolicy = (...statements: Statement[]) => [named('session', ...statements)];
const bucket = (...statements: Statement[]) => [named('bucket', ...statements)];
const to = (Principal: PrincipalElement, statement: Statement = read): Statement => ({ ...statement, Principal });
const allBut = (NotPrincipal: PrincipalElement, statement: Statement = noRead): Statement => ({
  ...statement,
  NotPrincipal,
});
const aws = (...names: string[]): PrincipalElement => ({ AWS: names });

/** Reading an object of our own account as a role session, with no policy at all. */
const bare: AccessRequest = {
  principal: session,
  action: 's3:GetObject',
  resource: object,
  resourceAccount: OURS,
  context: { 'aws:SecureTransport': 'true' },
  identityPolicies: [],
  resourcePolicies: [],
  join: 'union',
};

type Outcome = Decision['outcome'];
type Row = readonly [name: string, changes: Partial<AccessRequest>, outcome: Outcome, because?: string];

/** `because`: the missing policy type, or the sources of the deciding statements. */
function table(page: string, rows: readonly Row[]): void {
  describe(page, () => {
    it.each(rows.map((row) => [row[0], row] as const))('%s', (_name, [, changes, outcome, because]) => {
      const decision = evaluate({ ...bare, ...changes });
      expect(decision.outcome).toBe(outcome);
      expect(decision.allowed).toBe(outcome === 'allow');
      if (because === undefined) return;
      const sources = decision.by.map((statement) => statement.source).join(' + ');
      expect(decision.outcome === 'implicit-deny' ? decision.missing : sources).toBe(because);
    });
  });
}

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const DENY_ALLOW = `${GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html`;
const BASICS = `${GUIDE}/reference_policies_evaluation-logic_policy-eval-basics.html`;
const CROSS = `${GUIDE}/reference_policies_evaluation-logic-cross-account.html`;
const PRINCIPAL = `${GUIDE}/reference_policies_elements_principal.html`;
const trust = {
  action: 'sts:AssumeRole',
  resource: `arn:aws:iam::${OURS}:role/pivot`,
  join: 'resource-required',
} as const;
const assume = { Effect: 'Allow', Action: 'sts:AssumeRole' } as const satisfies Statement;
const assumePivot = { ...assume, Resource: `arn:aws:iam::*:role/pivot` } as const satisfies Statement;
const key = {
  action: 'kms:Decrypt',
  resource: `arn:aws:kms:eu-west-1:${OURS}:key/1`,
  join: 'resource-required',
} as const;
const decrypt = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' } as const satisfies Statement;

// prettier-ignore
table(DENY_ALLOW, [
  ['by default a request is denied', {}, 'implicit-deny', 'identity'],
  ['a user without policies too', { principal: user }, 'implicit-deny', 'identity'],
  ['the root user has full access', { principal: root }, 'allow'],
  ['identity policy allows', { identityPolicies: id(read) }, 'allow', 'identity'],
  ['identity policy allows something else', { identityPolicies: id(write) }, 'implicit-deny', 'identity'],
  ['Deny beside Allow in one policy', { identityPolicies: id(read, noRead) }, 'explicit-deny', 'identity'],
  ['Deny before Allow in one policy', { identityPolicies: id(noRead, read) }, 'explicit-deny', 'identity'],
  ['Deny in another identity policy', { identityPolicies: [named('a', everything), named('b', noRead)] }, 'explicit-deny', 'b'],
  ['Deny in the bucket policy', { identityPolicies: id(read), resourcePolicies: bucket(to('*', noRead)) }, 'explicit-deny', 'bucket'],
  ['Deny in the boundary', { identityPolicies: id(read), permissionsBoundary: boundary(everything, noRead) }, 'explicit-deny', 'boundary'],
  ['Deny in the session policy', { identityPolicies: id(read), sessionPolicies: sessionPolicy(everything, noRead) }, 'explicit-deny', 'session'],
  ['Deny in an SCP', { identityPolicies: id(read), serviceControlPolicies: [[named('scp', everything, noRead)]] }, 'explicit-deny', 'scp'],
  ['Deny in the identity policy against a bucket policy that names the session', { identityPolicies: id(noRead), resourcePolicies: bucket(to(aws(session.arn))) }, 'explicit-deny', 'identity'],
  ['Deny in the boundary against a bucket policy that names the session', { permissionsBoundary: boundary(noRead), resourcePolicies: bucket(to(aws(session.arn))) }, 'explicit-deny', 'boundary'],
  ['Deny in the bucket policy against the root user', { principal: root, resourcePolicies: bucket(to(aws(OURS), noRead)) }, 'explicit-deny', 'bucket'],
]);

// prettier-ignore
table(`${BASICS} (union of identity and resource policies)`, [
  ['bucket policy alone is enough for a user', { principal: user, resourcePolicies: bucket(to(aws(user.arn))) }, 'allow', 'bucket'],
  ['bucket policy alone is enough for a role', { resourcePolicies: bucket(to(aws(session.roleArn))) }, 'allow', 'bucket'],
  ['identity policy alone is enough', { principal: user, identityPolicies: id(read) }, 'allow', 'identity'],
  ['identity policy, boundary must allow too', { identityPolicies: id(read), permissionsBoundary: boundary(write) }, 'implicit-deny', 'boundary'],
  ['identity policy within the boundary', { identityPolicies: id(read), permissionsBoundary: boundary(everything) }, 'allow', 'identity + boundary'],
  ['a boundary grants nothing', { permissionsBoundary: boundary(everything) }, 'implicit-deny', 'identity'],
  ['identity policy, session policy must allow too', { identityPolicies: id(everything), sessionPolicies: sessionPolicy(write) }, 'implicit-deny', 'session'],
  ['identity policy within the session policy', { identityPolicies: id(everything), sessionPolicies: sessionPolicy(read) }, 'allow', 'identity + session'],
  ['a session policy grants nothing', { sessionPolicies: sessionPolicy(everything) }, 'implicit-deny', 'identity'],
  ['one of several session policies allows', { identityPolicies: id(read), sessionPolicies: [named('s1', write), named('s2', read)] }, 'allow', 'identity + s2'],
  ['boundary and session policy both limit', { identityPolicies: id(read), permissionsBoundary: boundary(read), sessionPolicies: sessionPolicy(write) }, 'implicit-deny', 'session'],
]);

// prettier-ignore
table(`${DENY_ALLOW} (resource policies and implicit denials of other policies)`, [
  ['user ARN: not limited by identity policies', { principal: user, identityPolicies: id(write), resourcePolicies: bucket(to(aws(user.arn))) }, 'allow', 'bucket'],
  ['user ARN: not limited by the boundary', { principal: user, permissionsBoundary: boundary(write), resourcePolicies: bucket(to(aws(user.arn))) }, 'allow', 'bucket'],
  ['role ARN: not limited by identity policies', { identityPolicies: id(write), resourcePolicies: bucket(to(aws(session.roleArn))) }, 'allow', 'bucket'],
  ['role ARN: limited by the boundary', { permissionsBoundary: boundary(write), resourcePolicies: bucket(to(aws(session.roleArn))) }, 'implicit-deny', 'boundary'],
  ['role ARN: limited by the session policy', { sessionPolicies: sessionPolicy(write), resourcePolicies: bucket(to(aws(session.roleArn))) }, 'implicit-deny', 'session'],
  ['role ARN: within boundary and session policy', { permissionsBoundary: boundary(everything), sessionPolicies: sessionPolicy(read), resourcePolicies: bucket(to(aws(session.roleArn))) }, 'allow', 'bucket + boundary + session'],
  ['session ARN: not limited by identity policies', { identityPolicies: id(write), resourcePolicies: bucket(to(aws(session.arn))) }, 'allow', 'bucket'],
  ['session ARN: not limited by the boundary', { permissionsBoundary: boundary(write), resourcePolicies: bucket(to(aws(session.arn))) }, 'allow', 'bucket'],
  ['session ARN: not limited by the session policy', { sessionPolicies: sessionPolicy(write), resourcePolicies: bucket(to(aws(session.arn))) }, 'allow', 'bucket'],
  ['* with aws:PrincipalArn of the role: not limited by boundary and session policy', { permissionsBoundary: boundary(write), sessionPolicies: sessionPolicy(write), resourcePolicies: bucket({ ...to('*'), Condition: { ArnEquals: { 'aws:PrincipalArn': session.roleArn } } }) }, 'allow', 'bucket'],
]);

// prettier-ignore
table(PRINCIPAL, [
  ['account id: identity policies still decide', { resourcePolicies: bucket(to(aws(OURS))) }, 'implicit-deny', 'identity'],
  ['root ARN: identity policies still decide', { resourcePolicies: bucket(to(aws(root.arn))) }, 'implicit-deny', 'identity'],
  ['account id and identity policy', { identityPolicies: id(read), resourcePolicies: bucket(to(aws(OURS))) }, 'allow', 'identity'],
  ['Deny of the account reaches its role sessions', { identityPolicies: id(read), resourcePolicies: bucket(to(aws(OURS), noRead)) }, 'explicit-deny'],
  ['Deny of the role reaches its sessions', { identityPolicies: id(read), resourcePolicies: bucket(to(aws(session.roleArn), noRead)) }, 'explicit-deny'],
  ['Deny of another session does not', { identityPolicies: id(read), resourcePolicies: bucket(to(aws(`arn:aws:sts::${OURS}:assumed-role/reader/job-2`), noRead)) }, 'allow'],
  ['another session of the role', { resourcePolicies: bucket(to(aws(`arn:aws:sts::${OURS}:assumed-role/reader/job-2`))) }, 'implicit-deny'],
  ['a role of the same name under another path', { resourcePolicies: bucket(to(aws(`arn:aws:iam::${OURS}:role/reader`))) }, 'implicit-deny'],
  ['no wildcard within an ARN', { resourcePolicies: bucket(to(aws(`arn:aws:iam::${OURS}:role/data/*`))) }, 'implicit-deny'],
  ['names are case-sensitive', { principal: user, resourcePolicies: bucket(to(aws(user.arn.replace('ann', 'Ann')))) }, 'implicit-deny'],
  ['unique id of the role', { resourcePolicies: bucket(to(aws('AROAREADER'))) }, 'allow'],
  ['unique id of a role that was deleted and created again', { resourcePolicies: bucket(to(aws('AROAOLDREADER'))) }, 'implicit-deny'],
  ['unique id of the user', { principal: user, resourcePolicies: bucket(to(aws('AIDAANN'))) }, 'allow'],
  ['unique id of a user that was deleted and created again', { principal: user, resourcePolicies: bucket(to(aws('AIDAOLDANN'))) }, 'implicit-deny'],
  ['* is everyone of the account', { resourcePolicies: bucket(to('*')) }, 'allow'],
  ['{"AWS": "*"} is the same', { resourcePolicies: bucket(to({ AWS: '*' })) }, 'allow'],
  ['* is anonymous too', { principal: anonymous, resourcePolicies: bucket(to('*')) }, 'allow', 'bucket'],
  ['{"AWS": "*"} is anonymous too', { principal: anonymous, resourcePolicies: bucket(to({ AWS: '*' })) }, 'allow'],
  ['anonymous is in no account', { principal: anonymous, resourcePolicies: bucket(to(aws(OURS))) }, 'implicit-deny', 'resource'],
  ['anonymous without policy', { principal: anonymous }, 'implicit-deny', 'resource'],
  ['anonymous has no identity policies', { principal: anonymous, identityPolicies: id(everything) }, 'implicit-deny', 'resource'],
  ['a service by name', { principal: service, resourcePolicies: bucket(to({ Service: ['events.amazonaws.com'] })) }, 'allow'],
  ['another service', { principal: service, resourcePolicies: bucket(to({ Service: 'sns.amazonaws.com' })) }, 'implicit-deny', 'resource'],
  ['a service name under AWS names nobody', { principal: service, resourcePolicies: bucket(to(aws('events.amazonaws.com'))) }, 'implicit-deny'],
  ['an identity provider', { ...trust, principal: saml, action: 'sts:AssumeRoleWithSAML', resourcePolicies: bucket({ Effect: 'Allow', Action: 'sts:AssumeRoleWithSAML', Principal: { Federated: saml.provider } }) }, 'allow'],
  ['another identity provider', { ...trust, principal: saml, action: 'sts:AssumeRoleWithSAML', resourcePolicies: bucket({ Effect: 'Allow', Action: 'sts:AssumeRoleWithSAML', Principal: { Federated: 'accounts.google.com' } }) }, 'implicit-deny'],
  ['* lets no outside user in', { ...trust, principal: saml, resourcePolicies: bucket({ ...assume, Principal: '*' }) }, 'implicit-deny'],
  ['a canonical user id opens nothing to others', { resourcePolicies: bucket(to({ CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' })) }, 'implicit-deny'],
]);

// prettier-ignore
table(`${GUIDE}/reference_policies_elements_notprincipal.html`, [
  ['Deny all but the user and its account', { principal: user, identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(user.arn, root.arn))) }, 'allow'],
  ['Deny all but the user: its account is denied', { principal: user, identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(user.arn))) }, 'explicit-deny'],
  ['Deny all but the account: its users are denied', { principal: user, identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(root.arn))) }, 'explicit-deny'],
  ['Deny all but session, role and account', { identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(session.arn, session.roleArn, root.arn))) }, 'allow'],
  ['Deny all but role and account: the session is denied', { identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(session.roleArn, root.arn))) }, 'explicit-deny'],
  ['Deny all but session and account: the role is denied', { identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(session.arn, root.arn))) }, 'explicit-deny'],
  ['Deny all but someone else', { identityPolicies: id(read), resourcePolicies: bucket(allBut(aws(`arn:aws:iam::${THEIRS}:user/Bob`, THEIRS))) }, 'explicit-deny'],
  ['Deny all but someone: anonymous is denied', { principal: anonymous, resourcePolicies: bucket(to('*'), allBut(aws(user.arn, root.arn))) }, 'explicit-deny'],
  ['Deny all but a service', { principal: service, resourcePolicies: bucket(to('*'), allBut({ Service: 'events.amazonaws.com' })) }, 'allow'],
  ['not being denied grants nothing', { principal: user, resourcePolicies: bucket(allBut(aws(user.arn, root.arn))) }, 'implicit-deny'],
  ['Allow all but someone else', { resourcePolicies: bucket(allBut(aws(user.arn), read)) }, 'allow'],
  ['Allow all but the role', { resourcePolicies: bucket(allBut(aws(session.roleArn), read)) }, 'implicit-deny'],
  ['Allow all but the account', { resourcePolicies: bucket(allBut(aws(OURS), read)) }, 'implicit-deny'],
  ['Allow all but someone: anonymous is allowed', { principal: anonymous, resourcePolicies: bucket(allBut(aws(user.arn), read)) }, 'allow'],
]);

const cross = { resourceAccount: THEIRS } as const;
// prettier-ignore
table(CROSS, [
  ['identity policy alone', { ...cross, identityPolicies: id(read) }, 'implicit-deny', 'resource'],
  ['bucket policy alone, naming the role', { ...cross, resourcePolicies: bucket(to(aws(session.roleArn))) }, 'implicit-deny', 'identity'],
  ['bucket policy alone, naming the session', { ...cross, resourcePolicies: bucket(to(aws(session.arn))) }, 'implicit-deny', 'identity'],
  ['bucket policy alone, naming the user', { ...cross, principal: user, resourcePolicies: bucket(to(aws(user.arn))) }, 'implicit-deny', 'identity'],
  ['bucket policy alone, naming everyone', { ...cross, resourcePolicies: bucket(to('*')) }, 'implicit-deny', 'identity'],
  ['both, naming the role', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to(aws(session.roleArn))) }, 'allow', 'identity + bucket'],
  ['both, naming the account', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to(aws(OURS))) }, 'allow', 'identity + bucket'],
  ['both, naming the root ARN', { ...cross, principal: user, identityPolicies: id(read), resourcePolicies: bucket(to(aws(root.arn))) }, 'allow', 'identity + bucket'],
  ['both, naming everyone', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to('*')) }, 'allow', 'identity + bucket'],
  ['both, naming the other account', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to(aws(THEIRS))) }, 'implicit-deny', 'resource'],
  ['both, but not the same action', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to(aws(session.roleArn), write)) }, 'implicit-deny', 'resource'],
  ['the boundary limits', { ...cross, identityPolicies: id(read), permissionsBoundary: boundary(write), resourcePolicies: bucket(to(aws(session.arn))) }, 'implicit-deny', 'boundary'],
  ['the session policy limits', { ...cross, identityPolicies: id(read), sessionPolicies: sessionPolicy(write), resourcePolicies: bucket(to(aws(session.arn))) }, 'implicit-deny', 'session'],
  ['SCPs of the caller limit', { ...cross, identityPolicies: id(read), serviceControlPolicies: [[named('scp', write)]], resourcePolicies: bucket(to(aws(session.arn))) }, 'implicit-deny', 'service-control'],
  ['Deny in the trusting account', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to(aws(session.arn)), to('*', noRead)) }, 'explicit-deny', 'bucket'],
  ['Deny in the trusted account', { ...cross, identityPolicies: id(read, noRead), resourcePolicies: bucket(to(aws(session.arn))) }, 'explicit-deny', 'identity'],
  ['a root user is nobody elsewhere', { ...cross, principal: root }, 'implicit-deny', 'resource'],
  ['a root user whose account is named', { ...cross, principal: root, resourcePolicies: bucket(to(aws(OURS))) }, 'allow', 'bucket'],
  ['an anonymous reader of a public bucket', { ...cross, principal: anonymous, resourcePolicies: bucket(to('*')) }, 'allow', 'bucket'],
  ['the right of a deleted role does not pass to its successor', { ...cross, identityPolicies: id(read), resourcePolicies: bucket(to(aws('AROAOLDREADER'))) }, 'implicit-deny', 'resource'],
]);

// prettier-ignore
table('https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html', [
  ['identity policy alone', { ...key, identityPolicies: id(decrypt) }, 'implicit-deny', 'resource'],
  ['key policy naming the role', { ...key, resourcePolicies: bucket(to(aws(session.roleArn), decrypt)) }, 'allow', 'bucket'],
  ['key policy naming the role, boundary without it', { ...key, permissionsBoundary: boundary(read), resourcePolicies: bucket(to(aws(session.roleArn), decrypt)) }, 'implicit-deny', 'boundary'],
  ['key policy naming the account, no identity policy', { ...key, resourcePolicies: bucket(to(aws(root.arn), decrypt)) }, 'implicit-deny', 'identity'],
  ['key policy naming the account, identity policy', { ...key, identityPolicies: id(decrypt), resourcePolicies: bucket(to(aws(root.arn), decrypt)) }, 'allow', 'identity + bucket'],
  ['key policy naming another role, identity policy', { ...key, identityPolicies: id(decrypt), resourcePolicies: bucket(to(aws(`arn:aws:iam::${OURS}:role/other`), decrypt)) }, 'implicit-deny', 'resource'],
  ['the root user needs the key policy', { ...key, principal: root, resourcePolicies: bucket(to(aws(session.roleArn), decrypt)) }, 'implicit-deny', 'resource'],
  ['the root user, named', { ...key, principal: root, resourcePolicies: bucket(to(aws(root.arn), decrypt)) }, 'allow', 'bucket'],
  ['across accounts both are needed', { ...key, ...cross, resourcePolicies: bucket(to(aws(session.roleArn), decrypt)) }, 'implicit-deny', 'identity'],
  ['across accounts both', { ...key, ...cross, identityPolicies: id(decrypt), resourcePolicies: bucket(to(aws(OURS), decrypt)) }, 'allow', 'identity + bucket'],
]);

// prettier-ignore
table(`${GUIDE}/id_roles_compare-resource-policies.html`, [
  ['identity policy alone', { ...trust, principal: user, identityPolicies: id(assumePivot) }, 'implicit-deny', 'resource'],
  ['trust naming the user of its own account', { ...trust, principal: user, resourcePolicies: bucket({ ...assume, Principal: aws(user.arn) }) }, 'allow', 'bucket'],
  ['trust naming its own account', { ...trust, principal: user, resourcePolicies: bucket({ ...assume, Principal: aws(OURS) }) }, 'implicit-deny', 'identity'],
  ['trust naming its own account, identity policy', { ...trust, principal: user, identityPolicies: id(assumePivot), resourcePolicies: bucket({ ...assume, Principal: aws(OURS) }) }, 'allow'],
  ['trust naming a role of another account', { ...trust, ...cross, resourcePolicies: bucket({ ...assume, Principal: aws(session.roleArn) }) }, 'implicit-deny', 'identity'],
  ['trust naming a role of another account, identity policy', { ...trust, ...cross, identityPolicies: id(assumePivot), resourcePolicies: bucket({ ...assume, Principal: aws(session.roleArn) }) }, 'allow'],
  ['external id: none given', { ...trust, ...cross, identityPolicies: id(assumePivot), resourcePolicies: bucket({ ...assume, Principal: aws(OURS), Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }) }, 'implicit-deny', 'resource'],
  ['external id: the right one', { ...trust, ...cross, context: { 'sts:ExternalId': 'x1' }, identityPolicies: id(assumePivot), resourcePolicies: bucket({ ...assume, Principal: aws(OURS), Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }) }, 'allow'],
  ['external id: another', { ...trust, ...cross, context: { 'sts:ExternalId': 'X1' }, identityPolicies: id(assumePivot), resourcePolicies: bucket({ ...assume, Principal: aws(OURS), Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }) }, 'implicit-deny', 'resource'],
  ['a service role', { ...trust, principal: service, resourcePolicies: bucket({ ...assume, Principal: { Service: 'events.amazonaws.com' } }) }, 'allow'],
  ['sts:TagSession is a right of its own', { ...trust, action: 'sts:TagSession', principal: user, resourcePolicies: bucket({ ...assume, Principal: aws(user.arn) }) }, 'implicit-deny', 'resource'],
]);

const scp = (...levels: Statement[][]) =>
  levels.map((statements, level) => [named(`scp-${String(level)}`, ...statements)]);
// prettier-ignore
table('https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html', [
  ['every level allows', { identityPolicies: id(read), serviceControlPolicies: scp([everything], [read]) }, 'allow', 'scp-0 + scp-1 + identity'],
  ['one level does not', { identityPolicies: id(read), serviceControlPolicies: scp([everything], [write]) }, 'implicit-deny', 'service-control'],
  ['a level without policy', { identityPolicies: id(read), serviceControlPolicies: [...scp([everything]), []] }, 'implicit-deny', 'service-control'],
  ['one of two policies of a level allows', { identityPolicies: id(read), serviceControlPolicies: [[named('a', write), named('b', read)]] }, 'allow'],
  ['an SCP grants nothing', { serviceControlPolicies: scp([everything]) }, 'implicit-deny', 'identity'],
  ['SCPs limit the root user', { principal: root, serviceControlPolicies: scp([write]) }, 'implicit-deny', 'service-control'],
  ['an SCP denies the root user', { principal: root, serviceControlPolicies: scp([everything, noRead]) }, 'explicit-deny', 'scp-0'],
  ['SCPs limit what a resource policy grants', { resourcePolicies: bucket(to(aws(session.arn))), serviceControlPolicies: scp([write]) }, 'implicit-deny', 'service-control'],
  ['SCPs do not bind services', { principal: service, resourcePolicies: bucket(to({ Service: service.service })), serviceControlPolicies: scp([write]) }, 'allow'],
]);

// prettier-ignore
table(`${GUIDE}/reference_policies_elements_notaction.html and ${GUIDE}/reference_policies_elements_notresource.html`, [
  ['NotAction: another action', { identityPolicies: id({ Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: '*' }) }, 'allow'],
  ['NotAction: that action', { identityPolicies: id({ Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' }) }, 'implicit-deny'],
  ['NotAction: wildcard, any case', { identityPolicies: id({ Effect: 'Allow', NotAction: ['iam:*', 'S3:get*'], Resource: '*' }) }, 'implicit-deny'],
  ['Deny with NotAction: another action', { identityPolicies: id(everything, { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }) }, 'explicit-deny'],
  ['Deny with NotAction: that action', { identityPolicies: id(everything, { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }) }, 'allow'],
  ['NotResource: another resource', { identityPolicies: id({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::hr/*' }) }, 'allow'],
  ['NotResource: that resource', { identityPolicies: id({ Effect: 'Allow', Action: 's3:*', NotResource: ['arn:aws:s3:::hr/*', 'arn:aws:s3:::raw/*'] }) }, 'implicit-deny'],
  ['Deny with NotResource: another resource', { identityPolicies: id(everything, { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::hr/*' }) }, 'explicit-deny'],
  ['Deny with NotResource: that resource', { identityPolicies: id(everything, { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::raw/*' }) }, 'allow'],
]);

// prettier-ignore
table(`${GUIDE}/reference_policies_elements_resource.html`, [
  ['a prefix is not its neighbour', { resource: 'arn:aws:s3:::raw2/a', identityPolicies: id(read) }, 'implicit-deny'],
  ['a folder is not its neighbour', { resource: 'arn:aws:s3:::raw/2024b/a', identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/2024/*' }) }, 'implicit-deny'],
  ['* runs over slashes', { identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/*.csv' }) }, 'allow'],
  ['the bucket is not its objects', { identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw' }) }, 'implicit-deny'],
  ['resources are case-sensitive', { identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::RAW/*' }) }, 'implicit-deny'],
  ['a request without resource needs *', { resource: '*', identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::*' }) }, 'implicit-deny'],
  ['a request without resource, *', { resource: '*', identityPolicies: id({ ...read, Resource: '*' }) }, 'allow'],
  ['an incomplete ARN is completed', { identityPolicies: id({ ...read, Resource: 'arn:aws:s3' }) }, 'allow'],
  ['an incomplete ARN of another service', { identityPolicies: id({ ...read, Resource: 'arn:aws:sqs' }) }, 'implicit-deny'],
]);

// prettier-ignore
table(`${GUIDE}/reference_policies_variables.html`, [
  ['the user name', { principal: user, resource: 'arn:aws:s3:::raw/home/ann/x', identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/home/${aws:username}/*' }) }, 'allow'],
  ['the home of another', { principal: user, resource: 'arn:aws:s3:::raw/home/bob/x', identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/home/${aws:username}/*' }) }, 'implicit-deny'],
  ['roles have no user name', { resource: 'arn:aws:s3:::raw/home//x', identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/home/${aws:username}/*' }) }, 'implicit-deny'],
  ['a user name cannot be claimed', { resource: 'arn:aws:s3:::raw/home/ann/x', context: { 'aws:username': 'ann' }, identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/home/${aws:username}/*' }) }, 'implicit-deny'],
  ['nor a principal ARN', { resourcePolicies: bucket({ ...to('*'), Condition: { ArnEquals: { 'aws:PrincipalArn': user.arn } } }), context: { 'AWS:PrincipalArn': user.arn } }, 'implicit-deny'],
  ['a default', { resource: 'arn:aws:s3:::raw/company-wide/x', identityPolicies: id({ ...read, Resource: "arn:aws:s3:::raw/${aws:PrincipalTag/team, 'company-wide'}/*" }) }, 'allow'],
  ['no variable before the fifth colon', { identityPolicies: id({ ...read, Resource: "arn:aws:s3:${aws:PrincipalTag/region, ''}::raw/*" }) }, 'implicit-deny'],
  ['an escaped asterisk', { identityPolicies: id({ ...read, Resource: 'arn:aws:s3:::raw/${*}' }) }, 'implicit-deny'],
  ['no Version: variables are text', { principal: user, resource: 'arn:aws:s3:::raw/home/ann', identityPolicies: [{ name: 'old', policy: { Statement: [{ ...read, Resource: 'arn:aws:s3:::raw/home/${aws:username}' }] } }] }, 'implicit-deny'],
]);

// prettier-ignore
table(`${GUIDE}/reference_policies_condition-keys.html (keys about the caller)`, [
  ['aws:PrincipalArn of a session is the role', { identityPolicies: id({ ...read, Condition: { ArnEquals: { 'aws:PrincipalArn': session.roleArn } } }) }, 'allow'],
  ['aws:userid of a session: role id and session name', { identityPolicies: id({ ...read, Condition: { StringLike: { 'aws:userid': 'AROAREADER:job-?' } } }) }, 'allow'],
  ['aws:userid of a user', { principal: user, identityPolicies: id({ ...read, Condition: { StringEquals: { 'aws:userid': 'AIDAANN' } } }) }, 'allow'],
  ['aws:userid of the root user is the account', { principal: root, resourcePolicies: bucket({ ...to('*', noRead), Condition: { StringEquals: { 'aws:userid': OURS } } }) }, 'explicit-deny'],
  ['aws:PrincipalType', { principal: user, identityPolicies: id({ ...read, Condition: { StringEquals: { 'aws:PrincipalType': 'User' } } }) }, 'allow'],
  ['aws:PrincipalAccount', { identityPolicies: id({ ...read, Condition: { StringEquals: { 'aws:PrincipalAccount': OURS } } }) }, 'allow'],
  ['anonymous has no aws:PrincipalArn', { principal: anonymous, resourcePolicies: bucket(to('*'), { ...to('*', noRead), Condition: { StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*' } } }) }, 'explicit-deny'],
  ['aws:PrincipalIsAWSService', { principal: service, resourcePolicies: bucket(to('*'), { ...to('*', noRead), Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } }) }, 'allow'],
  ['aws:PrincipalServiceName', { principal: service, resourcePolicies: bucket({ ...to('*'), Condition: { StringEquals: { 'aws:PrincipalServiceName': 'events.amazonaws.com' } } }) }, 'allow'],
  ['aws:ResourceAccount', { identityPolicies: id({ ...read, Condition: { StringEquals: { 'aws:ResourceAccount': THEIRS } } }) }, 'implicit-deny'],
  ['TLS only', { context: { 'aws:SecureTransport': 'false' }, identityPolicies: id(read), resourcePolicies: bucket({ ...to('*', noRead), Condition: { Bool: { 'aws:SecureTransport': 'false' } } }) }, 'explicit-deny'],
]);

// prettier-ignore
table('https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html (delegation to access points)', [
  ['through an access point of the account', { ...cross, context: { 's3:DataAccessPointAccount': THEIRS }, identityPolicies: id(read), resourcePolicies: bucket({ ...to('*'), Condition: { StringEquals: { 's3:DataAccessPointAccount': THEIRS } } }) }, 'allow'],
  ['not through one', { ...cross, identityPolicies: id(read), resourcePolicies: bucket({ ...to('*'), Condition: { StringEquals: { 's3:DataAccessPointAccount': THEIRS } } }) }, 'implicit-deny'],
]);

const odd = { StringSounds: { 'aws:username': 'ann' } };
// prettier-ignore
table('what AWS would not store must open nothing (fail closed)', [
  ['unknown operator in an Allow', { identityPolicies: id({ ...read, Condition: odd }) }, 'implicit-deny'],
  ['unknown operator in a Deny', { identityPolicies: id(read, { ...noRead, Condition: odd }) }, 'explicit-deny'],
  ['Allow without action', { identityPolicies: id({ Effect: 'Allow', Resource: '*' }) }, 'implicit-deny'],
  ['Deny without action', { identityPolicies: id(read, { Effect: 'Deny', Resource: '*' }) }, 'explicit-deny'],
  ['Allow with both Action and NotAction', { identityPolicies: id({ ...read, NotAction: 's3:PutObject' }) }, 'implicit-deny'],
  ['identity Allow without resource', { identityPolicies: id({ Effect: 'Allow', Action: '*' }) }, 'implicit-deny'],
  ['Allow with both Resource and NotResource', { identityPolicies: id({ ...read, NotResource: 'arn:aws:s3:::hr/*' }) }, 'implicit-deny'],
  ['Allow of all but a variable without value', { identityPolicies: id({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::hr/${aws:username}' }) }, 'implicit-deny'],
  ['Deny of all but a variable without value', { identityPolicies: id(read, { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::hr/${aws:username}' }) }, 'explicit-deny'],
  ['identity Allow with principal', { identityPolicies: id(to('*')) }, 'implicit-deny'],
  ['resource Allow without principal', { resourcePolicies: bucket(read) }, 'implicit-deny'],
  ['resource Deny without principal', { identityPolicies: id(read), resourcePolicies: bucket(noRead) }, 'explicit-deny'],
  ['Allow with both Principal and NotPrincipal', { resourcePolicies: bucket({ ...to('*'), NotPrincipal: aws(user.arn) }) }, 'implicit-deny'],
  ['a Deny by canonical user id may mean the caller', { identityPolicies: id(read), resourcePolicies: bucket(to({ CanonicalUser: 'ab' }, noRead)) }, 'explicit-deny'],
]);

describe('evaluate', () => {
  it('names the statement that decided', () => {
    const policies = id(write, { ...read, Sid: 'First' }, { ...read, Sid: 'Second' });
    expect(evaluate({ ...bare, identityPolicies: policies })).toEqual({
      outcome: 'allow',
      allowed: true,
      subject: { caller: session.arn, action: 's3:GetObject', resource: object },
      by: [{ type: 'identity', source: 'identity', index: 1, sid: 'First', effect: 'Allow' }],
    });
  });

  it('names the policies that were asked in vain, and what allowed but was not enough', () => {
    const decision = evaluate({
      ...bare,
      ...cross,
      identityPolicies: id(read),
      resourcePolicies: bucket(to(aws(THEIRS))),
    });
    expect(decision).toMatchObject({
      outcome: 'implicit-deny',
      missing: 'resource',
      asked: ['bucket'],
      by: [{ type: 'identity', index: 0 }],
    });
  });

  it('reads one document by the rules of the place it is attached to', () => {
    const policy = { Version: '2012-10-17', Statement: [read] } as const;
    const source = { name: 'both', policy };
    expect(evaluate({ ...bare, identityPolicies: [source] }).allowed).toBe(true);
    // As a resource policy it names nobody.
    expect(evaluate({ ...bare, resourcePolicies: [source] }).allowed).toBe(false);
    expect(evaluate({ ...bare, identityPolicies: [source] }).allowed).toBe(true);
  });
});
