// Stands in place of every page while only administrators are let in.

import { Alert, Button } from '@cloudscape-design/components';
import { Page } from '../ui/page.tsx';
import { appStrings as strings } from './strings.ts';

export const MaintenancePage = ({ message }: { readonly message: string }) => (
  <Page title={strings.maintenance}>
    <Alert
      type="info"
      header={message}
      action={<Button onClick={() => globalThis.location.reload()}>{strings.tryAgain}</Button>}
    >
      {strings.maintenanceText}
    </Alert>
  </Page>
);
