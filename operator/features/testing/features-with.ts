// The features of this repository's config.json with some of it said otherwise.

import { readFileSync } from 'node:fs';
import { patched } from '../../kernel/testing/json-patch.ts';
import { readConfigJson } from '../config-json.ts';
import type { Features } from '../features.ts';
import { SHIPPED_CONFIG_JSON } from '../shipped.ts';

/** @param patch a merge patch (RFC 7386) of the file, e.g. `{ modules: { worksheets: null } }` */
export const featuresWith = (patch: Record<string, unknown>): Features => {
  const shipped = JSON.parse(readFileSync(SHIPPED_CONFIG_JSON, 'utf8')) as Record<string, unknown>;
  return readConfigJson(patched(shipped, { type: 'merge', body: patch }));
};
