/**
 * What people reach by GraphQL: a PostgreSQL, an OpenSearch where asked, an identity provider with demo users (or one of theirs), and the
 * gateway with its indexer.
 */
import { stringify } from 'yaml';
import type { GatewaySettingsInput } from '../../api/settings.ts';
import { DEFAULT_AUDIENCE } from '../../operator/actions/contract/route.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation } from '../../operator/resources/authority/installation.ts';
import type { Cluster } from '../control-plane/cluster.ts';
import { pickPort } from '../control-plane/port.ts';
import { AUDIENCE, SCOPES, startOidcProvider } from '../oidc/provider.ts';
import { startOpenSearch } from '../opensearch/opensearch-server.ts';
import type { OpenSearchPrograms } from '../opensearch/programs.ts';
import { startPostgres } from '../postgres/postgres-server.ts';
import { USERS } from './cast.ts';
import type { Endpoints } from './endpoints.ts';
import { forkGateway } from './fork-gateway.ts';
import { portOfRedirect, sessionSettings, type OidcSettingsInput } from './oidc-file.ts';
import { RestartedProcess } from './restarted-process.ts';
import type { RunDirectory } from './run-directory.ts';
import { writeSecret } from './secret-file.ts';

const NAMESPACE = defaultInstallation.namespace;
const CLIENT_ID = 'dataall';
/** A month: `npm start` may stay up for long, and nobody else renews the token. */
const TOKEN_LIFETIME_S = 30 * 86_400;

/** What the gateway stands on; started beside the control plane. */
export interface GatewayParts {
  readonly databaseUrl: string;
  /** Undefined: PostgreSQL searches the catalogue. */
  readonly openSearchUrl: string | undefined;
  /** Of the gateway, known before it listens: people are sent back to it. */
  readonly port: number;
  readonly oidc: OidcSettingsInput;
  /** Names at the demo provider; undefined with a provider of the user's own. */
  readonly users: readonly string[] | undefined;
}

interface PartsOptions {
  /** Settings `identity.oidc` of the gateway, for a provider of the user's own. */
  readonly oidc: OidcSettingsInput | undefined;
  /** There where OpenSearch searches the catalogue. */
  readonly openSearch: OpenSearchPrograms | undefined;
}

export async function startGatewayParts(
  started: AsyncDisposableStack,
  { oidc, openSearch: programs }: PartsOptions,
): Promise<GatewayParts> {
  const port = (oidc && portOfRedirect(oidc)) ?? (await pickPort());
  const postgres = await startPostgres();
  started.defer(() => postgres.stop());
  const openSearch = programs && (await startOpenSearch(programs));
  if (openSearch) started.defer(() => openSearch.stop());
  const own = { databaseUrl: postgres.url(), openSearchUrl: openSearch?.url, port };
  if (oidc !== undefined) return { ...own, oidc, users: undefined };
  return { ...own, ...(await startDemoProvider(started, port)) };
}

/** @param port of the gateway */
async function startDemoProvider(
  started: AsyncDisposableStack,
  port: number,
): Promise<Pick<GatewayParts, 'oidc' | 'users'>> {
  const redirectUrl = `http://127.0.0.1:${port}/auth/callback`;
  const provider = await startOidcProvider({
    users: USERS,
    clients: [
      {
        client_id: CLIENT_ID,
        redirect_uris: [redirectUrl],
        post_logout_redirect_uris: [new URL('/', redirectUrl).href],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'native',
      },
    ],
  });
  started.defer(() => provider.stop());
  return {
    oidc: {
      issuer: provider.issuer,
      clientId: CLIENT_ID,
      redirectUrl,
      scopes: [...SCOPES, 'offline_access'],
      audiences: [AUDIENCE, CLIENT_ID],
      claimsMapping: { user: 'preferred_username', email: 'email', groups: 'groups' },
    },
    users: USERS.map(({ name }) => name),
  };
}

export async function startGateway(
  run: RunDirectory,
  cluster: Cluster,
  {
    databaseUrl,
    openSearchUrl: url,
    port,
    actionsPort,
    oidc,
    webFolder,
  }: GatewayParts & {
    readonly actionsPort: number;
    /** Of the built web UI. */
    readonly webFolder: string;
  },
  onRestart: (how: string, ms: number) => void,
): Promise<RestartedProcess> {
  const files = {
    config: run.file('gateway.yaml'),
    kubeconfig: run.file('gateway.kubeconfig'),
    operatorToken: run.file('gateway.operator-token'),
    log: run.file('gateway.log'),
  };
  const settings: GatewaySettingsInput = {
    namespace: NAMESPACE,
    server: { host: '127.0.0.1', introspection: true },
    identity: { oidc, session: sessionSettings() },
    database: { url: databaseUrl },
    ...(url !== undefined && { search: { backend: 'opensearch' as const, opensearch: { url } } }),
    operator: { url: `http://127.0.0.1:${actionsPort}`, tokenFile: files.operatorToken },
    web: { folder: webFolder },
  };
  const account = [NAMESPACE, GATEWAY_SERVICE_ACCOUNT, TOKEN_LIFETIME_S] as const;
  const identity = await cluster.serviceAccount(...account);
  const caller = await cluster.serviceAccount(...account, DEFAULT_AUDIENCE);
  writeSecret(files.operatorToken, caller.getCurrentUser()?.token ?? '');
  writeSecret(files.config, stringify(settings));
  writeSecret(files.kubeconfig, stringify(JSON.parse(identity.exportConfig())));
  return RestartedProcess.start({
    name: 'gateway',
    fork: (forkedPort) => forkGateway(files, forkedPort),
    port,
    log: files.log,
    onRestart,
  });
}

export const gatewayEndpoints = ({
  databaseUrl,
  openSearchUrl,
  oidc,
  users,
}: GatewayParts): Pick<Endpoints, 'web' | 'graphql' | 'oidc' | 'postgres' | 'opensearch'> => ({
  // Where people come back to from the provider: cookies of a sign-in are of that host, and GraphQL is asked with them.
  web: new URL('/', oidc.redirectUrl).href,
  graphql: new URL('/graphql/api', oidc.redirectUrl).href,
  oidc: { issuer: oidc.issuer, clientId: oidc.clientId, ...(users !== undefined && { users }) },
  postgres: databaseUrl,
  ...(openSearchUrl !== undefined && { opensearch: openSearchUrl }),
});
