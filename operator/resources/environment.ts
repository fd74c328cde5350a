// Environment: one AWS account and region, linked to an organization; its namespace has the same name.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import {
  awsAccountId,
  awsRegion,
  awsTags,
  bucketName,
  catalogTags,
  claimable,
  deletionPolicy,
  dnsLabel,
  iamPolicyArn,
  iamRoleArn,
  identityGroup,
  label,
  nameIsLabel,
  prose,
  resourceId,
  suspend,
} from './fields.ts';
import { immutable, list, quota, text, time } from './schema.ts';
import { commonStatus, iamIdentity, stack, usage } from './status.ts';

const spec = z
  .object({
    id: resourceId()
      .optional()
      .describe('Keeps AWS names over a restore or a migration from data.all. Platform administrators only.'),
    organization: dnsLabel('organization').describe(
      'Name of the Organization it belongs to; linking needs verb `link` on it. Immutable.',
    ),
    label: label().describe('What people call it, at most 64 characters.'),
    description: prose(2048).optional().describe('What it is for, at most 2,048 characters.'),
    owner: identityGroup().describe('The group that owns it, exactly as the identity provider spells it. Immutable.'),
    account: z
      .object({
        id: awsAccountId().describe('AWS account id, 12 digits, quoted.'),
        region: awsRegion().describe('AWS region, e.g. eu-west-1.'),
      })
      .describe('The account and region. Each pair is linked once. Immutable.'),
    pivotRole: z
      .object({
        mode: z
          .enum(['Managed', 'Existing'])
          .optional()
          .describe(
            'Managed: the environment stack makes the role. Existing: you made it from our template. Unset: as the installation is configured.',
          ),
        name: text({
          max: 64,
          pattern: /^[A-Za-z0-9_+=,.@-]+$/,
          hint: 'pivotRole.name is the name of a role (letters, digits and _+=,.@-), not its ARN or path',
        })
          .optional()
          .describe(
            'Name of the role. Unset: dataallPivotRole if Existing, dataallPivotRole-cdk if Managed, and -<region> after it where config.json says so.',
          ),
      })
      .optional()
      .describe('The role in the account through which the operator works.'),
    resourcePrefix: text({
      max: 20,
      pattern: /^[a-z]([a-z-]*[a-z])?$/,
      hint: 'resourcePrefix is lowercase letters and hyphens, starting and ending with a letter: AWS names start with it',
    })
      .default('dataall')
      .describe('Start of AWS names, at most 20 lowercase letters and hyphens. Immutable.'),
    permissionsBoundaryArn: iamPolicyArn()
      .optional()
      .describe('Managed policy that bounds every role made in this environment.'),
    defaultRoleArn: claimable(iamRoleArn())
      .optional()
      .describe("The owner's role, to import it instead of having one made. Immutable."),
    catalogTags: catalogTags().optional(),
    tags: awsTags().optional().describe('AWS tags of everything made for this environment.'),
    quota: z
      .object({
        datasets: quota().optional().describe('Datasets. Default 500.'),
        datasetTables: quota().optional().describe('DatasetTables. Default 5,000.'),
        teams: quota().optional().describe('Teams. Default 500.'),
        consumptionRoles: quota().optional().describe('ConsumptionRoles. Default 500.'),
        shareRequests: quota().optional().describe('ShareRequests, which ask for access from here. Default 1,000.'),
        shareApprovals: quota().optional().describe('ShareApprovals, which decide about what is here. Default 2,000.'),
      })
      .optional()
      .describe(
        'How many objects of each kind its namespace may hold; the API server refuses more. Platform administrators only.',
      ),
    deletionPolicy: deletionPolicy(),
    remediation: z
      .enum(['Repair', 'Report'])
      .default('Repair')
      .describe('What is done about drift in AWS. Repair: put right. Report: shown, and put right only when asked.'),
    suspend: suspend(),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('id', 'AWS names are made of it'),
      immutable('organization', 'the trust of the account was given to it; create a new Environment'),
      immutable('owner', 'roles and data belong to it; create a new Environment'),
      immutable('account', 'everything made is in it; create a new Environment'),
      immutable(
        'resourcePrefix',
        'names of policies that give access, and the right to take it away, start with it; create a new Environment',
      ),
      immutable('defaultRoleArn', 'a role is imported or made once; create a new Environment'),
      {
        rule: `!has(self.defaultRoleArn) || self.defaultRoleArn.contains(':' + self.account.id + ':')`,
        message: 'defaultRoleArn must be a role of spec.account.id',
        fieldPath: '.defaultRoleArn',
      },
      {
        rule: `!has(self.permissionsBoundaryArn) || self.permissionsBoundaryArn.contains(':' + self.account.id + ':') || self.permissionsBoundaryArn.contains(':iam::aws:')`,
        message: 'permissionsBoundaryArn must be a policy of spec.account.id or one of AWS',
        fieldPath: '.permissionsBoundaryArn',
      },
    ],
  });

