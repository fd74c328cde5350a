/** `--oidc F`: the settings of an identity provider of the user's own, checked before anything starts. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readIdentitySettings, type IdentitySettingsInput } from '../../api/identity/settings.ts';
import { isPortFree } from '../control-plane/port.ts';
import { SetupError } from '../control-plane/setup-error.ts';

/** `identity.oidc` of the gateway's configuration. */
export type OidcSettingsInput = IdentitySettingsInput['oidc'];

/** @param path of the settings, in YAML. @throws SetupError that names each key that is missing, wrong or unknown */
export function readOidcFile(path: string): OidcSettingsInput {
  try {
    const oidc = parse(readFileSync(path, 'utf8')) as OidcSettingsInput;
    readIdentitySettings({ oidc, session: sessionSettings() });
    return oidc;
  } catch (error) {
    throw new SetupError(
      'bad-option',
      `--oidc ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'name a YAML file with issuer, clientId, redirectUrl, scopes and claimsMapping, as below identity.oidc in docs/graphql.md.',
    );
  }
}

/** Sessions end with the process. */
export const sessionSettings = (): IdentitySettingsInput['session'] => ({
  keys: [{ id: 'start', secret: randomBytes(32).toString('base64') }],
});

/**
 * Where the gateway must listen for people to come back to it from the provider.
 * @returns undefined where something else listens at the redirect URL and passes on, as a proxy does
 */
export function portOfRedirect({ redirectUrl }: Pick<OidcSettingsInput, 'redirectUrl'>): number | undefined {
  const { protocol, hostname, port } = new URL(redirectUrl);
  return protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname) ? Number(port || 80) : undefined;
}

/** Rejects with SetupError where the gateway could not listen at its redirect URL; another program may still be quicker. */
export async function claimRedirectPort({ redirectUrl }: Pick<OidcSettingsInput, 'redirectUrl'>): Promise<void> {
  const port = portOfRedirect({ redirectUrl });
  if (port === undefined || (await isPortFree(port))) return;
  throw new SetupError(
    'port-taken',
    `Port ${port} of 127.0.0.1, where people come back to from the provider (${redirectUrl}), cannot be listened to.`,
    'end what listens there, or name another port in redirectUrl, here and at the provider.',
  );
}
