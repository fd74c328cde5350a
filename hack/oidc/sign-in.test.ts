import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOidcProvider, type OidcProvider } from './provider.ts';

describe('sign-in.mjs', () => {
  let folder: string;
  let provider: OidcProvider;

  const run = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(import.meta.dirname, 'sign-in.ts'), ...args],
        { cwd: folder },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  const endpoints = (oidc: object): void => {
    mkdirSync(join(folder, '.run'), { recursive: true });
    writeFileSync(
      join(folder, '.run', 'endpoints.json'),
      JSON.stringify({ graphql: 'http://127.0.0.1:1/graphql/api', oidc }),
    );
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dataall-sign-in-'));
    provider = await startOidcProvider({
      users: [{ name: 'owner', groups: ['sales'] }],
      clients: [
        {
          client_id: 'dataall',
          token_endpoint_auth_method: 'none',
          application_type: 'native',
          redirect_uris: ['http://127.0.0.1:1/auth/callback'],
        },
      ],
    });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await provider.stop();
  });

  it('prints a token of the demo user that is named, and nothing else', async () => {
    endpoints({ issuer: provider.issuer, clientId: 'dataall', users: ['owner'] });
    const { stdout, stderr } = await run('owner');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeJwt(stdout.trim())).toMatchObject({ aud: 'dataall', preferred_username: 'owner' });
  });

  it.each([
    [[], { users: ['owner'] }, 'Not one user is named.'],
    [['nobody'], { users: ['owner'] }, 'There is no demo user nobody.'],
    [['owner'], {}, 'npm start runs with an identity provider of yours'],
  ])('refuses %j with what to do and no stack', async (args, oidc, message) => {
    endpoints({ issuer: provider.issuer, clientId: 'dataall', ...oidc });
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(message),
      expect.stringMatching(/^ {2}What to do: .+/),
      '',
    ]);
  });
});
