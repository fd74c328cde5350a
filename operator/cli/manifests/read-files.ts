// Objects of ours in files: manifests as people keep them, `kubectl get -o yaml`, or a backup with one object a file.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isMap } from '../../kernel/json.ts';
import { apiVersion, group } from '../../resources/kind.ts';
import { CommandError } from '../exit-codes.ts';
import { kindNamed, type KindName } from '../object-reference.ts';

/** As it was written: perhaps with what an API server added, perhaps without `status`. */
export interface WrittenObject {
  readonly apiVersion: string;
  readonly kind: KindName;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly deletionTimestamp?: string | undefined;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>> | undefined;
}

const ENDINGS = ['.yaml', '.yml', '.json'];

/**
 * Of files, and of all YAML and JSON below folders. Objects of other groups are passed over: backups hold everything.
 * @throws CommandError `usage`, naming the file
 */
export function readObjects(paths: readonly string[]): readonly WrittenObject[] {
  const objects = paths.flatMap(filesBelow).flatMap((file) => objectsOf(file, textOf(file)));
  if (objects.length === 0)
    throw new CommandError(
      'usage',
      `no object of ${group} is in ${paths.join(', ')}: name files or folders of manifests`,
    );
  return objects;
}

function filesBelow(path: string): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new CommandError('usage', `there is no ${path}`);
  if (!stats.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => ENDINGS.some((ending) => name.endsWith(ending)))
    .toSorted()
    .map((name) => join(path, name));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError('usage', `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** @param file for messages */
export function objectsOf(file: string, text: string): readonly WrittenObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    // The first line only: what follows quotes the file, and a backup holds Secrets.
    if (problem !== undefined) throw new CommandError('usage', `${file}: ${problem.message.split('\n')[0] ?? ''}`);
    return ofDocument(file, document.toJS() as unknown);
  });
}

function ofDocument(file: string, value: unknown): readonly WrittenObject[] {
  if (!isMap(value)) return [];
  const { apiVersion: written, kind, items, metadata, spec, status } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(items) && typeof kind === 'string' && kind.endsWith('List'))
    return items.flatMap((item: unknown) => ofDocument(file, item));
  if (typeof written !== 'string' || !written.startsWith(`${group}/`)) return [];
  if (written !== apiVersion)
    throw new CommandError('usage', `${file}: this dataall reads ${apiVersion}, and not ${written}`);
  if (typeof kind !== 'string' || !Object.hasOwn(kindNamed, kind))
    throw new CommandError('usage', `${file}: ${String(kind)} is no kind of ${group}`);
  if (!isMap(metadata) || typeof metadata['name'] !== 'string' || !isMap(spec))
    throw new CommandError('usage', `${file}: a ${kind} has no metadata.name or no spec`);
  const named = kindNamed[kind as KindName];
  if (named.scope === 'Namespaced' && typeof metadata['namespace'] !== 'string')
    throw new CommandError('usage', `${file}: ${kind} ${metadata['name']} says no metadata.namespace`);
  return [
    {
      apiVersion: written,
      kind: kind as KindName,
      metadata: metadata as unknown as WrittenObject['metadata'],
      spec,
      ...(isMap(status) && { status }),
    },
  ];
}
