// Whether an environment can be worked in.

import { StatusIndicator } from '@cloudscape-design/components';
import { environmentStrings } from './strings.ts';

interface EnvironmentStateProps {
  readonly validated: boolean | null;
  readonly deleted?: string | null;
}

export const EnvironmentState = ({ validated, deleted }: EnvironmentStateProps) => {
  if (typeof deleted === 'string')
    return (
      <StatusIndicator type="in-progress" wrapText={false}>
        {environmentStrings.deleting}
      </StatusIndicator>
    );
  return (
    <StatusIndicator type={validated === true ? 'success' : 'pending'} wrapText={false}>
      {validated === true ? environmentStrings.ready : environmentStrings.waiting}
    </StatusIndicator>
  );
};
