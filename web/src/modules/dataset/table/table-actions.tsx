// What can be done with a table as a whole.

import { Button, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { later } from '../../../ui/later.tsx';
import { RouteButton } from '../../../ui/route-link.tsx';
import { decides, owns } from '../role.ts';
import { tableStrings as strings } from './strings.ts';
import type { Table } from './table-page.tsx';

const DescribeTableDialog = later(async () => (await import('./table-dialogs.tsx')).DescribeTableDialog);
const ForgetDialog = later(async () => (await import('./table-dialogs.tsx')).ForgetDialog);

export function TableActions({ table }: { readonly table: Table }) {
  const [asking, setAsking] = useState<'edit' | 'forget'>();
  const { userRoleForTable: role, datasetUri, tableUri } = table;
  const close = (): void => setAsking(undefined);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {decides(role) && <Button onClick={() => setAsking('forget')}>{strings.forget}</Button>}
      {decides(role) && <Button onClick={() => setAsking('edit')}>{strings.edit}</Button>}
      {!owns(role) && (
        <RouteButton variant="primary" href={`/request/${datasetUri}?item=${tableUri}`}>
          {strings.request}
        </RouteButton>
      )}
      {asking === 'edit' && <DescribeTableDialog table={table} onClose={close} />}
      {asking === 'forget' && <ForgetDialog table={table} onClose={close} />}
    </SpaceBetween>
  );
}
