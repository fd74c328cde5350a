// Who sees a log, as config.json says of it: who may see what it is about, administrators of those alone, or nobody.

import type { LogKey } from '../../operator/features/features.ts';
import type { GatewayContext } from './context.ts';
import { disabledByConfig, unauthorized } from './failure.ts';

const DAY_MS = 86_400_000;

type Asking = Pick<GatewayContext, 'features' | 'identity' | 'viewer'>;

/** Of somebody who may see what the log is about. */
export async function seesLogs({ features, viewer }: Asking, key: LogKey): Promise<boolean> {
  const who = features.logs(key);
  return who === 'enabled' || (who === 'admin-only' && (await viewer()).isAdministrator);
}

/** @param action whose permission it is too. @throws GraphQLError DisabledByConfig, UnauthorizedOperation */
export async function demandLogs(context: Asking, action: string, key: LogKey): Promise<void> {
  if (await seesLogs(context, key)) return;
  if (context.features.logs(key) === 'disabled') throw disabledByConfig(key);
  throw unauthorized(action, context.identity.user, action, `${key}, which is admin-only`);
}

/** Whether a line is young enough to be shown. @param time RFC 3339 */
export const isRecent = ({ features }: Pick<GatewayContext, 'features'>, time: string, now: number): boolean =>
  Date.parse(time) >= now - (features.get('core.log_query_period_days') ?? 1) * DAY_MS;
