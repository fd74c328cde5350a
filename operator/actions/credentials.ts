// Keys of a session of the object's role.

import { defineAction } from './action.ts';
import { credentialsRoute } from './contract/credentials.ts';
import { enterRole } from './role-session.ts';

export const credentialsAction = defineAction({
  route: credentialsRoute,
  limits: { milliseconds: 20_000, bytes: 16_000 },
  run: async (context, { durationSeconds }) => {
    const { role, session } = await enterRole(context, durationSeconds);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = session;
    const { region } = role.environment.spec.account;
    const keys = { accessKeyId, secretAccessKey, sessionToken, expiration: expiration.toISOString() };
    return { value: { ...keys, roleArn: role.arn, region } };
  },
});