const status = z.object({
  ...commonStatus,
  id: resourceId().optional().describe('spec.id, or derived from the UID. AWS names are made of it.'),
  namespace: z
    .object({
      origin: z.enum(['Created', 'Adopted']).describe('Who made it; only one that we created is ever removed.'),
      uid: text({ max: 64 }).describe('UID of the namespace.'),
    })
    .optional()
    .describe('The namespace of the same name.'),
  externalId: text({ max: 128 })
    .optional()
    .describe(
      'What the trust policy of the pivot role must demand. An identifier of (organization, account), not a secret.',
    ),
  linkCommand: text({ max: 8192 })
    .optional()
    .describe('What an administrator of the account runs to let this environment in.'),
  accountClaim: z
    .object({
      lease: text({ max: 63 }).describe('Name of the Lease that stands for the account and region.'),
      heldBy: text({ max: 128 }).describe('Who holds it, as `name/uid` of an Environment.'),
    })
    .optional()
    .describe('Who has the account and region: the first that claimed them.'),
  pivotRole: iamIdentity.optional().describe('The role through which the operator works.'),
  defaultRole: iamIdentity.optional().describe("The owner's role."),
  buckets: z
    .object({
      environment: bucketName().optional().describe('Query results and profiling code.'),
      logs: bucketName().optional().describe('Access logs.'),
    })
    .optional()
    .describe('Names of the buckets of this environment; none can be imported as a dataset.'),
  workgroup: text({ max: 128 }).optional().describe("Athena workgroup of the owner's group."),
  stack: stack.optional().describe('The CloudFormation stack of this environment.'),
  queue: z
    .object({
      url: text({ max: 512 }).describe('URL of the queue, polled by the operator.'),
      arn: text({ max: 512 }).describe('ARN of the queue.'),
    })
    .optional()
    .describe('Where events of the account arrive, so that tampering is seen within seconds.'),
  before: z
    .object({
      crossAccountVersion: text({ max: 8 })
        .optional()
        .describe('Lake Formation cross-account version before we raised it.'),
    })
    .optional()
    .describe('What linking changed in the account and unlinking restores.'),
  teams: list(identityGroup(), { max: 500 }).optional().describe('Groups with a Team in this environment.'),
  linkBy: time()
    .optional()
    .describe('When this Environment is deleted, and its name free again, unless its account has let it in by then.'),
  datasets: list(resourceId(), { max: 1_000 })
    .optional()
    .describe("Ids of the owner's datasets that its role may have rights to in AWS."),
  verifiedAt: time().optional().describe('When account, trust and consent were last found good.'),
  ...usage,
});

export const environmentKind = defineKind({
  kind: 'Environment',
  plural: 'environments',
  shortNames: ['denv'],
  scope: 'Cluster',
  description:
    'One AWS account and region, linked to an organization. Its datasets, teams and requests live in the namespace of the same name.',
  spec,
  status,
  rules: [
    nameIsLabel,
    {
      rule: `self.metadata.name != 'default' && !self.metadata.name.startsWith('kube-')`,
      message:
        'the environment has a namespace of its own name, and default and kube-* belong to Kubernetes: choose another metadata.name',
    },
  ],
  columns: [
    {
      name: 'Organization',
      type: 'string',
      jsonPath: '.spec.organization',
      description: 'Organization it belongs to.',
    },
    { name: 'Account', type: 'string', jsonPath: '.spec.account.id', description: 'AWS account id.' },
    { name: 'Region', type: 'string', jsonPath: '.spec.account.region', description: 'AWS region.' },
    { name: 'Owner', type: 'string', jsonPath: '.spec.owner', description: 'Owning group.' },
    {
      name: 'Stack',
      type: 'string',
      jsonPath: '.status.stack.status',
      description: 'State of its stack.',
      priority: 1,
    },
    {
      name: 'In use',
      type: 'integer',
      jsonPath: '.status.inUse',
      description: 'How many objects use it.',
      priority: 1,
    },
  ],
});

export type EnvironmentSpec = z.output<typeof spec>;
export type EnvironmentStatus = z.output<typeof status>;
export type Environment = ObjectOf<typeof environmentKind>;
