// For tests: settings that are good, to be changed where a test says something.

import { readIdentitySettings, type IdentitySettings, type IdentitySettingsInput } from '../settings.ts';

export const settingsInput = (
  issuer: string,
  oidc: Partial<IdentitySettingsInput['oidc']> = {},
  rest: Partial<Omit<IdentitySettingsInput, 'oidc'>> = {},
): IdentitySettingsInput => ({
  oidc: {
    issuer,
    clientId: 'dataall',
    redirectUrl: 'https://data.example.com/auth/callback',
    scopes: 'openid profile email',
    claimsMapping: { user: 'email', email: 'email', groups: 'groups' },
    ...oidc,
  },
  session: { keys: [{ id: '1', secret: Buffer.alloc(32, 1).toString('base64') }] },
  ...rest,
});

export const settingsFor = (...input: Parameters<typeof settingsInput>): IdentitySettings =>
  readIdentitySettings(settingsInput(...input));
