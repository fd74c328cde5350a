// How the gateway is configured: one YAML or JSON file, read once at start, checked, never written.

import { z } from 'zod';
import { identitySettings } from './identity/settings.ts';
import { describeIssues, settingsErrorMap } from '../operator/kernel/process/settings-error.ts';
import { operatorSettings } from './operator-actions/settings.ts';
import { databaseSettings } from './read-model/settings.ts';
import { searchSettings } from './search/opensearch/settings.ts';
import { serverSettings } from './server/settings.ts';
import { webSettings } from './server/web-pages.ts';

const gatewaySettings = z.strictObject({
  /** Namespace of the installation: the indexer's Lease is there. */
  namespace: z.string().default('dataall-system'),
  server: serverSettings.prefault({}),
  identity: identitySettings,
  database: databaseSettings.prefault({}),
  /** The operator's internal API; left out, what needs AWS is refused. */
  operator: operatorSettings.optional(),
  /** Where the catalogue is searched: in the same PostgreSQL, or in OpenSearch. */
  search: searchSettings.default({ backend: 'postgres' }),
  /** The web UI; left out, none is served. */
  web: webSettings.optional(),
});

export type GatewaySettings = z.output<typeof gatewaySettings>;
export type GatewaySettingsInput = z.input<typeof gatewaySettings>;

/** Throws an Error that names every key that is missing, wrong or unknown (with the nearest known one). */
export function readSettings(input: unknown): GatewaySettings {
  const result = gatewaySettings.safeParse(input, { error: settingsErrorMap });
  if (result.success) return result.data;
  throw new Error(`configuration:\n${describeIssues(result.error, 'gateway')}`);
}
