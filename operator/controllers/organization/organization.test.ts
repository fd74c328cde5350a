import { expect, it } from 'vitest';
import { findCondition } from '../../kernel/conditions.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { defineOrganizationController } from './organization.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';

const ACME = { name: 'acme' };
const spec = { label: 'ACME', owner: 'acme' };
const teams = [{ group: 'guests', permissions: [] }];

it('names its environments only while nobody sees it who may not see them', async () => {
  await using stage = new ControllerTestEnv(defineOrganizationController);
  const status = async () => (await stage.api.get(organizationKind, ACME)).status;
  await stage.make(organizationKind, ACME, spec);
  const place = { organization: 'acme', owner: 'acme', account: { id: '111111111111', region: 'eu-west-1' } };
  await stage.make(environmentKind, { name: 'secret-project' }, place);
  await stage.until(organizationKind, ACME, (found) => found?.status.inUse === 1);
  expect((await status()).usedBy).toEqual(['Environment secret-project']);

  await stage.api.patch(organizationKind, ACME, { type: 'merge', body: { spec: { teams } } });
  await stage.until(organizationKind, ACME, (found) => found?.status.usedBy === undefined);
  expect(await status()).toMatchObject({ inUse: 1, environments: 1 });
  await stage.api.delete(organizationKind, ACME);
  await stage.until(
    organizationKind,
    ACME,
    (found) => findCondition(found?.status.conditions, 'Ready')?.reason === 'InUse',
  );
  expect(JSON.stringify(await status())).not.toContain('secret-project');
});
