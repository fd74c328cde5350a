// What became of one of several things.

import { StatusIndicator } from '@cloudscape-design/components';
import type { Outcome } from './each.ts';
import { uiStrings } from './strings.ts';

export const OutcomeOf = ({ outcome }: { readonly outcome: Outcome<unknown> | undefined }) => {
  switch (outcome?.state) {
    case undefined:
      return null;
    case 'waiting':
      return <StatusIndicator type="pending">{uiStrings.inTurn}</StatusIndicator>;
    case 'busy':
      return <StatusIndicator type="in-progress">{uiStrings.underWay}</StatusIndicator>;
    case 'done':
      return <StatusIndicator type="success">{uiStrings.done}</StatusIndicator>;
    case 'refused':
      return <StatusIndicator type="error">{outcome.refusal}</StatusIndicator>;
  }
};
