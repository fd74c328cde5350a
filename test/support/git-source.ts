// A Git repository as Flux's source-controller offers it to other controllers: the head of main as an archive over HTTP, which the status of a
// GitRepository names. @see https://fluxcd.io/flux/components/source/gitrepositories/#artifact
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind } from '../../operator/kernel/kind.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;

export const gitRepositoryKind: Kind = {
  group: 'source.toolkit.fluxcd.io',
  version: 'v1',
  plural: 'gitrepositories',
  kind: 'GitRepository',
  scope: 'Namespaced',
};

/** Serves archives, each at a path of its own. */
export class ArchiveServer implements AsyncDisposable {
  readonly #archives = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(({ url = '' }, response) => {
      const archive = this.#archives.get(url);
      response.writeHead(archive === undefined ? 404 : 200).end(archive);
    });
  }

  static async start(): Promise<ArchiveServer> {
    const archives = new ArchiveServer();
    archives.#server.listen(0, '127.0.0.1');
    await once(archives.#server, 'listening');
    return archives;
  }

  /** @returns its URL */
  serve(path: string, archive: Buffer): string {
    this.#archives.set(path, archive);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Of a GitRepository. */
interface RepositoryName {
  readonly namespace: string;
  readonly name: string;
}

export class GitSource {
  readonly #api: KubeApi;
  readonly #archives: ArchiveServer;
  readonly #name: RepositoryName;
  readonly #folder: string;

  private constructor(api: KubeApi, archives: ArchiveServer, name: RepositoryName, folder: string) {
    this.#api = api;
    this.#archives = archives;
    this.#name = name;
    this.#folder = folder;
  }

  /**
   * A repository with what `fill` writes as its first commit.
   * @param name of the GitRepository, which is there when it is first published
   * @param folder does not exist yet
   */
  static async create(
    api: KubeApi,
    archives: ArchiveServer,
    name: RepositoryName,
    folder: string,
    fill: (folder: string) => Promise<void>,
  ): Promise<GitSource> {
    await mkdir(folder, { recursive: true });
    const source = new GitSource(api, archives, name, folder);
    await source.#git('init', '--quiet', '--initial-branch=main');
    await fill(folder);
    await source.#commit('Begin');
    return source;
  }

  /** A pull request: what `edit` does to the files becomes a branch, is merged and published. */
  async merge(title: string, edit: (folder: string) => Promise<void>): Promise<string> {
    await this.#git('switch', '--quiet', '--create', 'pull-request');
    await edit(this.#folder);
    await this.#commit(title);
    await this.#git('switch', '--quiet', 'main');
    await this.#git('merge', '--quiet', '--no-ff', '-m', `Merge: ${title}`, 'pull-request');
    await this.#git('branch', '--quiet', '--delete', 'pull-request');
    return await this.publish();
  }

  /** Undoes the last merge, by a commit as `git revert` makes it. */
  async revert(): Promise<string> {
    await this.#git('revert', '--no-edit', '--mainline=1', 'HEAD');
    return await this.publish();
  }

  /** @returns the revision, as Flux writes it */
  async publish(): Promise<string> {
    const commit = (await this.#git('rev-parse', 'HEAD')).toString().trim();
    const archive = await this.#git('archive', '--format=tar.gz', 'HEAD^{tree}');
    const path = `/gitrepository/${this.#name.namespace}/${this.#name.name}/${commit}.tar.gz`;
    const revision = `main@sha1:${commit}`;
    const { metadata } = await this.#api.get(gitRepositoryKind, this.#name);
    const now = new Date().toISOString();
    const message = `stored artifact for revision '${revision}'`;
    const artifact = {
      url: this.#archives.serve(path, archive),
      path: path.slice(1),
      revision,
      digest: `sha256:${createHash('sha256').update(archive).digest('hex')}`,
      size: archive.byteLength,
      lastUpdateTime: now,
    };
    const ready = { type: 'Ready', status: 'True', reason: 'Succeeded', message, lastTransitionTime: now };
    const status = { observedGeneration: metadata.generation, artifact, conditions: [ready] };
    const patch = { type: 'merge', body: { status } } as const;
    await this.#api.patch(gitRepositoryKind, this.#name, patch, { subresource: 'status' });
    return revision;
  }

  async #commit(title: string): Promise<void> {
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '-m', title);
  }

  /** As nobody of this machine, and with none of its configuration. */
  async #git(...args: readonly string[]): Promise<Buffer> {
    const person = { NAME: 'somebody', EMAIL: 'somebody@example.com' };
    const env = {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((role) =>
          Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]),
        ),
      ),
    };
    const options = { cwd: this.#folder, env, encoding: 'buffer' as const, maxBuffer: MIB };
    const { stdout } = await run('git', [...args], options);
    return stdout;
  }
}
