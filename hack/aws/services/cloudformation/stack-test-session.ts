// What the tests of stacks share: clients of one simulated account, and small templates.
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  type CreateStackCommandInput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SimulatedAws } from '../../aws.ts';
import { settled } from './deployment.ts';

/** A template fragment: the smallest resource there is. @param more further attributes, e.g. `DependsOn: A,` */
export const parameter = (name: string, value: string, more = ''): string =>
  `{ Type: AWS::SSM::Parameter, ${more} Properties: { Name: ${name}, Type: String, Value: ${value} } }`;

export function stackSession(aws: SimulatedAws) {
  const config = aws.clientConfig('producer', 'eu-west-1');
  const cfn = new CloudFormationClient(config);
  const ssm = new SSMClient(config);
  const stackOf = async (StackName: string): Promise<Stack> => {
    const { Stacks: [stack] = [] } = await cfn.send(new DescribeStacksCommand({ StackName }));
    if (stack === undefined) throw new Error(`no stack ${StackName}`);
    return stack;
  };
  return {
    cfn,
    ssm,
    sqs: new SQSClient(config),
    iam: new IAMClient(config),
    stackOf,
    async create(StackName: string, TemplateBody: string, more: Partial<CreateStackCommandInput> = {}): Promise<Stack> {
      const { StackId = '' } = await cfn.send(new CreateStackCommand({ StackName, TemplateBody, ...more }));
      return settled(cfn, StackId);
    },
    async update(StackName: string, TemplateBody: string, more: Partial<CreateStackCommandInput> = {}): Promise<Stack> {
      await cfn.send(new UpdateStackCommand({ StackName, TemplateBody, ...more }));
      return settled(cfn, StackName);
    },
    async remove(nameOrId: string): Promise<Stack> {
      const { StackId = '' } = await stackOf(nameOrId);
      await cfn.send(new DeleteStackCommand({ StackName: nameOrId }));
      return settled(cfn, StackId);
    },
    /** Events from the first on, as `<logical id> <status>`. */
    async statuses(StackName: string): Promise<string[]> {
      const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.toReversed().map(
        ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
      );
    },
    /** Value of an SSM parameter, undefined when there is none. */
    async valueOf(Name: string): Promise<string | undefined> {
      try {
        return (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
      } catch (error) {
        if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },
  };
}
