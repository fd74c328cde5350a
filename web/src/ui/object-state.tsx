// Whether AWS is as an object says (its condition Ready), and what is in the way.

import { Alert, StatusIndicator } from '@cloudscape-design/components';
import { uiStrings } from './strings.ts';

interface ReadyState {
  /** `True`, `False` or `Unknown`, as Kubernetes writes it. */
  readonly ready: string | null | undefined;
  readonly reason?: string | null;
  readonly message?: string | null;
}

export const ReadyIndicator = ({ ready }: ReadyState) => {
  switch (ready) {
    case 'True':
      return (
        <StatusIndicator type="success" wrapText={false}>
          {uiStrings.ready}
        </StatusIndicator>
      );
    case 'False':
      return (
        <StatusIndicator type="warning" wrapText={false}>
          {uiStrings.notReady}
        </StatusIndicator>
      );
    default:
      return (
        <StatusIndicator type="in-progress" wrapText={false}>
          {uiStrings.becomingReady}
        </StatusIndicator>
      );
  }
};

/** Nothing while all is well. */
export const WhyNotReady = ({ ready, reason, message }: ReadyState) =>
  ready !== 'True' &&
  (message ?? '') !== '' && (
    <Alert type={ready === 'False' ? 'warning' : 'info'} header={uiStrings.whyNotReady(reason ?? '')}>
      {message}
    </Alert>
  );
