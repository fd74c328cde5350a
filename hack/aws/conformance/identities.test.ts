// IAM and STS as AWS documents them: who may become whom, what policies hold, what is refused.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import type { Snapshot, TrailEvent } from '../core/world.ts';
import { organizationState } from '../services/iam/directory.ts';
import { actor, allow, answerTo, CONSUMER, deny, makeRole, policy, PRODUCER, sessionOf, type Actor } from './cast.ts';

const HUB = '111111111111';
const PIVOT = `arn:aws:iam::${PRODUCER}:role/pivot`;

let aws: SimulatedAws;
let hub: Actor;
let producer: Actor;
let consumer: Actor;
let start: Snapshot;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  hub = actor(aws, 'hub');
  producer = actor(aws, 'producer');
  consumer = actor(aws, 'consumer');
  start = aws.world.snapshot();
});
beforeEach(() => aws.world.restore(start));
afterAll(async () => aws.stop());

const trust = (Principal: object, more: object = {}): string =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });

const pivot = (AssumeRolePolicyDocument: string) =>
  producer.iam.createRole({ RoleName: 'pivot', AssumeRolePolicyDocument });

const assume = (who: Actor, more: object = {}) =>
  answerTo(who.sts.assumeRole({ RoleArn: PIVOT, RoleSessionName: 'test', ...more }));

describe('assuming roles', () => {
  it('needs the external id that the trust policy asks for', async () => {
    await pivot(trust({ AWS: HUB }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }));
    expect([
      await assume(hub),
      await assume(hub, { ExternalId: 'guess' }),
      await assume(hub, { ExternalId: 'secret' }),
    ]).toEqual(['AccessDenied', 'AccessDenied', 'ok']);
  });

  it('needs the right on the side of the caller', async () => {
    await pivot(trust({ AWS: HUB }));
    const role = await makeRole(hub, HUB, 'operator');
    const operator = actor(aws, await sessionOf(hub, role));
    expect(await assume(operator)).toBe('AccessDenied');
    await hub.iam.putRolePolicy({
      RoleName: 'operator',
      PolicyName: 'assume',
      PolicyDocument: policy(allow('sts:AssumeRole', PIVOT)),
    });
    expect(await assume(operator)).toBe('ok');
  });

  it('is refused like a role that does not trust when the role does not exist', async () => {
    expect(await assume(hub)).toBe('AccessDenied');
  });

  it('needs separate rights for tags and source identity', async () => {
    await pivot(trust({ AWS: HUB }));
    expect(await assume(hub, { Tags: [{ Key: 'team', Value: 'a' }] })).toBe('AccessDenied');
    expect(await assume(hub, { SourceIdentity: 'me' })).toBe('AccessDenied');
    const more = { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] };
    await producer.iam.updateAssumeRolePolicy({ RoleName: 'pivot', PolicyDocument: trust({ AWS: HUB }, more) });
    expect(await assume(hub, { Tags: [{ Key: 'team', Value: 'a' }], SourceIdentity: 'me' })).toBe('ok');
  });

  it('lasts an hour at most when a session makes a session', async () => {
    await pivot(trust({ AWS: HUB }));
    await producer.iam.updateRole({ RoleName: 'pivot', MaxSessionDuration: 7200 });
    expect(await assume(hub, { DurationSeconds: 7200 })).toBe('ok');
    const role = await makeRole(hub, HUB, 'operator', allow('sts:AssumeRole', '*'));
    const operator = actor(aws, await sessionOf(hub, role));
    expect(await assume(operator, { DurationSeconds: 7200 })).toBe('ValidationError');
    expect(await assume(operator, { DurationSeconds: 3600 })).toBe('ok');
    expect(await assume(hub, { DurationSeconds: 60 })).toBe('ValidationError');
  });

  it('gives no more than the session policy', async () => {
    const role = await makeRole(producer, PRODUCER, 'worker', allow('iam:*', '*'));
    const limited = actor(aws, await sessionOf(producer, role, { Policy: policy(allow('iam:ListRoles', '*')) }));
    expect([await answerTo(limited.iam.listRoles({})), await answerTo(limited.iam.listUsers({}))]).toEqual([
      'ok',
      'AccessDenied',
    ]);
  });

  it('ends when its time is over, and when the role is gone', async () => {
    const role = await makeRole(producer, PRODUCER, 'worker', allow('iam:ListRoles', '*'));
    const worker = actor(aws, await sessionOf(producer, role));
    expect(await answerTo(worker.iam.listRoles({}))).toBe('ok');
    await producer.iam.deleteRolePolicy({ RoleName: 'worker', PolicyName: 'rights' });
    await producer.iam.deleteRole({ RoleName: 'worker' });
    await makeRole(producer, PRODUCER, 'worker', allow('iam:ListRoles', '*'));
    expect(await answerTo(worker.iam.listRoles({}))).toBe('AccessDenied');
    const fresh = actor(aws, await sessionOf(producer, role));
    expect(await answerTo(fresh.iam.listRoles({}))).toBe('ok');
    aws.world.clock.advance(3_600_001);
    expect(await answerTo(fresh.iam.listRoles({}))).toBe('ExpiredToken');
  });
});

