import { expect, it } from 'vitest';
import { environmentKind } from '../resources/environment.ts';
import { organizationKind } from '../resources/organization.ts';
import { defineEnvironmentController } from './environment.ts';
import { Stage } from './stage.ts';

const SALES = { name: 'sales' };
const SETTINGS = 'lake-settings:111111111111:eu-west-1';
const spec = {
  organization: 'acme',
  label: 'Sales',
  owner: 'sales',
  account: { id: '111111111111', region: 'eu-west-1' },
  pivotRole: { mode: 'Existing', name: 'pivot' },
  resourcePrefix: 'dataall',
};

const linked = async () => {
  const stage = new Stage(defineEnvironmentController);
  await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
  await stage.make(environmentKind, SALES, spec);
  await stage.ready(environmentKind, SALES);
  return stage;
};

it('is made again, and Ready once the settings were read again: what was read for the one before it says nothing', async () => {
  await using stage = await linked();
  await stage.remove(environmentKind, SALES);
  stage.documents.splice(0);
  await stage.make(environmentKind, SALES, spec);
  await stage.ready(environmentKind, SALES);
  expect(stage.documents).toContain(SETTINGS);
});

it('has another pivot role, and is Ready once the settings were read for that one', async () => {
  await using stage = await linked();
  stage.documents.splice(0);
  const other = { ...spec, pivotRole: { mode: 'Existing', name: 'other' } };
  await stage.api.patch(environmentKind, SALES, { type: 'merge', body: { spec: other } });
  await stage.until(environmentKind, SALES, (object) => object?.status.pivotRole?.arn.endsWith('/other') === true);
  await stage.ready(environmentKind, SALES);
  expect(stage.documents).toContain(SETTINGS);
});
