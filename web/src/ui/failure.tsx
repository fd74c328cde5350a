// An error of the gateway, as people read it.

import { Alert, Button } from '@cloudscape-design/components';
import type { CombinedError } from 'urql';
import { uiStrings } from './strings.ts';

/** The gateway writes in data.all's form, for programs: `An error occurred (Class) when calling ACTION operation: text`. */
const FORM = /^An error occurred \(\w+\) when calling \w+ operation: /;

export const messageOf = ({ graphQLErrors, message }: CombinedError): string =>
  graphQLErrors.length === 0 ? message : graphQLErrors.map((error) => error.message.replace(FORM, '')).join('\n');

interface FailureProps {
  readonly error: CombinedError;
  readonly onRetry?: () => void;
}

export const Failure = ({ error, onRetry }: FailureProps) => (
  <Alert
    type="error"
    header={uiStrings.failed}
    action={onRetry !== undefined && <Button onClick={onRetry}>{uiStrings.tryAgain}</Button>}
  >
    {messageOf(error)}
  </Alert>
);
