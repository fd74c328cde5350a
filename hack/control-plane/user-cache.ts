/** Where what was downloaded or built once is kept for this user. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `dataall-operator/<name>` in the user's cache folder. @param env read: XDG_CACHE_HOME */
export function userCacheFolder(name: string, env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'dataall-operator', name);
}