describe('roles and policies', () => {
  const document = policy(allow('s3:GetObject', '*'));

  it('refuses trust in nobody, and shows the id of one who is gone', async () => {
    const nobody = trust({ AWS: `arn:aws:iam::${CONSUMER}:role/nobody` });
    expect(await answerTo(pivot(nobody))).toBe('MalformedPolicyDocumentException');
    const friend = await makeRole(consumer, CONSUMER, 'friend');
    await pivot(trust({ AWS: friend }));
    const { Role } = await consumer.iam.getRole({ RoleName: 'friend' });
    await consumer.iam.deleteRole({ RoleName: 'friend' });
    const shown = await producer.iam.getRole({ RoleName: 'pivot' });
    const text = decodeURIComponent(shown.Role?.AssumeRolePolicyDocument ?? '');
    expect([text.includes(Role?.RoleId ?? '?'), text.includes('role/friend')]).toEqual([true, false]);
  });

  it.each([
    ['no JSON', '{'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['a principal', policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' })],
    ['an action without service', policy({ Effect: 'Allow', Action: 'GetObject', Resource: '*' })],
    ['a resource that is no ARN', policy({ Effect: 'Allow', Action: 's3:*', Resource: 'bucket' })],
    [
      'an unknown condition operator',
      policy({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { Same: { a: 'b' } } }),
    ],
    ['the same Sid twice', policy({ ...allow('s3:*', '*'), Sid: 'A' }, { ...allow('s3:*', '*'), Sid: 'A' })],
  ])('refuses a policy with %s', async (_, PolicyDocument) => {
    expect(await answerTo(producer.iam.createPolicy({ PolicyName: 'p', PolicyDocument }))).toBe(
      'MalformedPolicyDocumentException',
    );
  });

  it('keeps at most five versions, and counts on after a deletion', async () => {
    const { Policy } = await producer.iam.createPolicy({ PolicyName: 'p', PolicyDocument: document });
    const PolicyArn = Policy?.Arn ?? '';
    const add = () => producer.iam.createPolicyVersion({ PolicyArn, PolicyDocument: document, SetAsDefault: true });
    for (let i = 0; i < 4; i += 1) await add();
    expect(await answerTo(add())).toBe('LimitExceededException');
    expect(await answerTo(producer.iam.deletePolicyVersion({ PolicyArn, VersionId: 'v5' }))).toBe(
      'DeleteConflictException',
    );
    await producer.iam.deletePolicyVersion({ PolicyArn, VersionId: 'v1' });
    expect((await add()).PolicyVersion?.VersionId).toBe('v6');
  });

  it('decides by the default version', async () => {
    const { Policy } = await producer.iam.createPolicy({
      PolicyName: 'p',
      PolicyDocument: policy(allow('iam:ListRoles', '*')),
    });
    const PolicyArn = Policy?.Arn ?? '';
    const role = await makeRole(producer, PRODUCER, 'worker');
    await producer.iam.attachRolePolicy({ RoleName: 'worker', PolicyArn });
    const worker = actor(aws, await sessionOf(producer, role));
    expect(await answerTo(worker.iam.listRoles({}))).toBe('ok');
    await producer.iam.createPolicyVersion({
      PolicyArn,
      PolicyDocument: policy(allow('iam:ListUsers', '*')),
      SetAsDefault: true,
    });
    expect(await answerTo(worker.iam.listRoles({}))).toBe('AccessDenied');
    await producer.iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v1' });
    expect(await answerTo(worker.iam.listRoles({}))).toBe('ok');
  });

  it('does not delete what is in use', async () => {
    const { Policy } = await producer.iam.createPolicy({ PolicyName: 'p', PolicyDocument: document });
    const PolicyArn = Policy?.Arn ?? '';
    await makeRole(producer, PRODUCER, 'worker');
    await producer.iam.attachRolePolicy({ RoleName: 'worker', PolicyArn });
    expect(await answerTo(producer.iam.deletePolicy({ PolicyArn }))).toBe('DeleteConflictException');
    expect(await answerTo(producer.iam.deleteRole({ RoleName: 'worker' }))).toBe('DeleteConflictException');
    await producer.iam.detachRolePolicy({ RoleName: 'worker', PolicyArn });
    expect(await answerTo(producer.iam.deletePolicy({ PolicyArn }))).toBe('ok');
    expect(await answerTo(producer.iam.deleteRole({ RoleName: 'worker' }))).toBe('ok');
  });

  it('attaches at most ten managed policies to a role', async () => {
    await makeRole(producer, PRODUCER, 'worker');
    const attach = async (n: number) => {
      const { Policy } = await producer.iam.createPolicy({ PolicyName: `p${n}`, PolicyDocument: document });
      return answerTo(producer.iam.attachRolePolicy({ RoleName: 'worker', PolicyArn: Policy?.Arn ?? '' }));
    };
    for (let n = 0; n < 10; n += 1) expect(await attach(n)).toBe('ok');
    expect(await attach(10)).toBe('LimitExceededException');
  });

  it('lets a condition on iam:PolicyARN say which policies may be attached', async () => {
    const prefix = `arn:aws:iam::${PRODUCER}:policy/dataall-`;
    const role = await makeRole(
      producer,
      PRODUCER,
      'worker',
      allow('iam:AttachRolePolicy', '*', { Condition: { ArnLike: { 'iam:PolicyARN': `${prefix}*` } } }),
    );
    await makeRole(producer, PRODUCER, 'target');
    await producer.iam.createPolicy({ PolicyName: 'dataall-share', PolicyDocument: document });
    const worker = actor(aws, await sessionOf(producer, role));
    const attach = (PolicyArn: string) => answerTo(worker.iam.attachRolePolicy({ RoleName: 'target', PolicyArn }));
    expect([await attach(`${prefix}share`), await attach('arn:aws:iam::aws:policy/AdministratorAccess')]).toEqual([
      'ok',
      'AccessDenied',
    ]);
    expect(
      await answerTo(worker.iam.putRolePolicy({ RoleName: 'target', PolicyName: 'p', PolicyDocument: document })),
    ).toBe('AccessDenied');
  });

  it('keeps to the permissions boundary and to service control policies', async () => {
    await producer.iam.createPolicy({ PolicyName: 'boundary', PolicyDocument: policy(allow('iam:ListRoles', '*')) });
    const role = await makeRole(producer, PRODUCER, 'worker', allow('iam:*', '*'));
    await producer.iam.putRolePermissionsBoundary({
      RoleName: 'worker',
      PermissionsBoundary: `arn:aws:iam::${PRODUCER}:policy/boundary`,
    });
    const worker = actor(aws, await sessionOf(producer, role));
    expect([await answerTo(worker.iam.listRoles({})), await answerTo(worker.iam.listUsers({}))]).toEqual([
      'ok',
      'AccessDenied',
    ]);
    const everythingBut = JSON.parse(policy(allow('*', '*'), deny('iam:ListRoles', '*')));
    organizationState(aws.world, PRODUCER).serviceControlPolicies = [[everythingBut]];
    expect(await answerTo(worker.iam.listRoles({}))).toBe('AccessDenied');
    expect(await answerTo(producer.iam.listRoles({}))).toBe('AccessDenied');
    expect(await answerTo(consumer.iam.listRoles({}))).toBe('ok');
  });

  it('tells everything about an account in pages', async () => {
    for (let n = 0; n < 5; n += 1) await makeRole(producer, PRODUCER, `role${n}`, allow('s3:Get*', '*'));
    await producer.iam.createPolicy({ PolicyName: 'p', PolicyDocument: document });
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await producer.iam.getAccountAuthorizationDetails({
        MaxItems: 3,
        ...(Marker === undefined ? {} : { Marker }),
      });
      found.push(...(page.UserDetailList ?? []).map(({ UserName }) => UserName ?? ''));
      found.push(...(page.RoleDetailList ?? []).map(({ RoleName }) => RoleName ?? ''));
      found.push(...(page.Policies ?? []).map(({ PolicyName }) => PolicyName ?? ''));
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(found).toEqual(['administrator', 'role0', 'role1', 'role2', 'role3', 'role4', 'p']);
  });
});

describe('what is written down', () => {
  it('logs each call with its outcome and the reason of a denial', async () => {
    const role = await makeRole(producer, PRODUCER, 'worker', deny('iam:ListRoles', '*'));
    const worker = actor(aws, await sessionOf(producer, role));
    await answerTo(worker.iam.listRoles({}));
    const last = aws.world.log.at(-1);
    expect(last).toMatchObject({
      service: 'iam',
      operation: 'ListRoles',
      outcome: 'denied',
      account: PRODUCER,
      access: 'read',
    });
    expect(last?.reason).toContain('inline policy rights of worker');
  });

  it('records management events for writes, failed ones too, in CloudTrail form', async () => {
    const events: TrailEvent[] = [];
    aws.world.onTrail((event) => events.push(event));
    await producer.iam.createPolicy({
      PolicyName: 'p',
      PolicyDocument: policy(allow('s3:GetObject', '*')),
      Tags: [{ Key: 'Team', Value: 'a' }],
    });
    await answerTo(producer.iam.deleteRole({ RoleName: 'nobody' }));
    await producer.iam.listRoles({});
    expect(events.map(({ eventName, errorCode }) => [eventName, errorCode])).toEqual([
      ['CreatePolicy', undefined],
      ['DeleteRole', 'NoSuchEntityException'],
    ]);
    expect(events[0]).toMatchObject({
      eventSource: 'iam.amazonaws.com',
      awsRegion: 'us-east-1',
      recipientAccountId: PRODUCER,
      userIdentity: { type: 'IAMUser', userName: 'administrator' },
      requestParameters: { policyName: 'p', tags: [{ key: 'Team', value: 'a' }] },
    });
  });

  it('says loudly what it cannot do', async () => {
    const answer: unknown = await producer.iam
      .createSAMLProvider({ Name: 'x', SAMLMetadataDocument: 'y' })
      .catch((error: unknown) => error);
    expect(answer).toMatchObject({
      name: 'NotImplemented',
      message: 'the AWS simulator does not implement iam:CreateSAMLProvider',
    });
  });
});
