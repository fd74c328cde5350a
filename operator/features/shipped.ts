// The config.json of this repository: what is in force where an installation names no other.

import { join } from 'node:path';
import { readSettingsFile } from '../kernel/process/start-up.ts';
import { readConfigJson } from './config-json.ts';
import type { Features } from './features.ts';

/** At the top level of the repository, as in data.all. */
export const SHIPPED_CONFIG_JSON = join(import.meta.dirname, '..', '..', 'config.json');

/** The file of --config-json. Throws StartupError, with the file's name and every key that is wrong. */
export const readConfigJsonFile = (path: string): Features => readSettingsFile(path, readConfigJson, '--config-json');

let shipped: Features | undefined;

/** Read when first asked for: who names a file of their own needs none here. Throws as {@link readConfigJsonFile}. */
export const shippedFeatures = (): Features => (shipped ??= readConfigJsonFile(SHIPPED_CONFIG_JSON));
