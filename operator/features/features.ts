// What is switched on in this installation, and what it is set to, as config.json says.

import { createHash } from 'node:crypto';
import { keyDefinitions, type Key, type ValueOf } from './keys.ts';
import { moduleDefinitions, moduleNames, type ModuleName } from './modules.ts';

/** Keys that are on or off. */
export type Switch = { [K in Key]: ValueOf<K> extends boolean ? K : never }[Key];
/** Keys that say who sees a log. */
export type LogKey = { [K in Key]: ValueOf<K> extends 'enabled' | 'admin-only' | 'disabled' ? K : never }[Key];

/** Of what is switched off: begins with data.all's words, and says what to do. @param name key or module, e.g. `modules.s3_datasets` */
export const disabledMessage = (name: string): string =>
  `Disabled by config ${name}: an administrator of the installation switches it on in config.json`;

/** The key or module of {@link disabledMessage}; undefined for another text. */
export const disabledKey = (text: string): string | undefined => /^Disabled by config (\S+):/.exec(text)?.[1];

export class Features {
  readonly #active: ReadonlySet<ModuleName>;
  readonly #values: ReadonlyMap<Key, unknown>;

  /** @param active modules with all that they need. @param values of keys for which one was said, checked */
  constructor(active: ReadonlySet<ModuleName>, values: ReadonlyMap<Key, unknown>) {
    this.#active = active;
    this.#values = values;
  }

  isActive(name: ModuleName): boolean {
    return this.#active.has(name);
  }

  /** What was said, else what the key is without that; undefined for a text or a mapping that nobody gave. */
  get<K extends Key>(name: K): ValueOf<K> | undefined {
    return (this.#values.has(name) ? this.#values.get(name) : keyDefinitions[name].fallback) as ValueOf<K> | undefined;
  }

  isOn(name: Switch): boolean {
    return this.get(name) === true;
  }

  logs(name: LogKey): ValueOf<LogKey> {
    return this.get(name) ?? 'enabled';
  }

  /** The same for files that mean the same. */
  get digest(): string {
    return createHash('sha256').update(JSON.stringify(this)).digest('hex');
  }

  /** All of it in the shape of the file, for pages that show what there is. */
  toJSON(): { readonly modules: Record<string, unknown>; readonly core: Record<string, unknown> } {
    const tree: Record<string, Record<string, unknown>> = { modules: {}, core: {} };
    for (const name of moduleNames)
      put(tree, ['modules', name], { active: this.isActive(name), inThisVersion: moduleDefinitions[name].isHere });
    for (const name of Object.keys(keyDefinitions) as Key[]) {
      const value = this.get(name);
      if (value !== undefined) put(tree, name.split('.'), value);
    }
    return tree as ReturnType<Features['toJSON']>;
  }
}

function put(tree: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[first] = value;
  else put((tree[first] ??= {}) as Record<string, unknown>, rest, value);
}
