import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFault } from '../fault.ts';
import { pivotRoleName, startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts();
  await world.administer('consumer', 'iam', 'CreateRole', {
    RoleName: 'analysts',
    Path: '/teams/',
    AssumeRolePolicyDocument: trust,
    Tags: [{ Key: 'Team', Value: 'analysts' }],
  });
  await world.administer('consumer', 'iam', 'CreateUser', { UserName: 'ana' });
});
afterAll(async () => await world.stop());

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const document = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const arn = (rest: string) => `arn:aws:iam::${world.consumer.account}:${rest}`;

describe('principals', () => {
  it('are found by their whole ARN, with their unique id', async () => {
    const { iam } = world.consumer;
    const role = await iam.principal(arn('role/teams/analysts'));
    expect(role).toMatchObject({ kind: 'Role', name: 'analysts', arn: arn('role/teams/analysts') });
    expect(role?.id).toMatch(/^AROA/);
    expect((await iam.principal(arn('user/ana')))?.id).toMatch(/^AIDA/);
    expect(await iam.principal(arn('role/nobody'))).toBeUndefined();
    expect(await iam.principal(arn('role/analysts'))).toBeUndefined();
    await expect(iam.principal(arn('group/x'))).rejects.toThrow('not the ARN of an IAM role or user');
  });

  it('have another id once made again', async () => {
    const { iam } = world.consumer;
    await world.administer('consumer', 'iam', 'CreateRole', { RoleName: 'again', AssumeRolePolicyDocument: trust });
    const before = await iam.principal(arn('role/again'));
    await world.administer('consumer', 'iam', 'DeleteRole', { RoleName: 'again' });
    await world.administer('consumer', 'iam', 'CreateRole', { RoleName: 'again', AssumeRolePolicyDocument: trust });
    expect((await iam.principal(arn('role/again')))?.id).not.toBe(before?.id);
  });

  it('show trust and tags', async () => {
    const role = await world.consumer.iam.role('analysts');
    expect(JSON.parse(role?.trust ?? '')).toEqual(JSON.parse(trust));
    expect(role?.tags).toEqual({ Team: 'analysts' });
    expect(await world.consumer.iam.role('nobody')).toBeUndefined();
  });
});

describe('managed policies', () => {
  it('are made, changed again and again, and deleted with all their versions', async () => {
    const { iam } = world.consumer;
    const policyArn = await iam.createPolicy({
      name: 'share-0',
      document: document('s3:Get0'),
      tags: { dataall: 'True' },
    });
    await expect(iam.createPolicy({ name: 'share-0', document: document('s3:Get0') })).rejects.toSatisfy((error) =>
      isFault(error, 'AlreadyExists'),
    );
    for (let version = 1; version <= 12; version += 1) await iam.updatePolicy(policyArn, document(`s3:Get${version}`));
    const policy = await iam.policy(policyArn);
    expect(policy).toMatchObject({ arn: policyArn, name: 'share-0', version: 'v13', attachments: 0 });
    expect(JSON.parse(policy?.document ?? '')).toEqual(JSON.parse(document('s3:Get12')));
    await iam.deletePolicy(policyArn);
    expect(await iam.policy(policyArn)).toBeUndefined();
    await iam.deletePolicy(policyArn);
  });

  it('that are too large are over quota, and the versions that exist stay', async () => {
    const { iam } = world.consumer;
    const policyArn = await iam.createPolicy({ name: 'large', document: document('s3:Get') });
    await iam.updatePolicy(policyArn, document('s3:Put'));
    await expect(iam.updatePolicy(policyArn, document('s3:'.padEnd(7000, 'x')))).rejects.toSatisfy((error) =>
      isFault(error, 'QuotaExceeded'),
    );
    expect((await iam.policy(policyArn))?.version).toBe('v2');
    await iam.deletePolicy(policyArn);
  });

  it('are found by their names, by one call or, where listing is denied, one by one', async () => {
    const { iam } = world.consumer;
    const made = await iam.createPolicy({ name: 'named-0', document: document('s3:Get*') });
    const names = [made, arn('policy/named-1')];
    expect(await iam.policiesNamed(names)).toEqual([made]);
    const inline = { RoleName: pivotRoleName, PolicyName: 'no-list' };
    const denial = { Effect: 'Deny', Action: 'iam:ListPolicies', Resource: '*' };
    await world.administer('consumer', 'iam', 'PutRolePolicy', {
      ...inline,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [denial] }),
    });
    expect(await iam.policiesNamed(names)).toEqual([made]);
    await world.administer('consumer', 'iam', 'DeleteRolePolicy', inline);
    await iam.deletePolicy(made);
  });

  it('are attached and detached, once or twice', async () => {
    const { iam } = world.consumer;
    const policyArn = await iam.createPolicy({ name: 'attached', document: document('s3:Get') });
    for (const principal of [arn('role/teams/analysts'), arn('user/ana')]) {
      expect(await iam.attachedPolicies(principal)).toEqual([]);
      await iam.attachPolicy(principal, policyArn);
      await iam.attachPolicy(principal, policyArn);
      expect(await iam.attachedPolicies(principal)).toEqual([policyArn]);
    }
    await expect(iam.deletePolicy(policyArn)).rejects.toSatisfy((error) => isFault(error, 'Conflict'));
    for (const principal of [arn('role/teams/analysts'), arn('user/ana')]) {
      expect(await iam.detachPolicy(principal, policyArn)).toBe(true);
      expect(await iam.detachPolicy(principal, policyArn)).toBe(false);
    }
    await iam.deletePolicy(policyArn);
    expect(await iam.policy(policyArn)).toBeUndefined();
    expect(await iam.attachedPolicies(arn('role/nobody'))).toBeUndefined();
    expect(await iam.detachPolicy(arn('role/nobody'), policyArn)).toBe(false);
  });
});
