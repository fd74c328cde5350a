// What documents must fulfil, as a tree that both servers are told in their own language.

import type { TermField, TextField } from './catalog-document.ts';

export type Condition =
  | { readonly kind: 'everything' }
  | { readonly kind: 'nothing' }
  | WordsCondition
  | TermsCondition
  | { readonly kind: 'every'; readonly of: readonly Condition[] }
  | { readonly kind: 'some'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

export interface WordsCondition {
  readonly kind: 'words';
  /** As `wordsOf` gives them, at least one. */
  readonly words: readonly string[];
  readonly fields: readonly TextField[];
  /** `any` of them, `all` of them wherever, or one after the other in one field (`phrase`; `phrasePrefix`: the last may go on). */
  readonly match: 'any' | 'all' | 'phrase' | 'phrasePrefix';
}

export interface TermsCondition {
  readonly kind: 'terms';
  /** `audience` is ours: no client may name it. */
  readonly field: TermField | 'audience';
  /** Any of them, exactly. */
  readonly values: readonly string[];
}

/** The words that hits are ranked by: all that are looked for, whether or not each must be there. */
export function rankedBy(condition: Condition): readonly WordsCondition[] {
  switch (condition.kind) {
    case 'words':
      return [condition];
    case 'every':
    case 'some':
      return condition.of.flatMap(rankedBy);
    default:
      return [];
  }
}
