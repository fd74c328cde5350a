// What a member of a team would try to have more than the team: each attempt as the team's role, in an account that says no.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetProps,
  environmentProps,
  producerId,
  startDeployScene,
  tagsOf,
  teamProps,
  type DeployScene,
} from '../testing/stack-test-env.ts';
import { teamRoleStatements } from './team-role-statements.ts';

const { group, roleName } = teamProps.team;
const Tags = [{ Key: 'Team', Value: group }];
const denied = { code: expect.stringMatching(/^AccessDenied/) as string };

let scene: DeployScene;
beforeAll(async () => {
  scene = await startDeployScene();
  const environment = await scene.desired('environment', environmentProps, {
    ...tagsOf('Environment', 'env00001'),
    Team: environmentProps.owner.group,
  });
  expect((await scene.untilSettled(environment)).message).toBe('');
  const team = await scene.desired('team', teamProps, tagsOf('Team', 'team0001'));
  expect((await scene.untilSettled(team)).message).toBe('');
}, 60_000);
afterAll(() => scene.stop());

const asRole =
  (name: string) =>
  async (service: string, operation: string, input: object): Promise<unknown> =>
    await scene.asRole(name, 'mallory')(service, operation, input);
const asTeam = asRole(roleName);
const asOwner = asRole(environmentProps.owner.roleName ?? '');
const asAdministrator = (service: string, operation: string, input: object): Promise<unknown> =>
  scene.administer('producer', service, operation, input);

/** A stack that would make its maker administrator. */
const evil = {
  Capabilities: ['CAPABILITY_NAMED_IAM'],
  TemplateBody: JSON.stringify({
    Resources: {
      Evil: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'evil-admin',
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
    },
  }),
};

const status = async (stack: string): Promise<string | undefined> =>
  (await scene.deploy.cloudFormation.stack(stack))?.status;

describe('a team role', () => {
  it('changes and deletes no stack of the operator, whose role may do anything', async () => {
    for (const [attack, stack] of [
      [asTeam, teamProps.stackName],
      [asOwner, environmentProps.stackName],
    ] as const) {
      const before = await status(stack);
      await expect(attack('cloudformation', 'UpdateStack', { ...evil, StackName: stack })).rejects.toMatchObject(
        denied,
      );
      await expect(attack('cloudformation', 'DeleteStack', { StackName: stack })).rejects.toMatchObject(denied);
      expect(await status(stack)).toBe(before);
    }
    expect(await scene.producer.iam.role('evil-admin')).toBeUndefined();
  });

  it('works with stacks of its own, with its own rights', async () => {
    const StackName = 'dataall-own';
    await asTeam('cloudformation', 'CreateStack', { ...evil, StackName, Tags });
    await expect.poll(() => status(StackName)).toBe('ROLLBACK_COMPLETE');
    expect(await scene.producer.iam.role('evil-admin')).toBeUndefined();
    await asTeam('cloudformation', 'DeleteStack', { StackName });
    await expect.poll(() => status(StackName)).toBeUndefined();
  });

  it('makes no stack that passes for one of the operator', async () => {
    const desired = await scene.desired(
      'dataset',
      { ...datasetProps, stackName: 'dataall-mine-data0009' },
      tagsOf('Dataset', 'data0009'),
    );
    const spoof = {
      StackName: desired.name,
      TemplateBody: JSON.stringify({
        Resources: {
          Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x', Type: 'String', Value: 'x' } },
        },
        Outputs: { TemplateHash: { Value: desired.template.hash }, BucketName: { Value: 'finance-secret' } },
      }),
      Tags: Object.entries(desired.tags).map(([Key, Value]) => ({ Key, Value })),
    };
    await expect(asTeam('cloudformation', 'CreateStack', spoof)).rejects.toMatchObject(denied);
    // Nor is it taken for ours when another's rights made it, without the role that only administrators and we may pass.
    await asAdministrator('cloudformation', 'CreateStack', spoof);
    await expect.poll(() => status(desired.name)).toBe('CREATE_COMPLETE');
    expect(await scene.untilSettled(desired)).toMatchObject({ state: 'Failed' });
    expect(await scene.deployer.locate(scene.deploy.cloudFormation, desired.tags)).toBeUndefined();
    expect(await scene.untilRemoved(desired)).toMatchObject({ state: 'Deleted' });
    expect(await status(desired.name)).toBe('CREATE_COMPLETE');
  });

  it("takes no other team's secret or parameter by its own tag", async () => {
    const theirs = [{ Key: 'Team', Value: 'Other' }];
    await asAdministrator('secretsmanager', 'CreateSecret', { Name: 'dataall-other', SecretString: 'x', Tags: theirs });
    await asAdministrator('ssm', 'PutParameter', {
      Name: '/dataall-x/other',
      Value: 'x',
      Type: 'String',
      Tags: theirs,
    });
    await expect(asTeam('secretsmanager', 'TagResource', { SecretId: 'dataall-other', Tags })).rejects.toMatchObject(
      denied,
    );
    await expect(asTeam('secretsmanager', 'GetSecretValue', { SecretId: 'dataall-other' })).rejects.toMatchObject(
      denied,
    );
    const tag = { ResourceType: 'Parameter', ResourceId: '/dataall-x/other', Tags };
    await expect(asTeam('ssm', 'AddTagsToResource', tag)).rejects.toMatchObject(denied);
    // Its own it may tag further.
    await asTeam('secretsmanager', 'CreateSecret', { Name: 'dataall-own', SecretString: 'x', Tags });
    await asTeam('secretsmanager', 'TagResource', {
      SecretId: 'dataall-own',
      Tags: [...Tags, { Key: 'Cost', Value: '1' }],
    });
    await asTeam('ssm', 'PutParameter', { Name: '/dataall-x/own', Value: 'x', Type: 'String', Tags });
    await asTeam('ssm', 'GetParameter', { Name: '/dataall-x/own' });
  });

  it("does not speak for the account: the account's consent is out of its reach", async () => {
    const parameter = { Name: '/dataall/test/consent', Type: 'String' };
    await asAdministrator('ssm', 'PutParameter', { ...parameter, Value: 'org-a' });
    const tag = { ResourceType: 'Parameter', ResourceId: parameter.Name, Tags };
    await expect(asTeam('ssm', 'AddTagsToResource', tag)).rejects.toMatchObject(denied);
    const overwrite = { ...parameter, Value: 'org-b', Overwrite: true };
    await expect(asTeam('ssm', 'PutParameter', overwrite)).rejects.toMatchObject(denied);
    expect((await scene.producer.ssm.parameter(parameter.Name))?.value).toBe('org-a');
  });

  it('reads only logs that carry its tag', () => {
    const place = { ...teamProps, roleArn: `arn:aws:iam::${producerId}:role/${roleName}` };
    const logs = teamRoleStatements(place, teamProps.team).filter(({ Action }) =>
      JSON.stringify(Action).includes('logs:Get'),
    );
    expect(logs.map(({ Condition }) => Condition)).toEqual([{ StringEquals: { 'aws:ResourceTag/Team': group } }]);
  });
});

describe('the pivot role', () => {
  it('is entered by no service, so that passing it to one gives nobody its rights', async () => {
    const trust = JSON.parse((await scene.producer.iam.role('dataallPivotRole-cdk'))?.trust ?? '{}') as {
      Statement: { Principal: object }[];
    };
    expect(trust.Statement.map(({ Principal }) => Object.keys(Principal))).toEqual([['AWS']]);
  });
});
