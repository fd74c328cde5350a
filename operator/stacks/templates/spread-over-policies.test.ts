import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, nonWhiteLength } from '../../policy/size.ts';
import type { Statement } from '../../policy/document.ts';
import {
  environmentProps,
  producerId,
  startDeployScene,
  tagsOf,
  teamProps,
  type DeployScene,
} from '../testing/stack-test-env.ts';
import { mostPolicies, spreadOverPolicies } from './spread-over-policies.ts';
import type { OwnedData, TeamStackProps } from '../stack-props.ts';
import { teamRoleStatements } from './team-role-statements.ts';

const region = 'eu-west-1';
const owned = (count: number): OwnedData => {
  const ids = Array.from({ length: count }, (_, index) => String(index).padStart(8, '0'));
  return {
    buckets: ids.map((id) => `dataall-orders-${id}`),
    keyArns: ids.map((id) => `arn:aws:kms:${region}:${producerId}:key/11111111-2222-3333-4444-0000${id}`),
    databases: ids.map((id) => `dataall_orders_${id}`),
  };
};
const { roleName } = teamProps.team;
const team = (data: OwnedData): TeamStackProps => ({ ...teamProps, team: { ...teamProps.team, owned: data } });
const statementsFor = (count: number): readonly Statement[] => {
  const { team: group, ...place } = team(owned(count));
  return teamRoleStatements({ ...place, roleArn: `arn:aws:iam::${producerId}:role/${roleName}` }, group);
};
const rightsIn = (statements: readonly Statement[]): readonly string[] =>
  statements
    .flatMap(({ Sid, Action, Resource, Condition }) =>
      [Resource ?? []].flat().map((resource) => JSON.stringify([Sid, Action, resource, Condition])),
    )
    .toSorted();

describe('statements spread over policies', () => {
  it.each([1, 20, 41, 42, 60, 110, 500])(
    'give what %i datasets need, all of it and nothing else, each policy within its size',
    (count) => {
      const statements = statementsFor(count);
      const policies = spreadOverPolicies(statements);
      for (const Statement of policies)
        expect(nonWhiteLength(JSON.stringify({ Version: '2012-10-17', Statement }))).toBeLessThanOrEqual(
          LIMITS.managed.limit,
        );
      expect(rightsIn(policies.flat())).toEqual(rightsIn(statements));
      for (const policy of policies) expect(new Set(policy.map(({ Sid }) => Sid)).size).toBe(policy.length);
    },
  );

  it('leave no policy half empty for the length of a list', () => {
    const policies = spreadOverPolicies(statementsFor(110));
    expect(policies.length).toBeLessThanOrEqual(mostPolicies.team);
  });
});

describe('the stack of a group with more data than one policy names', () => {
  let scene: DeployScene;
  beforeAll(async () => {
    scene = await startDeployScene();
  }, 60_000);
  afterAll(() => scene.stop());

  it('is deployed with it, and loses what went to another owner', async () => {
    const tags = tagsOf('Team', 'team0001');
    const secret = owned(1);
    const many = { ...owned(110) };
    const first = await scene.untilSettled(await scene.desired('team', team(many), tags));
    expect(first).toMatchObject({ state: 'Deployed', message: '' });
    const without = { ...many, buckets: many.buckets.filter((name) => !secret.buckets.includes(name)) };
    const second = await scene.untilSettled(await scene.desired('team', team(without), tags), first.status);
    expect(second).toMatchObject({ state: 'Deployed', message: '' });
    const attached = (await scene.producer.iam.attachedPolicies(`arn:aws:iam::${producerId}:role/${roleName}`)) ?? [];
    const documents = await Promise.all(attached.map(async (arn) => documentOf(arn)));
    expect(documents.join('\n')).toContain('dataall-orders-00000109');
    expect(documents.join('\n')).not.toContain('dataall-orders-00000000');
  }, 60_000);

  it('is that of an environment with all the policies it may have', async () => {
    const { pivotRole } = environmentProps;
    if (pivotRole.mode !== 'Managed') throw new Error('the pivot role is managed');
    const namedBuckets = owned(60).buckets.map((name) => `${name}-${'n'.repeat(30)}`);
    const props = {
      ...environmentProps,
      owner: { ...environmentProps.owner, owned: owned(40) },
      pivotRole: { ...pivotRole, imported: { ...pivotRole.imported, namedBuckets } },
    };
    const tags = { ...tagsOf('Environment', 'env00001'), Team: environmentProps.owner.group };
    const progress = await scene.untilSettled(await scene.desired('environment', props, tags));
    expect(progress).toMatchObject({ state: 'Deployed', message: '' });
  }, 60_000);

  const documentOf = async (PolicyArn: string): Promise<string> => {
    const { Policy } = (await scene.administer('producer', 'iam', 'GetPolicy', { PolicyArn })) as {
      Policy: { DefaultVersionId: string };
    };
    const { PolicyVersion } = (await scene.administer('producer', 'iam', 'GetPolicyVersion', {
      PolicyArn,
      VersionId: Policy.DefaultVersionId,
    })) as { PolicyVersion: { Document: string } };
    return decodeURIComponent(PolicyVersion.Document);
  };
});
