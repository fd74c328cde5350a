// For tests: an extension such as an installation may bring.
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { StackExtension } from '../stack-extension.ts';

export const extension: StackExtension = {
  dataset(stack, props) {
    const parameter = new CfnParameter(stack, 'Contact', {
      name: `/${props.prefix}/${props.datasetId}/contact`,
      type: 'String',
      value: 'data-office',
    });
    const role = new CfnRole(stack, 'Reader', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    });
    role.addResourceDependency(parameter);
  },
};
