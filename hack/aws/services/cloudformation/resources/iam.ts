// AWS::IAM::Role, ManagedPolicy and Policy.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_IAM.html
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { document, number, objects, removedTagKeys, tags, text, texts, without } from './values.ts';

const inlineNames = (properties: JsonObject): string[] =>
  objects(properties, 'Policies').map(({ PolicyName }) => String(PolicyName));

export const role: ResourceType = {
  properties: {
    RoleName: 'replace',
    Path: 'replace',
    AssumeRolePolicyDocument: 'update',
    Description: 'update',
    ManagedPolicyArns: 'update',
    MaxSessionDuration: 'update',
    PermissionsBoundary: 'update',
    Policies: 'update',
    Tags: 'update',
  },
  required: ['AssumeRolePolicyDocument'],
  tags: 'list',
  iamName: 'RoleName',
  async create(properties, context) {
    const RoleName = text(properties, 'RoleName') ?? context.generatedName(64);
    const { Role } = await context.invoke<{ Role: { Arn: string; RoleId: string } }>('iam', 'CreateRole', {
      RoleName,
      Path: text(properties, 'Path'),
      AssumeRolePolicyDocument: document(properties, 'AssumeRolePolicyDocument'),
      Description: text(properties, 'Description'),
      MaxSessionDuration: number(properties, 'MaxSessionDuration'),
      PermissionsBoundary: text(properties, 'PermissionsBoundary'),
      Tags: tags(properties),
    });
    try {
      await putRolePolicies(RoleName, properties, {}, context);
    } catch (error) {
      // The handler takes its own half-made role away; nobody else knows its name yet.
      await removeRole(RoleName, properties, context);
      throw error;
    }
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  async update(RoleName, properties, previous, context) {
    const PolicyDocument = document(properties, 'AssumeRolePolicyDocument');
    await context.invoke('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    await context.invoke('iam', 'UpdateRole', {
      RoleName,
      Description: text(properties, 'Description') ?? '',
      MaxSessionDuration: number(properties, 'MaxSessionDuration') ?? 3600,
    });
    const boundary = text(properties, 'PermissionsBoundary');
    if (boundary !== undefined)
      await context.invoke('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: boundary });
    else if (text(previous, 'PermissionsBoundary') !== undefined)
      await context.invoke('iam', 'DeleteRolePermissionsBoundary', { RoleName });
    await putRolePolicies(RoleName, properties, previous, context);
    const gone = removedTagKeys(previous, properties);
    if (gone.length > 0) await context.invoke('iam', 'UntagRole', { RoleName, TagKeys: gone });
    if (tags(properties).length > 0) await context.invoke('iam', 'TagRole', { RoleName, Tags: tags(properties) });
    const { Role } = await context.invoke<{ Role: { Arn: string; RoleId: string } }>('iam', 'GetRole', { RoleName });
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  remove: removeRole,
  async read(RoleName, properties, context) {
    const { Role } = await context.invoke<{
      Role: { AssumeRolePolicyDocument: string; Description?: string; MaxSessionDuration: number };
    }>('iam', 'GetRole', { RoleName });
    const { AttachedPolicies } = await context.invoke<{ AttachedPolicies: { PolicyArn: string }[] }>(
      'iam',
      'ListAttachedRolePolicies',
      { RoleName },
    );
    return {
      AssumeRolePolicyDocument: JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)),
      ...(properties['Description'] === undefined ? {} : { Description: Role.Description }),
      ...(properties['MaxSessionDuration'] === undefined ? {} : { MaxSessionDuration: Role.MaxSessionDuration }),
      ...(properties['ManagedPolicyArns'] === undefined
        ? {}
        : {
            ManagedPolicyArns: sameOrder(
              AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
              texts(properties, 'ManagedPolicyArns'),
            ),
          }),
    };
  },
};

/** A set that AWS returns in its own order, in the template's where it names the same items. */
const sameOrder = (actual: string[], expected: readonly string[]): string[] => [
  ...expected.filter((item) => actual.includes(item)),
  ...without(actual, expected),
];

