// What each of our CloudFormation stacks is made from: plain data, so that it crosses to the process that makes templates, and so that
// this process never loads the CDK.

/** Where a stack is, and how the names in it begin. */
interface StackPlace {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Name of the stack. */
  readonly stackName: string;
  /** spec.resourcePrefix of the environment. */
  readonly prefix: string;
  /** status.id of the environment. */
  readonly environmentId: string;
  /** Managed policy that bounds every role in the stack. */
  readonly permissionsBoundaryArn?: string | undefined;
}

/** Resources whose names do not show that they are ours: the pivot role may change exactly these besides those under our prefix. */
export interface ImportedResources {
  /** Names of buckets. */
  readonly buckets: readonly string[];
  /** Buckets that were made by a name of their own, without our prefix. */
  readonly namedBuckets: readonly string[];
  readonly keyArns: readonly string[];
  /** Roles that Lake Formation is told to read imported data with. */
  readonly roleArns: readonly string[];
}

/** Who becomes the pivot role. */
export interface PivotTrust {
  readonly hubAccount: string;
  /** Patterns of `aws:PrincipalArn` in the hub's account. */
  readonly principalPatterns: readonly string[];
  readonly externalId: string;
}

/** The role and workgroup of one group. Exactly one of `roleName` (made) and `importedRoleArn`. */
export interface GroupResources {
  /** As the identity provider spells it: value of tag Team. */
  readonly group: string;
  readonly roleName?: string | undefined;
  readonly importedRoleArn?: string | undefined;
  /** Athena workgroup of the group. */
  readonly workgroup: string;
  /** Query results and profiling code. */
  readonly environmentBucket: string;
  readonly pivotRoleArn: string;
  /** Whether it may run queries in its workgroup. */
  readonly mayQuery: boolean;
  readonly owned: OwnedData;
}

/** What the group's datasets consist of. */
export interface OwnedData {
  readonly buckets: readonly string[];
  readonly keyArns: readonly string[];
  readonly databases: readonly string[];
}

export interface EnvironmentStackProps extends StackPlace {
  readonly pivotRole: { readonly name: string } & (
    | {
        readonly mode: 'Managed';
        readonly trust: PivotTrust;
        readonly imported: ImportedResources;
      }
    | { readonly mode: 'Existing' }
  );
  readonly buckets: { readonly environment: string; readonly logs: string };
  readonly queueName: string;
  /** The owner's group. */
  readonly owner: GroupResources;
}

export interface TeamStackProps extends StackPlace {
  readonly team: GroupResources;
}

export interface DatasetStackProps extends StackPlace {
  /** status.id of the dataset. */
  readonly datasetId: string;
  readonly pivotRoleArn: string;
  /** Made, unless `importedRoleArn` stands in for it. */
  readonly roleName?: string | undefined;
  readonly storage:
    | {
        readonly origin: 'Create';
        readonly bucket: string;
        /** Without `alias/`. */
        readonly keyAlias: string;
        /** Receives access logs. */
        readonly logsBucket: string;
      }
    | { readonly origin: 'Import'; readonly bucket: string; readonly keyArn?: string | undefined };
  /** Undefined: the database exists and is imported. */
  readonly newDatabase?: string | undefined;
  /** The database of the dataset, made or imported. */
  readonly database: string;
}

/** Props by kind of stack. */
export interface StackPropsByKind {
  readonly environment: EnvironmentStackProps;
  readonly team: TeamStackProps;
  readonly dataset: DatasetStackProps;
  /** The template that an administrator of an account deploys by hand: everything is a parameter of it. */
  readonly 'pivot-role': null;
  /** The template of the policy that CloudFormation works with there, for accounts that give it no more than it needs. */
  readonly 'execution-policy': null;
}

export type StackKind = keyof StackPropsByKind;

/** Names of the outputs of our stacks. */
export const stackOutputs = {
  /** SHA-256 (hex) of the template without this output: what is deployed, whoever asks. */
  templateHash: 'TemplateHash',
  pivotRoleArn: 'PivotRoleArn',
  pivotRoleId: 'PivotRoleId',
  /** Role of the group. */
  roleArn: 'RoleArn',
  roleId: 'RoleId',
  workgroup: 'WorkgroupName',
  environmentBucket: 'EnvironmentBucketName',
  logsBucket: 'LogsBucketName',
  queueUrl: 'QueueUrl',
  queueArn: 'QueueArn',
  keyArn: 'KeyArn',
  bucket: 'BucketName',
  database: 'DatabaseName',
} as const;
