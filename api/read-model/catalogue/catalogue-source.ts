// Where snapshots of catalogues come from: the operator's internal API, asked in the indexer's own name.

import type { z } from 'zod';
import { catalogRoute, type CatalogTable } from '../../../operator/actions/contract/catalog.ts';
import type { ObjectName } from '../../../operator/kernel/kind.ts';
import type { OperatorClient } from '../../operator-actions/operator-actions.ts';

export type CatalogPage = z.output<(typeof catalogRoute)['answer']>;

export type CatalogAnswer =
  | { readonly kind: 'page'; readonly etag: string; readonly page: CatalogPage }
  /** What is stored is what there is. */
  | { readonly kind: 'unchanged' }
  /** It became another while its pages were read. */
  | { readonly kind: 'changed' };

export interface CatalogSource {
  /**
   * @param etag of what is stored, for a first page; with `after` that of the page before
   * @throws Error that says why there is none now
   */
  page(dataset: ObjectName, from: { readonly etag?: string; readonly after?: string }): Promise<CatalogAnswer>;
}

/** The operator, asked by the gateway's ServiceAccount, which may read every catalogue. */
export const catalogsOf = (operator: OperatorClient): CatalogSource => ({
  page: async ({ namespace, name }, { etag, after }) => {
    const object = { resource: 'datasets', namespace, name } as const;
    // Of a further page the tag is what it has to be of, not what is kept.
    const answered = await (after === undefined
      ? operator.askAsItself(catalogRoute, object, {}, etag)
      : operator.askAsItself(catalogRoute, object, { after, snapshot: etag }));
    return answered.kind === 'answer' ? { kind: 'page', etag: answered.etag, page: answered.answer } : answered;
  },
});

/** A whole catalogue. */
export interface Catalog {
  readonly etag: string;
  readonly tables: readonly CatalogTable[];
}

/** It is read from its beginning so often, while it becomes another. */
const TRIES = 3;

/** @param etag of what is stored @returns undefined where that is what there is */
export async function readCatalog(
  source: CatalogSource,
  dataset: ObjectName,
  etag: string | undefined,
): Promise<Catalog | undefined> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const first = await source.page(dataset, etag === undefined ? {} : { etag });
    if (first.kind === 'unchanged') return undefined;
    const catalog = first.kind === 'page' ? await readOn(source, dataset, first) : undefined;
    if (catalog !== undefined) return catalog;
  }
  throw new Error(`the catalogue changed ${TRIES} times while it was read`);
}

/** @returns undefined where it became another meanwhile */
async function readOn(
  source: CatalogSource,
  dataset: ObjectName,
  { etag, page }: { readonly etag: string; readonly page: CatalogPage },
): Promise<Catalog | undefined> {
  const tables = [...page.tables];
  for (let { next } = page; next !== undefined;) {
    const answer = await source.page(dataset, { etag, after: next });
    if (answer.kind !== 'page' || answer.etag !== etag) return undefined;
    tables.push(...answer.page.tables);
    // A page that does not get on would be asked for for ever.
    if (answer.page.next === next) throw new Error(`page ${next} of the catalogue ends where it begins`);
    next = answer.page.next;
  }
  return { etag, tables };
}
