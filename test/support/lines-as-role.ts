// Lines that people are given to copy, run as they stand: by the Python of the lock file, with the keys of a role and nothing else of this
// machine.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import { cleanEnvironment, lockedPython } from '../../hack/aws/conformance/python.ts';

const run = promisify(execFile);

export type Printed = { readonly given: string } | { readonly denied: string };

/** What they print, or the last line of what went wrong. @param roleArn of account `consumer` */
export async function runPythonAs(aws: SimulatedAws, roleArn: string, program: string): Promise<Printed> {
  const sts = new STSClient(aws.clientConfig('consumer', 'eu-west-1'));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'copied' }));
  const env = {
    ...cleanEnvironment(),
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
  };
  try {
    const { stdout } = await run(await lockedPython(), ['-c', program], { env });
    return { given: stdout };
  } catch (error) {
    const { stderr = String(error) } = error as { readonly stderr?: string };
    return { denied: stderr.trim().split('\n').at(-1) ?? '' };
  }
}
