import { describe, expect, it, vi } from 'vitest';
import { settingsInput } from './identity/testing/settings.ts';
import { readSettings } from './settings.ts';

const identity = settingsInput('https://login.example.com');

describe('settings of the gateway', () => {
  it('take the database from DATABASE_URL alone, and say how it is written where it is wrong', () => {
    vi.stubEnv('DATABASE_URL', 'postgres://gateway:hunter2@db.example.com:5432/dataall');
    expect(readSettings({ identity }).database).toMatchObject({ connections: 10, url: process.env['DATABASE_URL'] });
    vi.stubEnv('DATABASE_URL', 'mysql://gateway:hunter2@db');
    const wrong = 'gateway.database.url: as the environment variable DATABASE_URL has it: is written like postgres://';
    expect(() => readSettings({ identity })).toThrow(wrong);
    expect(() => readSettings({ identity })).not.toThrow('hunter2');
    vi.stubEnv('DATABASE_URL', undefined);
    expect(() => readSettings({ identity })).toThrow('gateway.database.url: is missing: say it here, or in the env');
    vi.unstubAllEnvs();
  });

  it('name the nearest key, and a folder that holds no web UI', () => {
    expect(() => readSettings({ identity, servr: {}, web: { folder: import.meta.dirname } })).toThrow(
      /web\.folder: holds no index\.html: npm run build[^]*unknown key servr, did you mean server\?/,
    );
  });
});
