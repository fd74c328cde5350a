// Pages for what cannot be shown: an address that leads nowhere, and a page that failed.

import { Alert, Button } from '@cloudscape-design/components';
import { useRouteError } from 'react-router';
import { Page } from '../ui/page.tsx';
import { RouteButton } from '../ui/route-link.tsx';
import { appStrings } from './strings.ts';

export const NotFoundPage = () => (
  <Page title={appStrings.notFound} description={appStrings.notFoundText}>
    <RouteButton href="/">{appStrings.goHome}</RouteButton>
  </Page>
);

export function FailedPage() {
  const error = useRouteError();
  return (
    <Page title={appStrings.failed}>
      <Alert
        type="error"
        header={appStrings.failedText}
        action={<Button onClick={() => globalThis.location.reload()}>{appStrings.reload}</Button>}
      >
        {error instanceof Error ? error.message : String(error)}
      </Alert>
    </Page>
  );
}
