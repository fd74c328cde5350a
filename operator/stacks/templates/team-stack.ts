// The stack of an invited team: its role (or policies for the one it brought) and its workgroup.
import type { Stack } from 'aws-cdk-lib';
import { addGroupResources } from './group-resources.ts';
import type { TeamStackProps } from '../stack-props.ts';

export const addTeamResources = (stack: Stack, props: TeamStackProps): void => {
  addGroupResources(stack, props, props.team);
};
