// The role Lake Formation uses for locations registered without one: made at first need, its inline policy follows the locations.
// https://docs.aws.amazon.com/lake-formation/latest/dg/service-linked-roles.html
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { iamState } from '../iam/state.ts';

const ROLE_NAME = 'AWSServiceRoleForLakeFormationDataAccess';
const POLICY_NAME = 'LakeFormationDataAccessServiceRolePolicy';

export const serviceLinkedRoleArn = (account: string): string =>
  `arn:aws:iam::${account}:role/aws-service-role/lakeformation.amazonaws.com/${ROLE_NAME}`;

/**
 * Lets the service-linked role read and write one more location. The caller needs iam:CreateServiceLinkedRole (when the role is
 * missing) and iam:PutRolePolicy, as for RegisterResource on AWS. Encrypted buckets need more: the role's ARN in the key policy.
 */
export const openLocation = async (call: Call, locationArn: string): Promise<void> => {
  const arn = serviceLinkedRoleArn(call.account);
  const { roles } = iamState(call.world, call.account);
  if (!roles.has(ROLE_NAME))
    await call.invoke('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'lakeformation.amazonaws.com' });
  call.authorize({ action: 'iam:PutRolePolicy', resource: arn });
  const role = roles.get(ROLE_NAME);
  if (!role) throw new AwsError('InternalServiceException', `Role ${ROLE_NAME} could not be made.`, { status: 500 });
  const before = role.inline.get(POLICY_NAME)?.policy.Statement[0]?.Resource;
  const objects = new Set([...(Array.isArray(before) ? (before as string[]) : []), `${locationArn}/*`]);
  const buckets = new Set([...objects].map((object) => object.slice(0, object.indexOf('/'))));
  const policy = {
    Version: '2012-10-17' as const,
    Statement: [
      {
        Effect: 'Allow' as const,
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: [...objects],
      },
      { Effect: 'Allow' as const, Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: [...buckets] },
    ],
  };
  role.inline.set(POLICY_NAME, { text: JSON.stringify(policy), policy });
};
