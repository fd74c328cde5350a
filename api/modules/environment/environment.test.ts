// Environments through GraphQL: what is answered, what is written as an Environment, who is refused.

import { describe, expect, it } from 'vitest';
import { environmentKind } from '../../../operator/resources/environment.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { SALES_PROD, SALES_SPEC, salesScene } from '../../../test/support/environment-people.ts';
import { environment } from '../../../test/support/index-scene.ts';

const postgres = databaseServer();
const uri = 'salesprd';

const get = `query ($uri: String!) {
  getEnvironment(environmentUri: $uri) {
    environmentUri label name AwsAccountId region SamlGroupName admins resourcePrefix validated roleCreated userRoleInEnvironment
    organization { organizationUri label name }
    EnvironmentDefaultIAMRoleArn EnvironmentDefaultIAMRoleName EnvironmentDefaultIAMRoleImported EnvironmentDefaultBucketName
    EnvironmentLogsBucketName EnvironmentDefaultAthenaWorkGroup PermissionsBoundaryPolicyArn subscriptionsEnabled
    networks { vpcUri } parameters { key } externalId linkCommand message
  }
}`;
const role = `query ($uri: String!) { getEnvironment(environmentUri: $uri) { userRoleInEnvironment } }`;
const list = `query ($filter: EnvironmentFilter) { listEnvironments(filter: $filter) { count nodes { name } } }`;
const create = `mutation ($input: NewEnvironmentInput!) {
  createEnvironment(input: $input) { environmentUri name label SamlGroupName userRoleInEnvironment organization { label } validated }
}`;
const update = `mutation ($input: ModifyEnvironmentInput!) {
  updateEnvironment(environmentUri: "${uri}", input: $input) { label description tags PermissionsBoundaryPolicyArn }
}`;
const remove = `mutation ($aws: Boolean) { deleteEnvironment(environmentUri: "${uri}", deleteFromAWS: $aws) }`;

const input = {
  label: 'Sales (test)',
  organizationUri: 'acmeacme',
  SamlGroupName: 'sales',
  AwsAccountId: '333333333333',
  region: 'eu-west-1',
};

