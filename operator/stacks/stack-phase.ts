// Where a stack is between not being there and not being there any more, as far as what it made is concerned.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-describing-stacks.html (states of a stack)
import type { Stack } from '../aws/services/cloudformation.ts';

/**
 * `Gone`: there is none. `Empty`: one that got no further than a change set, or whose creation was rolled back, has nothing. `Going`: its
 * deletion has begun, and may have failed: what it made may be there. `Standing`: so is what it made, or it is on the way.
 */
export type StackPhase = 'Gone' | 'Empty' | 'Going' | 'Standing';

export const phaseOf = (stack: Pick<Stack, 'status'> | undefined): StackPhase => {
  switch (stack?.status) {
    case undefined:
    case 'DELETE_COMPLETE':
      return 'Gone';
    case 'REVIEW_IN_PROGRESS':
    case 'ROLLBACK_COMPLETE':
      return 'Empty';
    case 'DELETE_IN_PROGRESS':
    case 'DELETE_FAILED':
      return 'Going';
    default:
      return 'Standing';
  }
};
