// Why there is nothing to be told about the custom resource behind something.

import { Alert } from '@cloudscape-design/components';
import type { CombinedError } from 'urql';
import type { AboutObject } from './about-object.tsx';
import { Failure } from './failure.tsx';
import { uiStrings } from './strings.ts';

interface ObjectFailureProps {
  readonly about: AboutObject;
  readonly error: CombinedError;
  readonly onRetry: () => void;
}

/** A table is there in Glue; an object of its own it has once somebody has written something about it. */
export const ObjectFailure = ({ about: { kind }, error, onRetry }: ObjectFailureProps) =>
  kind === 'DatasetTable' && error.graphQLErrors.some(({ extensions }) => extensions['code'] === 'ResourceNotFound') ? (
    <Alert type="info">{uiStrings.noObjectYet}</Alert>
  ) : (
    <Failure error={error} onRetry={onRetry} />
  );
