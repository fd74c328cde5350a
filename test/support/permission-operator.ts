// The operator's internal API in the world of permissions: tokens and rights are reviewed by the real API server, as the operator's account; what
// AWS would answer is written down.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { SealedBox } from '../../api/identity/sealed-box.ts';
import { OperatorClient } from '../../api/operator-actions/operator-actions.ts';
import { operatorSettings } from '../../api/operator-actions/settings.ts';
import { TemplateLinks } from '../../api/operator-actions/template-links.ts';
import { DEFAULT_AUDIENCE } from '../../operator/actions/contract/route.ts';
import { ActionServer } from '../../operator/actions/server.ts';
import type { Platform } from '../../operator/controllers/reconcile/platform.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation } from '../../operator/resources/authority/installation.ts';
import { actionsWithoutAws } from './actions-without-aws.ts';
import { eventually, type Scene } from './authority-scene.ts';

const { namespace } = defaultInstallation;
const log = pino({ level: 'silent' });

export interface PermissionOperator extends AsyncDisposable {
  readonly operator: OperatorClient;
  readonly templateLinks: TemplateLinks;
}

export async function startPermissionOperator({ as }: Scene): Promise<PermissionOperator> {
  const end = new AbortController();
  const server = new ActionServer({
    config: {
      port: 0,
      host: '127.0.0.1',
      audience: DEFAULT_AUDIENCE,
      callers: [{ namespace, name: GATEWAY_SERVICE_ACCOUNT, assertsUsers: true }],
    },
    actions: actionsWithoutAws(),
    platform: { api: as.operator.api, audit: log, config: { features: shippedFeatures() } } as unknown as Platform,
    log,
    clock: systemClock,
    isReady: () => true,
    report: () => undefined,
  });
  const running = server.run(end.signal);
  // Whichever comes first: what keeps it from being served is told at once.
  await Promise.race([eventually('the internal API is served', async () => server.url !== undefined), running]);
  const folder = mkdtempSync(join(tmpdir(), 'permission-operator-'));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, await tokenOf(as.root.api));
  const operator = new OperatorClient(operatorSettings.parse({ url: server.url, tokenFile }), log, shippedFeatures());
  const box = new SealedBox([{ id: 'a', secret: randomBytes(32) }]);
  return {
    operator,
    templateLinks: new TemplateLinks({ box, origin: 'https://gateway.example', operator, clock: systemClock }),
    [Symbol.asyncDispose]: async () => {
      await operator.close();
      end.abort();
      await running;
      rmSync(folder, { recursive: true });
    },
  };
}

const tokenOf = async (root: Scene['as']['root']['api']): Promise<string> => {
  const { status } = await root.post<{ status: { token: string } }>(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${GATEWAY_SERVICE_ACCOUNT}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: [DEFAULT_AUDIENCE], expirationSeconds: 3_600 },
    },
  );
  return status.token;
};
