import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfigJson } from './config-json.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataall-config-json-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('config.json, as npm start finds it,', () => {
  it('is taken as it is shipped', () => {
    expect(() => checkConfigJson()).not.toThrow();
  });

  it.each([
    ['a module that is none', '{"modules": {"s3_dataset": {"active": true}}}', /unknown key s3_dataset, did you mean/],
    ['what is no JSON', '{"modules": {"catalog" {"active": true}}}', /line 1, column \d+: cannot be read/],
    ['nothing', '', /is empty/],
  ])('is refused with %s before anything starts, with what to do', (_, text, message) => {
    const path = join(folder, 'config.json');
    writeFileSync(path, text);
    expect(() => checkConfigJson(path)).toThrow(message);
    expect(() => checkConfigJson(path)).toThrow(/What to do: correct the file; docs\/configuration\.md/);
  });
});
