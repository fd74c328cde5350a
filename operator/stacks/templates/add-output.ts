// An output of a stack, under exactly the name by which the operator reads it.
import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** @param exportName under which other stacks of the account may import it */
export const addOutput = (stack: Stack, name: string, value: string, exportName?: string): CfnOutput =>
  new CfnOutput(stack, name, { value, ...(exportName === undefined ? {} : { exportName }) });