describe('An environment', () => {
  it('is shown with what was made for it, to who is in it', async () => {
    const { sally } = await salesScene(postgres);
    expect(await sally.ask(get, { uri })).toEqual({
      getEnvironment: {
        environmentUri: uri,
        label: 'Sales',
        name: 'sales-prod',
        AwsAccountId: '111111111111',
        region: 'eu-west-1',
        SamlGroupName: 'sales',
        admins: ['sales'],
        resourcePrefix: 'dataall',
        validated: true,
        roleCreated: true,
        userRoleInEnvironment: 'Owner',
        organization: { organizationUri: 'acmeacme', label: 'ACME', name: 'acme' },
        EnvironmentDefaultIAMRoleArn: SALES_PROD.defaultRole.arn,
        EnvironmentDefaultIAMRoleName: 'dataall-sales-salesprd',
        EnvironmentDefaultIAMRoleImported: false,
        EnvironmentDefaultBucketName: 'dataall-sales-salesprd',
        EnvironmentLogsBucketName: 'dataall-env-access-logs-salesprd',
        EnvironmentDefaultAthenaWorkGroup: 'dataall-sales-salesprd',
        PermissionsBoundaryPolicyArn: null,
        subscriptionsEnabled: false,
        networks: [],
        parameters: [],
        externalId: 'e-sales',
        linkCommand: 'aws cloudformation deploy',
        message: null,
      },
    });
  });

  it('is shown to its groups, the owner of its organization and administrators, and to nobody else', async () => {
    const { sally, mary, pete, admin, finn, zoe } = await salesScene(postgres);
    const roleOf = async (person: typeof sally) => person.ask(role, { uri });
    const is = (userRoleInEnvironment: string) => ({ getEnvironment: { userRoleInEnvironment } });
    expect(await roleOf(sally)).toEqual(is('Owner'));
    expect(await roleOf(mary)).toEqual(is('Invited'));
    expect(await roleOf(pete)).toEqual(is('NotInvited'));
    expect(await roleOf(admin)).toEqual(is('NotInvited'));
    for (const person of [finn, zoe]) {
      expect(await person.refused(role, { uri })).toMatchObject({ code: 'ResourceNotFound' });
      expect(await person.ask(list)).toEqual({ listEnvironments: { count: 0, nodes: [] } });
    }
  });

  it('is found by words, roles and groups', async () => {
    const { sally, mary, put } = await salesScene(postgres);
    await put(environmentKind, { name: 'sales-test' }, { ...environment('sales'), label: '100%', catalogTags: ['eu'] });
    const found = async (filter: object, person = sally) => {
      const { listEnvironments } = await person.ask<{ listEnvironments: { nodes: { name: string }[] } }>(list, {
        filter,
      });
      return listEnvironments.nodes.map(({ name }) => name);
    };
    expect(await found({ sort: [{ field: 'name', direction: 'asc' }] })).toEqual(['sales-prod', 'sales-test']);
    expect(await found({ sort: [{ field: 'name', direction: 'desc' }], pageSize: 1, page: 2 })).toEqual(['sales-prod']);
    expect(await found({ term: '%' })).toEqual(['sales-test']);
    expect(await found({ term: 'EU' })).toHaveLength(2);
    expect(await found({ term: '1111', SamlGroupName: 'marketing' })).toEqual(['sales-prod']);
    expect(await found({ roles: ['Invited'] })).toEqual([]);
    expect(await found({ roles: ['Admin', 'Invited'] })).toHaveLength(2);
    expect(await found({ roles: ['Invited'] }, mary)).toEqual(['sales-prod']);
    expect(await found({ quicksight: true })).toEqual([]);
    expect(await found({ quicksight: false })).toHaveLength(2);
  });

  it('is valid once everything in it is made, for its groups', async () => {
    const { sally, mary, pete, put } = await salesScene(postgres);
    await put(environmentKind, { name: 'sales-test' }, environment('sales'));
    const valid = `{ listValidEnvironments { count nodes { environmentUri label region organization { label } networks { label } } } }`;
    const one = {
      environmentUri: uri,
      label: 'Sales',
      region: 'eu-west-1',
      organization: { label: 'ACME' },
      networks: [],
    };
    expect(await sally.ask(valid)).toEqual({ listValidEnvironments: { count: 1, nodes: [one] } });
    expect(await mary.ask(valid)).toEqual({ listValidEnvironments: { count: 1, nodes: [one] } });
    expect(await pete.ask(valid)).toEqual({ listValidEnvironments: { count: 0, nodes: [] } });
  });

  it('is among those of its organization, for who may see it', async () => {
    const { pete, finn } = await salesScene(postgres);
    const within = `{ getOrganization(organizationUri: "acmeacme") { environments { nodes { name } } } }`;
    const seen = (nodes: object[]) => ({ getOrganization: { environments: { nodes } } });
    expect(await pete.ask(within)).toEqual(seen([{ name: 'sales-prod' }]));
    expect(await finn.ask(within)).toEqual(seen([]));
  });

  it('has no networks, which is told to who may see it and to nobody else', async () => {
    const { mary, finn } = await salesScene(postgres);
    const networks = `{ listEnvironmentNetworks(environmentUri: "${uri}") { count nodes { vpcUri } } }`;
    expect(await mary.ask(networks)).toEqual({ listEnvironmentNetworks: { count: 0, nodes: [] } });
    expect(await finn.refused(networks)).toMatchObject({ code: 'ResourceNotFound' });
  });
});

