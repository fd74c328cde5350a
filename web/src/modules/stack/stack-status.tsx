// A status as CloudFormation says it, with what it means to people.

import { StatusIndicator } from '@cloudscape-design/components';
import { statusType } from './status-type.ts';

export const StackStatus = ({ status }: { readonly status: string }) => (
  <StatusIndicator type={statusType(status)} wrapText={false}>
    {status}
  </StatusIndicator>
);
