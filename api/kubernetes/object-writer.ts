// Writes to Kubernetes in the name of the person who asks, so that RBAC and admission decide as they do for kubectl.

import { isDeepStrictEqual } from 'node:util';
import { isKubeError, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { apiVersion, type Kind, type KubeObject, type ObjectName, type Stored } from '../../operator/kernel/kind.ts';
import { keepersOf, type ManagedFieldsEntry } from './managed-fields.ts';
import { refusal, type Attempt } from './refusal.ts';

/** Field manager of the gateway; kubectl shows it with `--show-managed-fields`. */
export const GATEWAY_FIELD_MANAGER = 'dataall-gateway';
/** Another writer came between our read and our write: read again, at most so often. */
const MAX_ATTEMPTS = 3;

/** An object whose spec is changed by {@link ObjectWriter.change}. */
type WithSpec = KubeObject & { spec: object };

export interface WriteSettings {
  /** What is tried, for errors: action in capitals, the permission it takes, the object as people know it. */
  readonly attempt: Attempt;
  /** Everything is checked, by schema, admission and quotas, and nothing is kept. */
  readonly dryRun: boolean;
}

/** Where what was written is shown, before the API server's watchers hear of it. */
export interface WrittenObjects {
  /** As the API server answered. */
  written(object: Stored): Promise<void>;
  /** As it would be: nothing was kept. */
  tried(object: Stored): void;
  deleted(kind: Kind, name: ObjectName): Promise<void>;
}

export class ObjectWriter {
  readonly #api: KubeApi;
  readonly #user: string;
  readonly #shows: WrittenObjects;

  /** @param api impersonates the person `user` */
  constructor(api: KubeApi, user: string, shows: WrittenObjects) {
    this.#api = api;
    this.#user = user;
    this.#shows = shows;
  }

  /** As the person sees it. @throws GraphQLError ResourceNotFound where there is none or it may not be seen */
  async read<T extends KubeObject>(kind: Kind<T>, name: ObjectName, attempt: Attempt): Promise<Stored<T>> {
    try {
      return await this.#api.get(kind, name);
    } catch (error) {
      throw refusal(error, this.#user, attempt);
    }
  }

  /** What somebody else has just written for the person: as they see it, and shown. @throws as {@link read} */
  async readAgain<T extends KubeObject>(kind: Kind<T>, name: ObjectName, attempt: Attempt): Promise<Stored<T>> {
    return this.#shown(await this.read(kind, name, attempt), false);
  }

  /**
   * Creates the object; where one of that name has the same spec already, gives that: what is sent twice is done once.
   * @throws GraphQLError ResourceAlreadyExists where it has another
   */
  async create<T extends WithSpec>(
    kind: Kind<T>,
    name: ObjectName,
    spec: object,
    { attempt, dryRun }: WriteSettings,
  ): Promise<Stored<T>> {
    const object = { apiVersion: apiVersion(kind), kind: kind.kind, metadata: { ...name }, spec } as unknown as T;
    try {
      return await this.#shown(await this.#api.create(kind, object, options(dryRun)), dryRun);
    } catch (error) {
      if (!isKubeError(error, 'AlreadyExists')) throw refusal(error, this.#user, attempt);
      const present = await this.#seen(kind, name, attempt);
      if (present !== undefined && includes(present.spec, spec)) return this.#shown(present, dryRun);
      throw refusal(error, this.#user, attempt);
    }
  }

  /** Undefined where it may not be seen: that it is there is known already, and who made it may see it only a moment later. */
  async #seen<T extends KubeObject>(kind: Kind<T>, name: ObjectName, attempt: Attempt): Promise<Stored<T> | undefined> {
    try {
      return await this.#api.get(kind, name);
    } catch (error) {
      if (isKubeError(error, 'Forbidden') || isKubeError(error, 'NotFound')) return undefined;
      throw refusal(error, this.#user, attempt);
    }
  }

  /**
   * Changes fields of spec, only those that `edit` gives another value. `undefined` removes a field.
   * @throws GraphQLError Conflict naming who keeps a field: it would be written back over the change
   */
  async change<T extends WithSpec>(
    kind: Kind<T>,
    name: ObjectName,
    edit: (spec: T['spec'], object: Stored<T>) => Partial<{ [Field in keyof T['spec']]: T['spec'][Field] | undefined }>,
    { attempt, dryRun }: WriteSettings,
  ): Promise<Stored<T>> {
    for (let tries = 1; ; tries++) {
      const present = await this.read(kind, name, attempt);
      const wanted = Object.entries(edit(present.spec, present));
      const before = new Map(Object.entries(present.spec));
      const changes = wanted.filter(([field, value]) => !isDeepStrictEqual(before.get(field), value));
      if (changes.length === 0) return this.#shown(present, dryRun);
      const kept = keptFields(present, changes);
      if (kept.length > 0) throw refusal({ kept }, this.#user, attempt);
      const spec = Object.fromEntries(changes.map(([field, value]) => [field, value ?? null]));
      const { resourceVersion } = present.metadata;
      try {
        const body = { metadata: { resourceVersion }, spec };
        return await this.#shown(await this.#api.patch(kind, name, { type: 'merge', body }, options(dryRun)), dryRun);
      } catch (error) {
        if (!isKubeError(error, 'Conflict') || tries === MAX_ATTEMPTS) throw refusal(error, this.#user, attempt);
      }
    }
  }

  /** Sets annotations; `null` removes one. */
  async annotate<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    annotations: Readonly<Record<string, string | null>>,
    { attempt, dryRun }: WriteSettings,
  ): Promise<Stored<T>> {
    try {
      const body = { metadata: { annotations } };
      return await this.#shown(await this.#api.patch(kind, name, { type: 'merge', body }, options(dryRun)), dryRun);
    } catch (error) {
      throw refusal(error, this.#user, attempt);
    }
  }

  /** What is gone already is deleted. */
  async delete(kind: Kind, name: ObjectName, { attempt, dryRun }: WriteSettings): Promise<void> {
    try {
      await this.#api.delete(kind, name, { dryRun });
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) throw refusal(error, this.#user, attempt);
    }
    if (!dryRun) await this.#shows.deleted(kind, name);
  }

  async #shown<T extends KubeObject>(object: Stored<T>, dryRun: boolean): Promise<Stored<T>> {
    if (dryRun) this.#shows.tried(object);
    else await this.#shows.written(object);
    return object;
  }
}

const options = (dryRun: boolean) => ({ fieldManager: GATEWAY_FIELD_MANAGER, dryRun });

function keptFields(object: Stored, changes: readonly (readonly [string, unknown])[]) {
  const entries = (object.metadata.managedFields ?? []) as readonly ManagedFieldsEntry[];
  return changes.flatMap(([field]) => {
    const managers = keepersOf(entries, field, GATEWAY_FIELD_MANAGER);
    return managers.length === 0 ? [] : [{ field: `spec.${field}`, managers }];
  });
}

/** Whether `present` has every field of `wanted` with its value; defaults of the schema may stand beside them. */
function includes(present: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(present, wanted);
  if (typeof present !== 'object' || present === null) return false;
  const fields = new Map(Object.entries(present));
  return Object.entries(wanted).every(([field, value]) => value === undefined || includes(fields.get(field), value));
}
