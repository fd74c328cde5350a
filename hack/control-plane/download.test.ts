/** A server of the publishers' shape, over real HTTP: good, wrong, missing, cut off, silent. A shell script plays Go. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, ensureBinaries, ensureKubectl, KUBERNETES_VERSION } from './binaries.ts';
import { programFolder, type ProgramFolder } from './program-folder.ts';
import { silent, type ProgressDisplay } from './progress.ts';

type Answer = Buffer | ((response: ServerResponse) => void);

const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64';
const KUBERNETES = `/release/${KUBERNETES_VERSION}/bin/linux/${ARCH}`;
const ETCD_VERSION = /etcd\/server\/v3 (v\S+)/.exec(
  readFileSync(join(import.meta.dirname, 'build', 'go.mod'), 'utf8'),
)?.[1];
const ETCD = `/etcd-io/etcd/releases/download/${ETCD_VERSION}`;
const ARCHIVE = `etcd-${ETCD_VERSION}-linux-${ARCH}`;

const binary = (name: string): Buffer => Buffer.from(`#!/bin/sh\necho official ${name}\n`);
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

let programs: ProgramFolder;
let folder: string;
let server: Server;
let files: Map<string, Answer>;
let env: NodeJS.ProcessEnv;
let said: string[];
let display: ProgressDisplay;

beforeEach(async () => {
  files = new Map();
  server = createServer(({ url = '' }, response) => {
    const answer = files.get(url);
    if (typeof answer === 'function') answer(response);
    else response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  programs = programFolder({ DATAALL_BINARIES_URL: mirror });
  ({ path: folder, env } = programs);
  said = [];
  display = { ...silent, message: (text) => void said.push(text) };
  publish();
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  programs.remove();
});

/** All that is downloaded, as it should be. */
function publish(): void {
  for (const name of ['kube-apiserver', 'kube-controller-manager', 'kubectl']) {
    files.set(`${KUBERNETES}/${name}`, binary(name));
    files.set(`${KUBERNETES}/${name}.sha256`, Buffer.from(sha256(binary(name))));
  }
  publishEtcd('etcd');
}

function publishEtcd(program: string): void {
  const draft = join(folder, 'archive', ARCHIVE);
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, program), binary('etcd'), { mode: 0o755 });
  const archive = execFileSync('tar', ['-czf', '-', '-C', join(folder, 'archive'), ARCHIVE]);
  files.set(`${ETCD}/${ARCHIVE}.tar.gz`, archive);
  const sums = `${'0'.repeat(64)}  etcd-${ETCD_VERSION}-darwin-amd64.zip\n${sha256(archive)}  ${ARCHIVE}.tar.gz\n`;
  files.set(`${ETCD}/SHA256SUMS`, Buffer.from(sums));
}

/** Builds whatever is asked for. */
function installGo(): void {
  programs.program(
    'go',
    `[ "$1" = build ] || exit 0
while [ "$1" != -o ]; do shift; done
out=$2; shift 2
for package; do printf '#!/bin/sh\\necho built %s\\n' "$(basename "$package")" >"$out$(basename "$package")"; chmod +x "$out$(basename "$package")"; done`,
  );
}

/** What each program in the cache says that it is. */
const cached = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(cacheFolder(env))
      .toSorted()
      .map((name) => [name, execFileSync(join(cacheFolder(env), name), { encoding: 'utf8' }).trim()]),
  );

const OFFICIAL = {
  etcd: 'official etcd',
  'kube-apiserver': 'official kube-apiserver',
  'kube-controller-manager': 'official kube-controller-manager',
};

