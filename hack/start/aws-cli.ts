/**
 * Stands in for the AWS CLI and the CDK's, which the machine may not have: `aws ssm <operation> --option value ...` as the SDK's
 * command of the same name, `aws cloudformation deploy`, and `npx aws-cdk bootstrap`. Endpoint, region and credentials come from the
 * environment, as theirs do.
 */
import { CloudFormationClient, type Capability, type Parameter } from '@aws-sdk/client-cloudformation';
import * as ssm from '@aws-sdk/client-ssm';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bootstrap } from '../aws/services/cloudformation/bootstrap.ts';
import { deployed } from '../aws/services/cloudformation/deployment.ts';

type Options = Readonly<Record<string, string | boolean>>;

const [program = '', service = '', operation = '', ...rest] = process.argv.slice(2);
const { AWS_ENDPOINT_URL: endpoint, AWS_REGION = '' } = process.env;

try {
  if (program === 'aws' && service === 'ssm') await call(ssm, 'SSMClient');
  else if (program === 'aws' && service === 'cloudformation' && operation === 'deploy') await deployStack(rest);
  else if (program === 'npx' && /^aws-cdk(@|$)/.test(service) && operation === 'bootstrap') await cdkBootstrap(rest);
  else
    throw new Error(
      `this stand-in knows only aws ssm, aws cloudformation deploy and npx aws-cdk bootstrap, not ${program} ${service}`,
    );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`);
  process.exitCode = 1;
}

/** `put-parameter --name /a --overwrite` is PutParameterCommand with `{Name: '/a', Overwrite: true}`. */
async function call(sdk: object, clientName: string): Promise<void> {
  const { region = AWS_REGION, ...options } = optionsOf(rest);
  const { [clientName]: Client, [`${pascal(operation)}Command`]: Command } = sdk as Record<string, unknown>;
  if (Command === undefined) throw new Error(`there is no operation ${operation} in ${service}`);
  const input = Object.fromEntries(Object.entries(options).map(([name, value]) => [pascal(name), value]));
  const client = new (Client as new (config: object) => { send(command: unknown): Promise<object> })({
    endpoint,
    region,
  });
  const { $metadata, ...output } = (await client.send(new (Command as new (input: object) => object)(input))) as Record<
    string,
    unknown
  >;
  void $metadata;
  process.stdout.write(`${JSON.stringify(output)}\n`);
}

/** `--trust <hub> --cloudformation-execution-policies <arns> aws://<account>/<region>` */
async function cdkBootstrap(args: readonly string[]): Promise<void> {
  const region = /aws:\/\/\d{12}\/([a-z0-9-]+)/.exec(args.join(' '))?.[1] ?? AWS_REGION;
  const options = optionsOf(args);
  const list = (name: string): string[] => {
    const value = options[name];
    return typeof value === 'string' ? value.split(',') : [];
  };
  const policies = list('cloudformation-execution-policies');
  const qualifier = options['qualifier'];
  const { StackName, StackStatus } = await bootstrap(cloudFormation(region), {
    trustedAccounts: list('trust'),
    trustedAccountsForLookup: list('trust-for-lookup'),
    ...(policies.length > 0 && { executionPolicyArns: policies }),
    ...(typeof qualifier === 'string' && { qualifier }),
  });
  process.stdout.write(`${StackName}: ${StackStatus}\n`);
}

/** `--stack-name <name> --template-file <path> --capabilities <one> --parameter-overrides <name>=<value> ...` */
async function deployStack(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals: furtherParameters } = parseArgs({
    args: [...args],
    options: {
      region: text,
      'stack-name': text,
      'template-file': text,
      capabilities: text,
      'parameter-overrides': text,
    },
    allowPositionals: true,
  });
  const { 'stack-name': StackName = '', 'template-file': template = '', 'parameter-overrides': first = '' } = values;
  const { StackStatus } = await deployed(cloudFormation(values.region ?? AWS_REGION), {
    StackName,
    TemplateBody: readFileSync(template, 'utf8'),
    Capabilities: [values.capabilities as Capability],
    Parameters: [first, ...furtherParameters].map(parameterOf),
  });
  process.stdout.write(`${StackName}: ${StackStatus}\n`);
}

/** @param text `<name>=<value>` */
function parameterOf(text: string): Parameter {
  const [, ParameterKey, ParameterValue] = /^(\w+)=(.*)$/.exec(text) ?? [];
  return { ParameterKey, ParameterValue };
}

function cloudFormation(region: string): CloudFormationClient {
  return new CloudFormationClient({ region, ...(endpoint !== undefined && { endpoint }) });
}

function optionsOf(args: readonly string[]): Options {
  const options: Record<string, string | boolean> = {};
  for (const [index, arg] of args.entries()) {
    if (!arg.startsWith('--')) continue;
    const next = args[index + 1];
    options[arg.slice(2)] = next === undefined || next.startsWith('--') ? true : next;
  }
  return options;
}

function pascal(kebab: string): string {
  return kebab.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
