// What pivot roles may change although its name does not show that it is ours: imported buckets, keys and roles. Such rights come with the
// stack of the environment, after the objects that need them; until then a denial is no news.
import { keyArn } from '../../policy/arn.ts';
import type { DocumentKey } from '../../access/document-key.ts';
import type { Specs } from '../../access/specs.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { ImportedResources } from '../../stacks/stack-props.ts';

/** IAM takes seconds to know everywhere what it was told. Milliseconds. */
const SPREAD_MS = 60_000;

export class PivotRights {
  /** By environment: since when its stack gives the right to each, milliseconds since the epoch. */
  readonly #given = new Map<string, ReadonlyMap<string, number>>();

  /** By environment: what its stack has no room for. */
  readonly #leftOut = new Map<string, ReadonlySet<string>>();

  /** What the stack that stands now gives. What it gave when this process first saw it, it has long given. */
  give(environment: string, imported: ImportedResources, now: number, leftOut?: ImportedResources): void {
    const known = this.#given.get(environment);
    const since = (resource: string): number => known?.get(resource) ?? (known === undefined ? 0 : now);
    this.#given.set(environment, new Map(namesIn(imported).map((resource) => [resource, since(resource)])));
    const given = new Set(namesIn(imported));
    this.#leftOut.set(environment, new Set(leftOut && namesIn(leftOut).filter((name) => !given.has(name))));
  }

  /** Whether the role does not have the rights to all of it yet, or only just. */
  areOnTheWay(environment: string, needed: ImportedResources, now: number): boolean {
    const given = this.#given.get(environment);
    if (this.hasNoRoom(environment, needed)) return false;
    return given !== undefined && namesIn(needed).some((name) => now - (given.get(name) ?? now) < SPREAD_MS);
  }

  /** Whether the role does not get the rights to it: its policies are full. */
  hasNoRoom(environment: string, needed: ImportedResources): boolean {
    const leftOut = this.#leftOut.get(environment);
    return leftOut !== undefined && namesIn(needed).some((name) => leftOut.has(name));
  }
}

export const namesIn = ({ buckets, namedBuckets, keyArns, roleArns }: ImportedResources): readonly string[] => [
  ...buckets,
  ...namedBuckets,
  ...keyArns,
  ...roleArns,
];

/** What the pivot role must be given by name to take care of a dataset. */
export const importedBy = ({ spec: { s3 }, status }: Dataset, prefix: string): ImportedResources => {
  const buckets = [status.bucket].filter((name) => name !== undefined && !name.startsWith(`${prefix}-`)) as string[];
  const isImported = s3.origin === 'Import';
  return {
    buckets: isImported ? buckets : [],
    namedBuckets: isImported ? [] : buckets,
    // A key is found by its alias, which shows our prefix only where the spec names none.
    keyArns: status.keyArn !== undefined && (isImported || s3.kmsKey !== undefined) ? [status.keyArn] : [],
    // The role that the location was registered with before is put back at the end.
    roleArns: [s3.roleArn === undefined ? undefined : status.roleArn, status.before?.registration?.roleArn].filter(
      (arn) => arn !== undefined,
    ),
  };
};

/** The datasets whose imports a document is about. */
export const datasetsBehind = (specs: Specs, key: DocumentKey): readonly Dataset[] => {
  switch (key.kind) {
    case 'bucket-policy':
    case 'registration':
      return specs.datasetsOfBucket(key.bucket).filter(({ status }) => status.account === key.account);
    case 'key-policy':
      return specs.datasetsOfKey(keyArn(key));
    default:
      return [];
  }
};
