import { describe, expect, it } from 'vitest';
import { readConfig } from '../../config.ts';
import { featuresWith } from '../../features/testing/features-with.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import type { Environment } from '../../resources/environment.ts';
import { externalIdOf, installationKey, linkCommand, pivotRoleNameOf } from './account-link.ts';

const config = readConfig({ aws: { hub: { accountId: '111111111111', region: 'eu-west-1' } } });

const environment = (pivotRole: Environment['spec']['pivotRole']): Environment =>
  ({
    spec: { account: { id: '222222222222', region: 'eu-west-1' }, resourcePrefix: 'dataall', pivotRole },
  }) as Environment;

const operator = {
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/dataall-operator/pod',
  userId: 'AROAX:pod',
};

describe('the name of the pivot role', () => {
  const regional = featuresWith({ core: { features: { cdk_pivot_role_multiple_environments_same_account: true } } });
  const configured = readConfig({ aws: { hub: { accountId: '111111111111', region: 'eu-west-1' } } }, regional);
  const named = (pivotRole: Environment['spec']['pivotRole'], arn?: string) => {
    const linked = { ...environment(pivotRole), ...(arn !== undefined && { status: { pivotRole: { arn } } }) };
    return [config, configured].map((each) => pivotRoleNameOf(each, linked));
  };

  it('has the region where config.json says so, if a stack makes the role and nobody names it', () => {
    expect(named({ mode: 'Managed' })).toEqual(['dataallPivotRole-cdk', 'dataallPivotRole-cdk-eu-west-1']);
    expect(named({ mode: 'Existing' })).toEqual(['dataallPivotRole', 'dataallPivotRole']);
    expect(named({ mode: 'Managed', name: 'mine' })).toEqual(['mine', 'mine']);
  });

  it('stays while the role is in force, whichever way config.json is changed', () => {
    for (const name of ['dataallPivotRole-cdk', 'dataallPivotRole-cdk-eu-west-1'])
      expect(named({ mode: 'Managed' }, `arn:aws:iam::222222222222:role/${name}`)).toEqual([name, name]);
  });

  it('is another once a stack is to make a role in place of one that was brought along', () => {
    expect(named({ mode: 'Managed' }, 'arn:aws:iam::222222222222:role/dataallPivotRole')).toEqual([
      'dataallPivotRole-cdk',
      'dataallPivotRole-cdk-eu-west-1',
    ]);
  });
});

describe('the external id', () => {
  it('differs by organization, owner, account and installation, and stays the same for the same', () => {
    const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const guest = { organizationId: 'orgacme1', owner: 'sales', accountId: '222222222222' };
    const ids = [
      externalIdOf(key, guest),
      externalIdOf(key, { ...guest, organizationId: 'orgother' }),
      externalIdOf(key, { ...guest, owner: 'mallory' }),
      externalIdOf(key, { ...guest, accountId: '333333333333' }),
      externalIdOf(other, guest),
    ];
    expect(new Set(ids).size).toBe(5);
    expect(externalIdOf(key, { ...guest })).toBe(ids[0]);
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 2 to 1,224 of [\w+=,.@:/-]
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });

  it('comes from a key that is made once, whoever asks at the same time', async () => {
    const api = new MemoryKubeApi();
    const [one, two] = await Promise.all([
      installationKey(api, 'dataall-system'),
      installationKey(api, 'dataall-system'),
    ]);
    expect(one).toHaveLength(32);
    expect(two).toEqual(one);
    expect(await installationKey(api, 'dataall-system')).toEqual(one);
  });
});

describe('the link command', () => {
  it('bootstraps and writes the consent where the stack makes the pivot role', () => {
    expect(linkCommand(config, environment({ mode: 'Managed' }), 'abc', operator)).toBe(
      'npx aws-cdk@2 bootstrap --trust 111111111111 --qualifier hnb659fds --cloudformation-execution-policies arn:aws:iam::aws:policy/AdministratorAccess aws://222222222222/eu-west-1' +
        ' && aws ssm put-parameter --region eu-west-1 --name /dataall/dataall/consent --type String --overwrite --value abc',
    );
  });

  it('deploys the template where the account makes it', () => {
    const command = linkCommand(config, environment({ mode: 'Existing', name: 'theirs' }), 'abc', operator);
    expect(command).toContain(
      '--parameter-overrides AwsAccountId=111111111111 OperatorName=dataall-operator ExternalId=abc PivotRoleName=theirs EnvironmentResourcePrefix=dataall',
    );
    expect(command).not.toContain('put-parameter');
  });
});
