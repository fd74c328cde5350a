// What stands against an import, told before it is asked for.

import { Alert, Button, StatusIndicator } from '@cloudscape-design/components';
import { useQuery } from 'urql';
import { messageOf } from '../../../ui/failure.tsx';
import { formStrings as strings } from '../strings.ts';
import { ImportCheckDocument, type DatasetImportCheckInput } from './operations.ts';

interface ImportCheckProps {
  readonly input: DatasetImportCheckInput;
}

export function ImportCheck({ input }: ImportCheckProps) {
  const [{ data, fetching, error }, again] = useQuery({
    query: ImportCheckDocument,
    variables: { input },
    requestPolicy: 'network-only',
  });
  const problems = data?.checkDatasetImport ?? [];
  const retry = <Button onClick={() => again()}>{strings.checkAgain}</Button>;
  if (fetching) return <StatusIndicator type="loading">{strings.checking}</StatusIndicator>;
  if (error)
    return (
      <Alert type="info" header={strings.notChecked} action={retry}>
        {messageOf(error)}
      </Alert>
    );
  if (problems.length === 0) return <StatusIndicator type="success">{strings.importable}</StatusIndicator>;
  return (
    <Alert type="warning" header={strings.notImportable} action={retry}>
      <ul>
        {problems.map(({ reason, message }) => (
          <li key={reason + message}>{message}</li>
        ))}
      </ul>
    </Alert>
  );
}
