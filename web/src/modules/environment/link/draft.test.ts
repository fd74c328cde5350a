// What the form sends by which an account is linked.

import { expect, it } from 'vitest';
import { bootstrapCommand, linkInputOf, newLinkDraft, whoLinks, wrongLinkFields } from './draft.ts';

const draft = { ...newLinkDraft('sales', 'acme'), label: 'Lake', account: '2222-2222-2222', region: 'eu-west-1' };

it('An account is taken as the console writes it, and has 12 digits', () => {
  expect(wrongLinkFields(draft)).toEqual(new Set());
  expect(linkInputOf(draft)).toMatchObject({ AwsAccountId: '222222222222' });
  expect(wrongLinkFields({ ...draft, account: '2222' })).toEqual(new Set(['account']));
  expect(wrongLinkFields(newLinkDraft('', ''))).toEqual(
    new Set(['label', 'organizationUri', 'account', 'region', 'owner']),
  );
});

it('The external id is asked for once everything is given that it depends on', () => {
  const who = { organizationUri: 'acme', AwsAccountId: '222222222222', region: 'eu-west-1', SamlGroupName: 'sales' };
  expect(whoLinks(draft)).toEqual(who);
  expect(whoLinks({ ...draft, region: 'eu-west' })).toBeUndefined();
  expect(whoLinks({ ...draft, account: '2222' })).toBeUndefined();
  expect(whoLinks({ ...draft, owner: '' })).toBeUndefined();
});

it('What is left empty is not sent', () => {
  expect(linkInputOf({ ...draft, prefix: ' lake ' })).toMatchObject({ resourcePrefix: 'lake' });
  for (const field of ['resourcePrefix', 'EnvironmentDefaultIAMRoleArn', 'PermissionsBoundaryPolicyArn'])
    expect(linkInputOf(draft)).not.toHaveProperty(field);
});

it('The command that bootstraps an account names the policy of its partition', () => {
  const command = bootstrapCommand({ AwsAccountId: '222222222222', region: 'eu-west-1' }, '111111111111');
  expect(command).toBe(
    'npx aws-cdk@2 bootstrap --trust 111111111111 --cloudformation-execution-policies arn:aws:iam::aws:policy/AdministratorAccess aws://222222222222/eu-west-1',
  );
  expect(bootstrapCommand({ AwsAccountId: '222222222222', region: 'cn-north-1' }, '111111111111')).toContain(
    'arn:aws-cn:',
  );
});