describe('official binaries', () => {
  it('are downloaded, all four, where there is no Go, and asked for once', async () => {
    await ensureBinaries({ env, display });
    await ensureKubectl({ env, display });
    expect(cached()).toEqual({ ...OFFICIAL, kubectl: 'official kubectl' });
    files.clear();
    await ensureBinaries({ env });
    await ensureKubectl({ env });
  });

  it('are followed to where the publisher sends, as dl.k8s.io and GitHub do', async () => {
    const plain = new Map(files);
    for (const [path, answer] of plain) {
      files.set(`/elsewhere${path}`, answer);
      files.set(path, (response) => void response.writeHead(302, { location: `/elsewhere${path}` }).end());
    }
    await ensureBinaries({ env });
    expect(cached()).toEqual(OFFICIAL);
  });

  const broken: readonly [what: string, breakIt: () => void, said: RegExp][] = [
    ['is not what its checksum says', () => files.set(SERVER, binary('another')), /is not what its published checksum/],
    ['is not there', () => files.delete(SERVER), /kube-apiserver answers 404/],
    ['has no checksum', () => files.delete(`${SERVER}.sha256`), /kube-apiserver.sha256 answers 404/],
    ['has a checksum that is none', () => files.set(`${SERVER}.sha256`, Buffer.from('<html>')), /has no checksum of/],
    ['breaks off', () => files.set(SERVER, cutOff(binary('kube-apiserver'))), /kube-apiserver broke off/],
    ['is cut short without a word', () => files.set(SERVER, binary('kube-apiserver').subarray(0, 9)), /is not what/],
  ];
  it.each(broken)('are thrown away and built when one %s; the others are kept', async (_, breakIt, message) => {
    installGo();
    breakIt();
    await ensureBinaries({ env, display });
    expect(cached()).toEqual({ ...OFFICIAL, 'kube-apiserver': 'built kube-apiserver' });
    expect(said.filter((line) => line.startsWith('Not downloaded'))).toEqual([expect.stringMatching(message)]);
  });

  it('are built when the archive has not the program, or is none', async () => {
    installGo();
    rmSync(join(folder, 'archive'), { recursive: true });
    publishEtcd('etcdctl');
    await ensureBinaries({ env, display });
    expect(cached()).toEqual({ ...OFFICIAL, etcd: 'built etcd' });
    expect(said.join()).toMatch(/etcd cannot be taken out of/);
  });

  it.each([
    ['nobody listens', async () => void (await once(server.close(), 'close')), /is not reached/],
    ['a server takes the connection and says nothing', silence, /did not answer within 3 s/],
  ])('are built when %s, after 3 s at most and one line', async (_, breakAll, message) => {
    installGo();
    await breakAll();
    await ensureBinaries({ env, display });
    expect(Object.values(cached())).toEqual(['built etcd', 'built kube-apiserver', 'built kube-controller-manager']);
    const told = said.filter((line) => !/^Buil[dt]/.test(line));
    expect(told).toEqual([expect.stringMatching(message)]);
  });

  it('and no Go: says what was tried, names what is missing, and leaves nothing behind', async () => {
    files.clear();
    await expect(ensureBinaries({ env, display })).rejects.toMatchObject({ problem: 'go-missing' });
    expect(said).toEqual([expect.stringMatching(/^Not downloaded: .* answers 404/)]);
    expect(readdirSync(cacheFolder(env))).toEqual([]);
  });

  it('are not asked for where DATAALL_BINARIES_URL is empty, and an address that is none is refused', async () => {
    await expect(ensureBinaries({ env: { ...env, DATAALL_BINARIES_URL: '' } })).rejects.toThrow('no Go on PATH');
    await expect(ensureBinaries({ env: { ...env, DATAALL_BINARIES_URL: 'mirror' } })).rejects.toMatchObject({
      problem: 'bad-option',
      message: expect.stringContaining('DATAALL_BINARIES_URL'),
    });
    expect(existsSync(join(cacheFolder(env), 'etcd'))).toBe(false);
  });
});

const SERVER = `${KUBERNETES}/kube-apiserver`;

/** Promises all and closes the connection half-way. */
const cutOff =
  (content: Buffer): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, content.length / 2), () => response.destroy());
  };

async function silence(): Promise<void> {
  for (const path of files.keys()) files.set(path, () => undefined);
}