describe('Linking an account', () => {
  it('writes an Environment with everything that was asked for, once, and shows it at once', async () => {
    const { sally, stored, api } = await salesScene(postgres);
    const more = {
      ...input,
      description: 'For trying out',
      tags: ['eu', 'eu', null],
      resourcePrefix: 'acme',
      EnvironmentDefaultIAMRoleArn: 'arn:aws:iam::333333333333:role/sales',
      PermissionsBoundaryPolicyArn: 'arn:aws:iam::333333333333:policy/bounds',
      // What clients of data.all send along, and means nothing.
      parameters: [{ key: 'notebooksEnabled', value: 'false' }],
      vpcId: '',
      subnetIds: [],
      type: 'Data',
    };
    const answer = await sally.ask<{ createEnvironment: { name: string } }>(create, { input: more });
    expect(answer).toMatchObject({
      createEnvironment: {
        label: 'Sales (test)',
        SamlGroupName: 'sales',
        userRoleInEnvironment: 'Owner',
        organization: { label: 'ACME' },
        validated: false,
      },
    });
    const { name } = answer.createEnvironment;
    expect((await stored(environmentKind, { name }))?.spec).toEqual({
      organization: 'acme',
      label: 'Sales (test)',
      description: 'For trying out',
      owner: 'sales',
      account: { id: '333333333333', region: 'eu-west-1' },
      resourcePrefix: 'acme',
      defaultRoleArn: 'arn:aws:iam::333333333333:role/sales',
      permissionsBoundaryArn: 'arn:aws:iam::333333333333:policy/bounds',
      catalogTags: ['eu'],
      deletionPolicy: 'Retain',
      remediation: 'Repair',
    });
    expect(await sally.ask(list, { filter: { term: 'test' } })).toEqual({
      listEnvironments: { count: 1, nodes: [{ name }] },
    });
    expect(await sally.ask(create, { input: more })).toEqual(answer);
    expect((await api.list(environmentKind)).items).toHaveLength(2);
  });

  it('is refused to who may not link to the organization, and finds no organization that one may not see', async () => {
    const { mary, zoe, api } = await salesScene(postgres);
    expect(await mary.refused(create, { input: { ...input, SamlGroupName: 'marketing' } })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('LINK_ENVIRONMENT'),
    });
    expect(await zoe.refused(create, { input: { ...input, SamlGroupName: 'strangers' } })).toMatchObject({
      code: 'ResourceNotFound',
    });
    expect((await api.list(environmentKind)).items).toHaveLength(1);
  });

  it('says what is not in this version, instead of leaving it out', async () => {
    const { sally, api } = await salesScene(postgres);
    const refused = {
      'parameters.notebooksEnabled value "true"': { parameters: [{ key: 'notebooksEnabled', value: 'true' }] },
      'vpcId value': { vpcId: 'vpc-1' },
      'subnetIds value': { subnetIds: ['subnet-1'] },
      'type value': { type: 'IntegrationTesting' },
    };
    for (const [named, asked] of Object.entries(refused))
      expect(await sally.refused(create, { input: { ...input, ...asked } })).toMatchObject({
        code: 'InvalidInput',
        message: expect.stringContaining(named),
      });
    expect((await api.list(environmentKind)).items).toHaveLength(1);
  });

  it('says what is wrong with bad input', async () => {
    const { sally, api } = await salesScene(postgres);
    const refused = [
      [{ label: ' ' }, 'RequiredParameter', 'label is required'],
      [{ SamlGroupName: '' }, 'RequiredParameter', 'SamlGroupName is required'],
      [{ AwsAccountId: '12' }, 'InvalidInput', '12 digits'],
      [{ region: 'Ireland' }, 'InvalidInput', 'eu-west-1'],
    ] as const;
    for (const [bad, code, named] of refused)
      expect(await sally.refused(create, { input: { ...input, ...bad } })).toMatchObject({
        code,
        message: expect.stringContaining(named),
      });
    expect((await api.list(environmentKind)).items).toHaveLength(1);
  });

  it('is only tried where the client says so', async () => {
    const { sally, api } = await salesScene(postgres);
    const tried = create.replace('$input: NewEnvironmentInput!)', '$input: NewEnvironmentInput!) @dryRun');
    expect(await sally.ask(tried, { input })).toMatchObject({ createEnvironment: { label: 'Sales (test)' } });
    expect((await api.list(environmentKind)).items).toHaveLength(1);
    expect(await sally.ask(list, {})).toMatchObject({ listEnvironments: { count: 1 } });
  });
});

