// The gateway's process: reads its command line and configuration, then serves, indexes, or both, until it is told to stop; or has the read
// model rebuilt.

import { pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readConfigJsonFile } from '../operator/features/shipped.ts';
import { HttpKubeApi } from '../operator/kernel/client/http-kube-api.ts';
import { endOnSignal } from '../operator/kernel/process/shut-down.ts';
import {
  clusterCredentials,
  readSettingsFile,
  StartupError,
  systemFailure,
} from '../operator/kernel/process/start-up.ts';
import { readCommandLine, USAGE, type CommandLine, type Role } from './command-line.ts';
import { startGateway } from './gateway.ts';
import { openDatabase } from './read-model/database.ts';
import { migrateAt } from './read-model/migrate.ts';
import { rebuild, type RebuildProgress } from './read-model/rebuild.ts';
import { requestReindex } from './search/indexing/catalog-copy.ts';
import { readSettings, type GatewaySettings } from './settings.ts';

try {
  const flags = readCommandLine(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(USAGE);
  else if (flags.command === 'rebuild') await rebuildReadModel(flags);
  else await start(flags, flags.command);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
process.exit();

async function start(flags: CommandLine, role: Role): Promise<void> {
  const features = readConfigJsonFile(flags.configJson);
  const settings = withPort(readSettingsFile(flags.config, readSettings), flags.port);
  const credentials = await clusterCredentials(flags);
  const log = pino({ level: flags.logLevel, base: { stream: 'log' } });
  const end = endOnSignal(log);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const api = new HttpKubeApi({ credentials, userAgent: 'dataall-gateway' });
  try {
    const options = { settings, features, role, api, credentials, probePort: flags.probePort, registry, log };
    const gateway = await startGateway(options).catch((error: unknown) => {
      throw systemFailure(error) ?? error;
    });
    const { url, probePort } = gateway;
    log.info({ role, url, probePort, pid: process.pid }, 'started');
    await gateway.run(end);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    log.fatal({ err: error }, 'cannot go on; ending');
    process.exitCode = 1;
  } finally {
    await api.close();
    log.flush();
  }
}

async function rebuildReadModel({ config, logLevel }: CommandLine): Promise<void> {
  const { database: settings } = readSettingsFile(config, readSettings);
  const database = openDatabase(settings);
  try {
    await migrateAt(settings);
    await requestReindex(database);
    const tell = ({ done, stale }: RebuildProgress): void =>
      void process.stdout.write(`${done} rows made anew, ${stale} from before\n`);
    await rebuild(database, tell, endOnSignal(pino({ level: logLevel })));
  } catch (error) {
    throw new StartupError(`the read model was not rebuilt: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await database.destroy();
  }
}

function withPort(settings: GatewaySettings, port: number | undefined): GatewaySettings {
  return port === undefined ? settings : { ...settings, server: { ...settings.server, port } };
}
