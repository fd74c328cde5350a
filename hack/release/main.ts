// `npm run release`: builds every artefact of the version that stands in the files, checks each, and says what a human still has to push.
// `npm run release -- --set 0.2.0` writes that version into all files first, and ends.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../operator/resources/kinds.ts';
import { ensureHelm } from '../helm/helm.ts';
import { buildImage } from '../image/build.ts';
import { VERSION_PLACES, versionProblems, withVersion } from './versions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OUT = join(ROOT, 'dist', 'release');
const run = promisify(execFile);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

async function release(): Promise<void> {
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  const { stdout: changed } = await run('git', ['status', '--porcelain'], { cwd: ROOT });
  const problems = [
    ...versionProblems(version, read),
    ...(changed === '' ? [] : ['there are changes that are not committed']),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) {
    process.exitCode = 1;
    return;
  }
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  for (const [what, make] of Object.entries(ARTEFACTS)) {
    await make(version);
    process.stdout.write(`made and checked: ${what}\n`);
  }
  const sums = readdirSync(OUT).toSorted().map((file) => `${createHash('sha256').update(readFileSync(join(OUT, file))).digest('hex')}  ${file}\n`); // prettier-ignore
  writeFileSync(join(OUT, 'SHA256SUMS'), sums.join(''));
  process.stdout.write(`\n${sums.join('')}\nall of it is in ${OUT}\n\n${leftToDo(version)}`);
}

/** Each fails with a message that names what is wrong. */
const ARTEFACTS: Readonly<Record<string, (version: string) => Promise<void>>> = {
  chart: async (version) => {
    const program = await ensureHelm();
    const chart = join(ROOT, 'charts', 'dataall');
    await run(program, ['package', chart, '--destination', OUT]);
    const packed = join(OUT, `dataall-${version}.tgz`);
    const { stdout } = await run(program, ['show', 'chart', packed]);
    expectText(stdout, `version: ${version}`, 'the packed chart');
    expectText(stdout, `appVersion: ${version}`, 'the packed chart');
  },
  'definitions of the kinds': async (version) => {
    const files = readdirSync(join(ROOT, 'crds')).filter((file) => file.endsWith('.yaml')).toSorted(); // prettier-ignore
    const text = files.map((file) => read(join('crds', file))).join('---\n');
    const found = parseAllDocuments(text).filter((document) => document.get('kind') === 'CustomResourceDefinition');
    if (found.length !== kinds.length) throw new Error(`crds/ has ${found.length} definitions, and there are ${kinds.length} kinds: npm run generate`); // prettier-ignore
    writeFileSync(join(OUT, `dataall-crds-${version}.yaml`), text);
  },
  'cdk8s package': async (version) => {
    await run('npm', ['run', 'build', '--workspace', 'cdk8s'], { cwd: ROOT });
    await run('npm', ['pack', '--workspace', 'cdk8s', '--pack-destination', OUT], { cwd: ROOT });
    const { stdout } = await run('tar', ['-tzf', join(OUT, `dataall-cdk8s-${version}.tgz`)]);
    for (const file of ['package/dist/index.js', 'package/dist/index.d.ts']) expectText(stdout, file, 'the cdk8s package'); // prettier-ignore
  },
  SBOM: async (version) => {
    const { stdout } = await run('npm', ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--package-lock-only'], { cwd: ROOT, maxBuffer: 1 << 28 }); // prettier-ignore
    const { components = [] } = JSON.parse(stdout) as { readonly components?: readonly unknown[] };
    if (components.length === 0) throw new Error('the SBOM names no package');
    writeFileSync(join(OUT, `dataall-operator-${version}.cdx.json`), stdout);
  },
  'content of the image, which its command line starts': async (version) => {
    const folder = mkdtempSync(join(tmpdir(), 'release-'));
    try {
      const image = await buildImage({ folder });
      const cli = join(image.root, image.workingDir, 'operator', 'cli', 'main.ts');
      const { stdout } = await run(join(image.root, 'usr/local/bin/node'), [cli, 'version', '--client']);
      expectText(stdout, version, 'the image');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function expectText(text: string, wanted: string, where: string): void {
  if (!text.includes(wanted)) throw new Error(`${where} does not have ${wanted}`);
}

const leftToDo = (version: string): string => `Left for a human, none of which is done here:
  git tag v${version} && git push origin v${version}
  docker build --tag REGISTRY/dataall-operator:${version} . && docker push REGISTRY/dataall-operator:${version}
  cosign sign REGISTRY/dataall-operator@sha256:...          the digest that the push prints, which is also image.digest of the chart's values
  helm push dist/release/dataall-${version}.tgz oci://REGISTRY/charts
  npm publish dist/release/dataall-cdk8s-${version}.tgz     to your registry: the package is private until its owner takes that out
  attach dist/release/dataall-crds-${version}.yaml, the SBOM and SHA256SUMS to the release, with its section of CHANGELOG.md
`;

// Last: what is made is defined above.
const { values } = parseArgs({ options: { set: { type: 'string' } } });
if (values.set === undefined) await release();
else for (const file of new Set(VERSION_PLACES.map((place) => place.file))) writeFileSync(join(ROOT, file), withVersion(file, read(file), values.set)); // prettier-ignore
