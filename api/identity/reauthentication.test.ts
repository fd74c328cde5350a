import { describe, expect, it } from 'vitest';
import { needsReauthentication, reauthenticationRequired } from './reauthentication.ts';

describe('re-authentication', () => {
  const settings = { operations: new Set(['deleteDataset']), ttlMinutes: 5 };
  const now = 1_700_000_000;

  it('is asked for when the sign-in is older than the time to live, for the operations named and no other', () => {
    expect(needsReauthentication(settings, { authenticatedAt: now - 301 }, 'deleteDataset', now)).toBe(true);
    expect(needsReauthentication(settings, { authenticatedAt: now - 300 }, 'deleteDataset', now)).toBe(false);
    expect(needsReauthentication(settings, { authenticatedAt: now - 3_000 }, 'getDataset', now)).toBe(false);
  });

  it('is asked for where nobody says when somebody signed in: a refresh token makes tokens as new as one likes', () => {
    expect(needsReauthentication(settings, { authenticatedAt: undefined }, 'deleteDataset', now)).toBe(true);
    expect(needsReauthentication(settings, { authenticatedAt: undefined }, 'getDataset', now)).toBe(false);
  });

  it("is told with the code and the status that data.all's front end waits for", () => {
    const { message, extensions } = reauthenticationRequired('deleteDataset');
    expect(message).toBe('ReAuth Required To Perform This Action deleteDataset');
    expect(extensions).toMatchObject({ code: 'REAUTH', http: { status: 401 } });
  });
});
