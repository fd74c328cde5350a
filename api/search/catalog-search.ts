// What a search is, whichever server does it.

import type { CatalogDocument, IndexedDocument, SortField, TermField } from './catalog-document.ts';
import type { Condition } from './condition.ts';
import type { Seeker } from './discovery.ts';

/** A document to be stored. */
export interface VersionedDocument extends IndexedDocument {
  /** Grows with each change of the document: what is older never replaces what is newer. */
  readonly version: number;
}

export interface CatalogQuery {
  readonly query: Condition;
  readonly facets: readonly Facet[];
  readonly page: CatalogPage;
}

/** How often each value of a field is among the hits. */
export interface Facet {
  readonly name: string;
  readonly field: TermField;
  /** Values at most. */
  readonly size: number;
  readonly order: 'mostHitsFirst' | 'fewestHitsFirst' | 'byValue' | 'byValueDescending';
}

export interface CatalogPage {
  /** Hits that are left out; with {@link size} at most {@link MOST_HITS}. */
  readonly from: number;
  readonly size: number;
  /** Undefined: those that match best first. Hits that are equal by it come in the order of their ids. */
  readonly sort?: { readonly field: SortField; readonly descending: boolean };
  /** `sort` of the last hit of the page before this one, for pages without end. */
  readonly after?: readonly [key: number | string, id: string];
}

/** Of so many hits facets are counted and pages made; beyond it is said that there are more. */
export const MOST_HITS = 10_000;

export interface CatalogHit {
  readonly id: string;
  /** How well it matches: comparable within one answer only. */
  readonly score: number;
  /** For {@link CatalogPage.after}. */
  readonly sort: readonly [key: number | string, id: string];
  readonly source: CatalogDocument;
}

export interface CatalogAnswer {
  /** At most {@link MOST_HITS}. */
  readonly total: number;
  readonly isMore: boolean;
  readonly hits: readonly CatalogHit[];
  /** By name of the facet. */
  readonly facets: Readonly<Record<string, FacetAnswer>>;
  /** Another server than the configured one has answered. */
  readonly isDegraded?: boolean;
  /** Where nothing was found. */
  readonly suggestions?: readonly Suggestion[];
}

/** What a word that was not found may stand for, the likeliest first. */
export interface Suggestion {
  readonly word: string;
  readonly options: readonly { readonly word: string; readonly score: number }[];
}

export interface FacetAnswer {
  readonly buckets: readonly { readonly value: string; readonly hits: number }[];
  /** Hits of values beyond the facet's size. */
  readonly others: number;
}

export interface CatalogSearch {
  /** Stores documents, those that are newer than what is there. */
  index(documents: readonly VersionedDocument[]): Promise<void>;
  /** Takes documents away that are not newer than the version. */
  remove(ids: readonly { readonly id: string; readonly version: number }[]): Promise<void>;
  /** @returns only what the seeker may discover, in hits, totals and facets alike */
  search(query: CatalogQuery, who: Seeker): Promise<CatalogAnswer>;
}
