// Who is shown the log of a share, as config.json says.

import { expect, it } from 'vitest';
import { featuresWith } from '../../../operator/features/testing/features-with.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene } from '../../../test/support/gateway-scene.ts';
import { populate } from '../../../test/support/index-scene.ts';

const postgres = databaseServer();
const LOGS = `query ($share: String!) { getShareLogs(shareUri: $share) { message } }`;
const MAY = `query ($share: String!) { getShareObject(shareUri: $share) { canViewLogs } }`;

it.each([
  ['enabled', { who: ['marketing', 'admins'], refused: [] }],
  ['admin-only', { who: ['admins'], refused: ['UnauthorizedOperation'] }],
  ['disabled', { who: [], refused: ['DisabledByConfig', 'DisabledByConfig'] }],
])('the log of a share, where config.json has it %s, is shown to, and promised to: %j', async (shown, expected) => {
  const features = featuresWith({ modules: { shares_base: { features: { show_share_logs: shown } } } });
  const { as, database } = await gatewayScene(postgres, populate, { features });
  const { uri: share } = await database.selectFrom('share_request').select('uri').executeTakeFirstOrThrow();
  const who: string[] = [];
  const refused: string[] = [];
  for (const group of ['marketing', 'admins']) {
    const person = as(group, group);
    const { getShareObject } = await person.ask<{ getShareObject: { canViewLogs: boolean } }>(MAY, { share });
    if (getShareObject.canViewLogs) {
      await person.ask(LOGS, { share });
      who.push(group);
    } else refused.push((await person.refused(LOGS, { share })).code);
  }
  expect({ who, refused }).toEqual(expected);
});
