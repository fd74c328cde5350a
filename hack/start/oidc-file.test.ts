import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { claimRedirectPort, portOfRedirect, readOidcFile } from './oidc-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataall-oidc-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(folder, 'oidc.yaml');
  writeFileSync(path, text);
  return path;
};

const COGNITO = `
issuer: https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_example
clientId: 1example23456789
redirectUrl: http://localhost:8443/auth/callback
scopes: openid profile email
claimsMapping: {user: email, email: email, groups: [cognito:groups]}
`;

describe('--oidc', () => {
  it('takes a provider as it stands in the configuration of a gateway, and has the gateway listen where people come back to', () => {
    const oidc = readOidcFile(file(COGNITO));
    expect(oidc).toMatchObject({ clientId: '1example23456789', claimsMapping: { groups: ['cognito:groups'] } });
    expect(portOfRedirect(oidc)).toBe(8443);
    expect(portOfRedirect({ redirectUrl: 'https://data.example.com/auth/callback' })).toBeUndefined();
  });

  it.each([
    ['half a provider', 'issuer: https://login.example.com', /identity\.oidc\.clientId: is missing/],
    ['a key that is none', `${COGNITO}clientID: x`, /unknown key clientID, did you mean clientId\?/],
    ['the whole configuration', `identity:\n  oidc: {}`, /identity\.oidc: unknown key identity/],
    ['what is no YAML', '{', /--oidc .*oidc\.yaml cannot be used/],
    ['nothing', '', /identity\.oidc: .*expected object/],
  ])('refuses %s before anything starts, with what to do', (_, text, message) => {
    expect(() => readOidcFile(file(text))).toThrow(message);
    expect(() => readOidcFile(file(text))).toThrow(/What to do: name a YAML file with issuer, clientId/);
  });

  it('refuses a file that is not there', () => {
    expect(() => readOidcFile(join(folder, 'none.yaml'))).toThrow(/ENOENT/);
  });

  it('is refused before anything starts where another program listens at the redirect URL', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(claimRedirectPort({ redirectUrl: `http://localhost:${port}/auth/callback` })).rejects.toThrow(
      /Port \d+ .*cannot be listened to\.\s+What to do: end what listens there/,
    );
    await expect(claimRedirectPort({ redirectUrl: 'https://data.example.com/auth/callback' })).resolves.toBeUndefined();
  });
});