async function putRolePolicies(
  RoleName: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  const attached = texts(properties, 'ManagedPolicyArns');
  const before = texts(previous, 'ManagedPolicyArns');
  for (const PolicyArn of without(before, attached))
    await context.invoke('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
  for (const PolicyArn of without(attached, before))
    await context.invoke('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  for (const PolicyName of without(inlineNames(previous), inlineNames(properties)))
    await context.invoke('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
  for (const policy of objects(properties, 'Policies')) {
    await context.invoke('iam', 'PutRolePolicy', {
      RoleName,
      PolicyName: text(policy, 'PolicyName'),
      PolicyDocument: document(policy, 'PolicyDocument'),
    });
  }
}

/** Takes away what the template gave; a policy someone else attached makes IAM answer DeleteConflict, as in AWS. */
async function removeRole(RoleName: string, properties: JsonObject, context: ResourceContext): Promise<void> {
  const { AttachedPolicies } = await context.invoke<{ AttachedPolicies: { PolicyArn: string }[] }>(
    'iam',
    'ListAttachedRolePolicies',
    { RoleName },
  );
  const { PolicyNames } = await context.invoke<{ PolicyNames: string[] }>('iam', 'ListRolePolicies', { RoleName });
  for (const { PolicyArn } of AttachedPolicies) {
    if (texts(properties, 'ManagedPolicyArns').includes(PolicyArn))
      await context.invoke('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
  }
  for (const PolicyName of PolicyNames) {
    if (inlineNames(properties).includes(PolicyName))
      await context.invoke('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
  }
  await context.invoke('iam', 'DeleteRole', { RoleName });
}

/** The three kinds of holders a policy can be given to. */
const HOLDERS = [
  { property: 'Roles', key: 'RoleName', noun: 'Role' },
  { property: 'Users', key: 'UserName', noun: 'User' },
  { property: 'Groups', key: 'GroupName', noun: 'Group' },
] as const;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: versions of one managed policy. */
const MAX_POLICY_VERSIONS = 5;

export const managedPolicy: ResourceType = {
  properties: {
    ManagedPolicyName: 'replace',
    Path: 'replace',
    Description: 'replace',
    PolicyDocument: 'update',
    Roles: 'update',
    Users: 'update',
    Groups: 'update',
  },
  required: ['PolicyDocument'],
  iamName: 'ManagedPolicyName',
  async create(properties, context) {
    const { Policy } = await context.invoke<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', {
      PolicyName: text(properties, 'ManagedPolicyName') ?? context.generatedName(128),
      Path: text(properties, 'Path'),
      Description: text(properties, 'Description'),
      PolicyDocument: document(properties, 'PolicyDocument'),
    });
    await attachTo(Policy.Arn, properties, {}, context);
    return { physicalId: Policy.Arn, attributes: { PolicyArn: Policy.Arn } };
  },
  async update(PolicyArn, properties, previous, context) {
    const PolicyDocument = document(properties, 'PolicyDocument');
    if (PolicyDocument !== document(previous, 'PolicyDocument')) {
      const { Versions } = await context.invoke<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
        'iam',
        'ListPolicyVersions',
        { PolicyArn },
      );
      const oldest = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).at(-1);
      if (Versions.length >= MAX_POLICY_VERSIONS && oldest !== undefined) {
        await context.invoke('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: oldest.VersionId });
      }
      await context.invoke('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
    }
    await attachTo(PolicyArn, properties, previous, context);
    return { physicalId: PolicyArn, attributes: { PolicyArn } };
  },
  async remove(PolicyArn, properties, context) {
    await attachTo(PolicyArn, {}, properties, context);
    const { Versions } = await context.invoke<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
      'iam',
      'ListPolicyVersions',
      { PolicyArn },
    );
    for (const { VersionId, IsDefaultVersion } of Versions) {
      if (!IsDefaultVersion) await context.invoke('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
    }
    await context.invoke('iam', 'DeletePolicy', { PolicyArn });
  },
};

async function attachTo(
  PolicyArn: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  for (const { property, key, noun } of HOLDERS) {
    const now = texts(properties, property);
    const before = texts(previous, property);
    for (const holder of without(before, now))
      await context.invoke('iam', `Detach${noun}Policy`, { [key]: holder, PolicyArn });
    for (const holder of without(now, before))
      await context.invoke('iam', `Attach${noun}Policy`, { [key]: holder, PolicyArn });
  }
}

/** An inline policy given to roles, users and groups. */
export const policy: ResourceType = {
  properties: { PolicyName: 'replace', PolicyDocument: 'update', Roles: 'update', Users: 'update', Groups: 'update' },
  required: ['PolicyName', 'PolicyDocument'],
  async create(properties, context) {
    await putInline(properties, {}, context);
    return { physicalId: context.generatedName(128) };
  },
  async update(physicalId, properties, previous, context) {
    await putInline(properties, previous, context);
    return { physicalId };
  },
  remove: (_, properties, context) => putInline({ PolicyName: properties['PolicyName'] }, properties, context),
};

async function putInline(properties: JsonObject, previous: JsonObject, context: ResourceContext): Promise<void> {
  const PolicyName = text(properties, 'PolicyName');
  const PolicyDocument = document(properties, 'PolicyDocument');
  for (const { property, key, noun } of HOLDERS) {
    const now = texts(properties, property);
    for (const holder of without(texts(previous, property), now))
      await context.invoke('iam', `Delete${noun}Policy`, { [key]: holder, PolicyName });
    for (const holder of now)
      await context.invoke('iam', `Put${noun}Policy`, { [key]: holder, PolicyName, PolicyDocument });
  }
}
