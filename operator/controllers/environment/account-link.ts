// How an account is linked: the external id that its trust names, and the command that its administrator runs.
import { createHmac, randomBytes } from 'node:crypto';
import { iamArn, partitionOf } from '../../policy/arn.ts';
import type { CallerIdentity } from '../../aws/services/sts.ts';
import type { InstallationConfig } from '../../config.ts';
import { getIfPresent, isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import type { Environment } from '../../resources/environment.ts';
import { consentParameterName, pivotRoleName } from '../../resources/names.ts';

type PivotMode = 'Managed' | 'Existing';

interface Secret extends KubeObject {
  /** Base64. */
  data?: Record<string, string>;
}

const secretKind: Kind<Secret> = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', scope: 'Namespaced' };
const keySecret = 'dataall-installation-key';
/** As long as the digest it keys: https://datatracker.ietf.org/doc/html/rfc2104#section-3 */
const keyBytes = 32;

/** The installation's key, made when there is none. Losing it means that every account has to be linked again. */
export const installationKey = async (api: KubeApi, namespace: string): Promise<Buffer> => {
  const name = { namespace, name: keySecret };
  const secret = (await getIfPresent(api, secretKind, name)) ?? (await createKey(api, namespace));
  const key = Buffer.from(secret.data?.['key'] ?? '', 'base64');
  if (key.length < keyBytes)
    throw new Error(`Secret ${namespace}/${keySecret} holds no key of ${keyBytes} bytes: restore it from the backup`);
  return key;
};

const createKey = async (api: KubeApi, namespace: string): Promise<Stored<Secret>> => {
  try {
    return await api.create(secretKind, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name: keySecret },
      data: { key: randomBytes(keyBytes).toString('base64') },
    });
  } catch (error) {
    if (!isKubeError(error, 'AlreadyExists')) throw error;
    return await api.get(secretKind, { namespace, name: keySecret });
  }
};

/** Whom an account lets in. */
export interface Guest {
  readonly organizationId: string;
  /** The group that owns the environment: the account is in its hands then. */
  readonly owner: string;
  readonly accountId: string;
}

/**
 * One for each organization, owner and account, so that nobody can have the operator enter what another linked: neither another tenant, nor
 * another group of the same organization that names the account first. An identifier, no secret.
 */
export const externalIdOf = (key: Buffer, { organizationId, owner, accountId }: Guest): string =>
  createHmac('sha256', key).update(`${organizationId}/${accountId}/${owner}`).digest('hex');

/** What of an Environment says how it is linked; it need not be there yet. */
export interface LinkedEnvironment {
  readonly spec: Pick<Environment['spec'], 'account' | 'pivotRole' | 'resourcePrefix'>;
  readonly status?: { readonly pivotRole?: { readonly arn: string } | undefined };
}

export const pivotModeOf = ({ environments }: InstallationConfig, { spec }: LinkedEnvironment): PivotMode =>
  spec.pivotRole?.mode ?? environments.pivotRole.defaultMode;

/** One that is in force keeps its name: whatever config.json says now is for roles that are yet to be made. */
export function pivotRoleNameOf(config: InstallationConfig, environment: LinkedEnvironment): string {
  const { spec, status } = environment;
  if (spec.pivotRole?.name !== undefined) return spec.pivotRole.name;
  const mode = pivotModeOf(config, environment);
  const [ofAccount, ofRegion] = [pivotRoleName(mode), pivotRoleName(mode, spec.account.region)];
  const inForce = status?.pivotRole?.arn.split('/').at(-1);
  if (inForce === ofAccount || inForce === ofRegion) return inForce;
  return config.features.isOn('core.features.cdk_pivot_role_multiple_environments_same_account') ? ofRegion : ofAccount;
}

/** Everything an administrator of the account runs there, in one chain. @param operator who the operator is in the hub */
export const linkCommand = (
  config: InstallationConfig,
  environment: LinkedEnvironment,
  externalId: string,
  operator: CallerIdentity,
): string => {
  const { id, region } = environment.spec.account;
  const { hub, bootstrap } = config.aws;
  const steps = [
    [
      'npx aws-cdk@2 bootstrap',
      `--trust ${hub.accountId}`,
      `--qualifier ${bootstrap.qualifier}`,
      `--cloudformation-execution-policies ${executionPolicyArn(config, environment)}`,
      `aws://${id}/${region}`,
    ],
    pivotModeOf(config, environment) === 'Managed'
      ? [
          'aws ssm put-parameter',
          `--region ${region}`,
          `--name ${consentParameterName(config.installation)}`,
          `--type String --overwrite --value ${externalId}`,
        ]
      : [
          'aws cloudformation deploy',
          `--region ${region}`,
          '--stack-name dataall-pivot-role --template-file pivot-role.json --capabilities CAPABILITY_NAMED_IAM',
          '--parameter-overrides',
          `AwsAccountId=${hub.accountId}`,
          `OperatorName=${nameOfIdentity(operator)}`,
          `ExternalId=${externalId}`,
          `PivotRoleName=${pivotRoleNameOf(config, environment)}`,
          `EnvironmentResourcePrefix=${environment.spec.resourcePrefix}`,
        ],
  ];
  return steps.map((words) => words.join(' ')).join(' && ');
};

/** Of the user, or of the role whose session it is. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
export const nameOfIdentity = ({ arn }: CallerIdentity): string => {
  const path = arn.slice(arn.lastIndexOf(':') + 1).split('/');
  return (path[0] === 'assumed-role' ? path[1] : path.at(-1)) ?? '';
};

const executionPolicyArn = ({ aws }: InstallationConfig, { spec: { account } }: LinkedEnvironment): string =>
  aws.bootstrap.executionPolicyArn?.replace('<account>', account.id) ??
  iamArn(partitionOf(account.region), 'aws', 'policy/AdministratorAccess');
