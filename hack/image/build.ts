// Makes the file tree of our image without a container engine: of the stages of the Dockerfile, as `docker build` would. What stands in place
// of the base image is this machine's Node of the same version and nothing else; RUN knows npm alone, which is the machine's too.
import { execFile } from 'node:child_process';
import { cp, glob, link, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path/posix';
import { promisify } from 'node:util';
import dockerignore from '@balena/dockerignore';
import { readDockerfile, type Stage, type Step } from './dockerfile.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Image {
  /** The file tree. Of the base it has `usr/local/bin/node` only. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** `user[:group]`, as numbers. */
  readonly user: string;
  /** ENTRYPOINT and CMD. */
  readonly command: readonly string[];
}

export interface BuildOptions {
  /** An empty folder, for all stages. */
  readonly folder: string;
  /** Trees that take the place of a stage, by its name, as `docker buildx build --build-context` has them. */
  readonly contexts?: Readonly<Record<string, string>>;
}

const BASE: Omit<Image, 'root'> = {
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  workingDir: '/',
  user: '0:0',
  command: ['node'],
};

/** The last stage of the Dockerfile. Throws with what npm said, or with the line that is not understood. */
export async function buildImage({ folder, contexts = {} }: BuildOptions): Promise<Image> {
  const built = new Map<string, Image>();
  for (const [name, root] of Object.entries(contexts)) built.set(name, { ...BASE, root });
  const stages = readDockerfile(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
  let last: Image | undefined;
  for (const [index, stage] of stages.entries()) {
    if (stage.name !== undefined && built.has(stage.name)) continue;
    last = await buildStage(join(folder, stage.name ?? String(index)), stage, built);
    if (stage.name !== undefined) built.set(stage.name, last);
  }
  if (last === undefined) throw new Error('the Dockerfile has no stage');
  return last;
}

async function buildStage(root: string, { from, steps }: Stage, built: ReadonlyMap<string, Image>): Promise<Image> {
  await mkdir(root);
  const base = built.get(from);
  if (base === undefined) await provideNode(root, from);
  else await linkTree(base.root, root);
  let image: Image = { ...(base ?? BASE), root };
  for (const step of steps) image = await perform(image, step, built);
  return image;
}

async function provideNode(root: string, image: string): Promise<void> {
  if (!image.includes(`:${process.versions.node}-`))
    throw new Error(`the base is ${image}, and this is Node ${process.versions.node}, which package.json names`);
  const node = join(root, 'usr/local/bin/node');
  await mkdir(dirname(node), { recursive: true });
  await link(process.execPath, node).catch(() => cp(process.execPath, node));
}

/** A copy whose files are those of the original: half a gigabyte need not be written again, and no step writes into a file that is there. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target);
  }
}

async function perform(image: Image, step: Step, built: ReadonlyMap<string, Image>): Promise<Image> {
  switch (step.kind) {
    case 'COPY':
      await copy(image, step, built);
      return image;
    case 'RUN':
      await runNpm(image, step.line);
      return image;
    case 'ENV':
      return { ...image, env: { ...image.env, ...step.values } };
    case 'WORKDIR': {
      const workingDir = resolve(image.workingDir, step.folder);
      await mkdir(join(image.root, workingDir), { recursive: true });
      return { ...image, workingDir };
    }
    case 'USER':
      return { ...image, user: step.user };
    case 'ENTRYPOINT':
      return { ...image, command: step.command };
    case 'CMD':
      return { ...image, command: [...image.command, ...step.command] };
  }
}

/** A folder's content goes into `to`; a file is named `to`, or goes into it where it ends with a slash. */
async function copy(image: Image, step: Step & { kind: 'COPY' }, built: ReadonlyMap<string, Image>): Promise<void> {
  const to = join(image.root, resolve(image.workingDir, step.to));
  if (step.from !== undefined) {
    const stage = built.get(step.from);
    if (stage === undefined) throw new Error(`COPY --from=${step.from}: there is no such stage`);
    for (const path of step.paths) await linkTree(join(stage.root, path), to);
    return;
  }
  const ignore = dockerignore.default().add(await readFile(join(ROOT, '.dockerignore'), 'utf8'));
  for (const path of step.paths) {
    const files = (await filesOf(path)).filter((file) => !ignore.ignores(file));
    if (files.length === 0) throw new Error(`COPY ${path}: .dockerignore leaves nothing of it`);
    for (const file of files) {
      const place = file === path ? (step.to.endsWith('/') ? basename(path) : '') : file.slice(path.length);
      await cp(join(ROOT, file), join(to, place));
    }
  }
}

/** `path` where it is a file, else the files in it, relative to the repository. */
const filesOf = async (path: string): Promise<readonly string[]> => {
  const found: string[] = [];
  const entries = glob([path, `${path}/**`], { cwd: ROOT, withFileTypes: true, exclude: ['**/node_modules'] });
  for await (const entry of entries) if (entry.isFile()) found.push(relative(ROOT, join(entry.parentPath, entry.name)));
  return found;
};

async function runNpm({ root, workingDir, env }: Image, line: string): Promise<void> {
  const [program = '', ...args] = line.split(/\s+/);
  if (program !== 'npm') throw new Error(`RUN ${line}: hack/image runs npm alone`);
  // Without the programs of this repository's packages: the image's own are to be found.
  const machine = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('node_modules'));
  const PATH = [join(root, 'usr/local/bin'), ...machine].join(delimiter);
  const npm = { npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' };
  const own = { ...env, ...npm, HOME: process.env['HOME'], PATH };
  await promisify(execFile)(program, args, { cwd: join(root, workingDir), env: own }).catch((error: unknown) => {
    throw new Error(`RUN ${line} failed: ${error instanceof Error && 'stderr' in error ? String(error.stderr) : ''}`, {
      cause: error,
    });
  });
}
