// An address that opens AWS's console as the object's role.

import { SIGN_IN_MS } from '../aws/federation.ts';
import { defineAction } from './action.ts';
import { consoleRoute } from './contract/credentials.ts';
import { enterRole } from './role-session.ts';

export const consoleAction = defineAction({
  route: consoleRoute,
  limits: { milliseconds: 20_000, bytes: 16_000 },
  run: async (context, { durationSeconds }) => {
    const { role, session } = await enterRole(context, durationSeconds);
    const { id: account, region } = role.environment.spec.account;
    const validUntil = new Date(context.now() + SIGN_IN_MS).toISOString();
    const { federation } = context.platform.aws;
    const url = await context.inAccount(account, () =>
      federation.signInUrl(session, { account, region, path: role.path }),
    );
    return { value: { url, validUntil, expiration: session.expiration.toISOString(), roleArn: role.arn } };
  },
});
