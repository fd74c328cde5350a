// Texts of data.all, of which any may be null or empty, as fields and names of ours. Pure.

import { slug } from '../../resources/names.ts';

/** Without those that say nothing: data.all answers with null or an empty text. */
export const optional = <Fields extends Readonly<Record<string, string | null | undefined>>>(
  fields: Fields,
): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null && value !== '')) as Partial<Fields>;

export const words = (tags: readonly (string | null)[] | null): { readonly catalogTags?: readonly string[] } => {
  const kept = [...new Set((tags ?? []).filter((tag) => tag !== null && tag.trim() !== ''))] as readonly string[];
  return kept.length === 0 ? {} : { catalogTags: kept };
};

/** Names of objects: of labels, which need not differ in data.all. */
export class Names {
  readonly #taken = new Set<string>();

  /** @param scope within which names differ; @param id of data.all, where the name is another's already or Kubernetes keeps it */
  take(scope: string, label: string, id: string): string {
    const wanted = slug(label).slice(0, 54).replace(/-+$/, '');
    const isFree = wanted !== '' && wanted !== 'default' && !wanted.startsWith('kube-') && !this.#taken.has(`${scope} ${wanted}`); // prettier-ignore
    const name = isFree ? wanted : [wanted, slug(id)].filter((part) => part !== '').join('-');
    this.#taken.add(`${scope} ${name}`);
    return name;
  }
}
