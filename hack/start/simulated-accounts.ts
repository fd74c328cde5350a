/** The simulated AWS accounts as a company would have them before it hears of us: bootstrapped for CDK, an operator's user in the hub. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { startAws, type SimulatedAws } from '../aws/aws.ts';
import { bootstrap } from '../aws/services/cloudformation/bootstrap.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { ACCOUNTS, REGION } from './cast.ts';
import type { Endpoints } from './endpoints.ts';

const OPERATOR = 'dataall-operator';

/** Starts the simulator over HTTP. Throws {@link SetupError} when the port is taken. */
export async function startAccounts(port: number): Promise<SimulatedAws> {
  try {
    return await startAws({ accounts: ACCOUNTS, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new SetupError(
      'port-taken',
      code === 'EACCES'
        ? `Port ${port} is reserved for the system administrator.`
        : `Port ${port} on 127.0.0.1 is taken by another program.`,
      'name another with --port, or leave it away and get a free one.',
    );
  }
}

/** What `cdk bootstrap --trust <hub>` leaves in the two accounts that will be linked. */
export async function bootstrapAccounts(aws: SimulatedAws): Promise<void> {
  const trustedAccounts = [ACCOUNTS.hub.id];
  await Promise.all(
    ['producer', 'consumer'].map((account) =>
      bootstrap(new CloudFormationClient(aws.clientConfig(account, REGION)), { trustedAccounts }),
    ),
  );
}

/** The operator's own identity: it may take on roles that let it, and nothing else. In a cluster this is a role (IRSA). */
export async function makeOperatorUser(
  aws: SimulatedAws,
): Promise<{ arn: string; accessKeyId: string; secretAccessKey: string }> {
  const iam = new IAMClient(aws.clientConfig('hub', REGION));
  const { User } = await iam.send(new CreateUserCommand({ UserName: OPERATOR }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
  });
  await iam.send(new PutUserPolicyCommand({ UserName: OPERATOR, PolicyName: 'assume', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: OPERATOR }));
  return {
    arn: User?.Arn ?? '',
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
}

/** The administrators' credentials and nothing else: SDK clients write notes of their own into objects they are given. */
export function administrators({ accounts }: SimulatedAws): Endpoints['aws']['accounts'] {
  const entries = Object.entries(accounts).map(([name, { id, accessKeyId, secretAccessKey }]) => [
    name,
    { id, accessKeyId, secretAccessKey },
  ]);
  return Object.fromEntries(entries) as Endpoints['aws']['accounts'];
}
