// Maintenance through GraphQL: begun and ended by administrators in the Tenant, told to everybody.

import { expect, it } from 'vitest';
import { tenantKind } from '../../../operator/resources/tenant.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { salesScene } from '../../../test/support/environment-people.ts';

const postgres = databaseServer();
const status = `{ getMaintenanceWindowStatus { status mode message } viewerIsAdministrator }`;
const told = `{ getMaintenanceWindowStatus { status mode message } }`;
const start = `mutation ($mode: String, $message: String) { startMaintenanceWindow(mode: $mode, message: $message) }`;
const stop = `mutation { stopMaintenanceWindow }`;

it('An administrator begins and ends maintenance in the Tenant, and everybody is told of it', async () => {
  const { admin, sally, stored } = await salesScene(postgres);
  const tenant = async () => (await stored(tenantKind, { name: 'default' }))?.spec.maintenance;
  const none = { status: 'INACTIVE', mode: null, message: null };
  expect(await sally.ask(status)).toEqual({ getMaintenanceWindowStatus: none, viewerIsAdministrator: false });
  expect(await admin.ask(status)).toEqual({ getMaintenanceWindowStatus: none, viewerIsAdministrator: true });

  expect(await admin.ask(start, { mode: 'READ-ONLY' })).toEqual({ startMaintenanceWindow: true });
  expect(await tenant()).toEqual({ mode: 'ReadOnly' });
  expect(await admin.ask(start, { mode: 'NO-ACCESS', message: 'until noon' })).toEqual({
    startMaintenanceWindow: true,
  });
  expect(await tenant()).toEqual({ mode: 'NoAccess', message: 'until noon' });
  const closed = { status: 'ACTIVE', mode: 'NO-ACCESS', message: 'until noon' };
  expect(await sally.ask(told)).toEqual({ getMaintenanceWindowStatus: closed });

  expect(await admin.ask(stop)).toEqual({ stopMaintenanceWindow: true });
  expect(await tenant()).toBeUndefined();
});

it('Maintenance is begun and ended by nobody else, and in no mode that there is not', async () => {
  const { admin, sally, stored } = await salesScene(postgres);
  for (const [query, variables] of [
    [start, { mode: 'READ-ONLY' }],
    [stop, {}],
  ] as const)
    expect(await sally.refused(query, variables)).toMatchObject({ code: 'UnauthorizedOperation' });
  expect(await admin.refused(start, { mode: 'SLOW' })).toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('READ-ONLY, NO-ACCESS'),
  });
  expect((await stored(tenantKind, { name: 'default' }))?.spec.maintenance).toBeUndefined();
});
