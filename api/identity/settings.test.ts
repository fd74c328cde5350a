import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readIdentitySettings, reauthOperations } from './settings.ts';
import { settingsFor, settingsInput } from './testing/settings.ts';

const ISSUER = 'https://login.example.com';

describe('settings of identity', () => {
  it('name everything of an identity provider that is missing, since half of it signs nobody in', () => {
    const read = (): unknown =>
      readIdentitySettings({ oidc: { issuer: ISSUER, claimsMapping: { user: 'sub' } }, session: { keys: [] } });
    expect(read).toThrow(/identity\.oidc\.clientId: is missing/);
    expect(read).toThrow(/identity\.oidc\.redirectUrl: is missing/);
    expect(read).toThrow(/identity\.oidc\.scopes: is missing/);
    expect(read).toThrow(/identity\.oidc\.claimsMapping\.email: is missing/);
    expect(read).toThrow(/identity\.oidc\.claimsMapping\.groups: is missing/);
    expect(read).toThrow(/identity\.session\.keys: /);
    expect(() => readIdentitySettings({})).toThrow('identity.oidc: is missing');
  });

  it('refuse a key that they do not know and name the nearest that they do', () => {
    const input = { ...settingsInput(ISSUER), sesion: {} };
    expect(() => readIdentitySettings(input)).toThrow('identity: unknown key sesion, did you mean session?');
    expect(() => settingsFor(ISSUER, { clientID: 'x' } as object)).toThrow(
      'identity.oidc: unknown key clientID, did you mean clientId?',
    );
  });

  it('take a provider by http on this machine only', () => {
    expect(settingsFor('http://localhost:8080').oidc.issuer).toBe('http://localhost:8080');
    expect(() => settingsFor('http://login.example.com')).toThrow(
      'identity.oidc.issuer: is https, or http on this machine (localhost) only',
    );
    expect(() => settingsFor(ISSUER, { redirectUrl: 'http://data.example.com/auth/callback' })).toThrow(
      'identity.oidc.redirectUrl: is https',
    );
  });

  it('leave groups to a module where they map no claim, and say so where there is neither', () => {
    const claimsMapping = { user: 'email', email: 'email', groups: [] };
    const groupDirectory = { module: '@example/ldap-groups' };
    expect(settingsFor(ISSUER, { claimsMapping }, { groupDirectory }).oidc.claimsMapping.groups).toEqual([]);
    expect(() => settingsFor(ISSUER, { claimsMapping })).toThrow(
      'identity.oidc.claimsMapping.groups: is empty: name the claim',
    );
  });

  it('let a session last 30 days and a sign-in be fresh for five minutes unless they say otherwise', () => {
    const { session, reauth, oidc } = settingsFor(ISSUER);
    expect(session.maxAgeMinutes).toBe(43_200);
    expect(reauth).toEqual({ operations: [], ttlMinutes: 5 });
    expect(oidc).toMatchObject({
      audiences: ['dataall'],
      clients: ['dataall'],
      scopes: ['openid', 'profile', 'email'],
    });
  });

  it('read secrets from files, and say which one cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-'));
    const file = join(folder, 'secret');
    try {
      writeFileSync(file, 'of the client\n');
      expect(settingsFor(ISSUER, { clientSecret: { file } }).oidc.clientSecret).toBe('of the client');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(() => settingsFor(ISSUER, { clientSecret: { file } })).toThrow(
      `identity.oidc.clientSecret: cannot read ${file}`,
    );
  });

  it('are as docs/graphql.md shows them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-'));
    try {
      writeFileSync(join(folder, 'client-secret'), 'of the client');
      writeFileSync(join(folder, 'session-key'), Buffer.alloc(32, 7).toString('base64'));
      const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'graphql.md'), 'utf8');
      const shown = /```yaml\n(identity:.*?)```/s.exec(page)?.[1]?.replaceAll('/etc/dataall/secrets', folder) ?? '';
      const settings = readIdentitySettings((parse(shown) as { identity: unknown }).identity);
      expect(settings.oidc.claimsMapping.groups).toEqual(['cognito:groups', 'custom:saml.groups']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuse a key for sessions that is not 32 bytes, and two of one id', () => {
    const withKeys = (...keys: { id: string; secret: string }[]) => settingsFor(ISSUER, {}, { session: { keys } });
    const secret = Buffer.alloc(32).toString('base64');
    expect(() => withKeys({ id: '1', secret: 'c2hvcnQ=' })).toThrow(
      'identity.session.keys.0.secret: is 32 bytes in base64',
    );
    expect(() => withKeys({ id: '1', secret }, { id: '1', secret })).toThrow('has two keys of one id');
  });

  it.each(['system:', 'system:node', 's', 'sys', 'oidc\n', ' oidc:'])('refuse %j as a prefix of names', (prefix) => {
    expect(() => settingsFor(ISSUER, {}, { groupPrefix: prefix })).toThrow('identity.groupPrefix');
    expect(() => settingsFor(ISSUER, {}, { userPrefix: prefix })).toThrow('identity.userPrefix');
  });

  it('know operations for re-authentication in any case, and name the nearest to one that there is not', () => {
    const known = ['createDataset', 'importDataset', 'deleteDataset'];
    const withOperations = (...operations: string[]) => settingsFor(ISSUER, {}, { reauth: { operations } });
    // The example of data.all's own documentation mixes cases.
    const operations = reauthOperations(withOperations('CreateDataset', 'ImportDataset', 'deleteDataset'), known);
    expect([...operations]).toEqual(known);
    expect(() => reauthOperations(withOperations('deleteDataSets'), known)).toThrow(
      'identity.reauth.operations: no operation deleteDataSets, did you mean deleteDataset?',
    );
  });
});