describe('Changing an environment', () => {
  it('writes what was given and leaves the rest, for its owner alone', async () => {
    const { sally, mary, pete, stored } = await salesScene(postgres);
    const boundary = 'arn:aws:iam::111111111111:policy/bounds';
    const given = {
      label: 'Sales (all)',
      tags: ['all'],
      PermissionsBoundaryPolicyArn: boundary,
      SamlGroupName: 'sales',
    };
    expect(await sally.ask(update, { input: given })).toEqual({
      updateEnvironment: {
        label: 'Sales (all)',
        description: null,
        tags: ['all'],
        PermissionsBoundaryPolicyArn: boundary,
      },
    });
    await sally.ask(update, { input: { description: 'Everything', PermissionsBoundaryPolicyArn: '' } });
    expect((await stored(environmentKind, { name: 'sales-prod' }))?.spec).toEqual({
      ...SALES_SPEC,
      label: 'Sales (all)',
      catalogTags: ['all'],
      description: 'Everything',
    });
    for (const person of [mary, pete])
      expect(await person.refused(update, { input: { label: 'Mine' } })).toMatchObject({
        code: 'UnauthorizedOperation',
        message: expect.stringContaining('UPDATE_ENVIRONMENT'),
      });
    expect(await sally.refused(update, { input: { vpcId: 'vpc-1' } })).toMatchObject({ code: 'InvalidInput' });
  });
});

describe('Deleting an environment', () => {
  it('is refused while something uses it, naming what', async () => {
    const { sally, put, stored } = await salesScene(postgres);
    const used = { ...SALES_PROD, inUse: 2, usedBy: ['Dataset sales-prod/orders'] };
    await put(environmentKind, { name: 'sales-prod' }, environment('sales'), used);
    expect(await sally.refused(remove)).toMatchObject({
      code: 'EnvironmentResourcesFound',
      message: expect.stringContaining('2 objects (Dataset sales-prod/orders, ...)'),
    });
    expect(await stored(environmentKind, { name: 'sales-prod' })).toBeDefined();
  });

  it('is for its owner, who says whether AWS is cleaned up too', async () => {
    const { sally, mary, pete, api, stored } = await salesScene(postgres);
    for (const person of [mary, pete])
      expect(await person.refused(remove)).toMatchObject({ code: 'UnauthorizedOperation' });
    // As on a real server, where the operator cleans up first.
    const keep = { type: 'merge', body: { metadata: { finalizers: ['dataall.io/finalizer'] } } } as const;
    await api.patch(environmentKind, { name: 'sales-prod' }, keep);
    expect(await sally.ask(remove, { aws: true })).toEqual({ deleteEnvironment: true });
    const left = await stored(environmentKind, { name: 'sales-prod' });
    expect(left?.spec.deletionPolicy).toBe('Delete');
    expect(left?.metadata.deletionTimestamp).toBeDefined();
  });

  it('does not take back that its data goes too, and keeps everything where it is told to', async () => {
    const { sally, put, api, stored } = await salesScene(postgres);
    await put(environmentKind, { name: 'sales-prod' }, { ...SALES_SPEC, deletionPolicy: 'DeleteWithData' }, SALES_PROD);
    const keep = { type: 'merge', body: { metadata: { finalizers: ['dataall.io/finalizer'] } } } as const;
    await api.patch(environmentKind, { name: 'sales-prod' }, keep);
    const policy = async () => (await stored(environmentKind, { name: 'sales-prod' }))?.spec.deletionPolicy;
    await sally.ask(remove);
    expect(await policy()).toBe('DeleteWithData');
    await sally.ask(remove, { aws: true });
    expect(await policy()).toBe('DeleteWithData');
    await sally.ask(remove, { aws: false });
    expect(await policy()).toBe('Retain');
  });
});
