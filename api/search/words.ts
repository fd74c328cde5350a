// The words of a text, the same for documents and for what people look for, whichever server searches: so both find the same.

/** What a lexeme may have; longer ones are cut. */
const LONGEST = 64;
/** Of one field: a description may be long. */
const MOST = 2_000;

const RUN = /[\p{L}\p{N}\p{M}]+/gu;
/** Between `order` and `Items`, and between `HTTP` and `Server`. */
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Accents of Latin, Greek and Cyrillic; other scripts write vowels as marks. */
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u0300-\u036f]+/gu;

/** In order; names of code are taken apart: `order_items` and `orderItems` are `order`, `items`. */
export function wordsOf(text: string): string[] {
  return runsOf(text)
    .flatMap((run) => partsOf(run))
    .slice(0, MOST);
}

/** Names that were taken apart, as wholes: `orderItems` is also found by `orderitems`. */
export function wholesOf(text: string): string[] {
  return runsOf(text)
    .filter((run) => partsOf(run).length > 1)
    .map(folded)
    .slice(0, MOST);
}

const runsOf = (text: string): string[] => text.normalize('NFKC').match(RUN) ?? [];

const partsOf = (run: string): string[] => run.split(HUMP).map(folded).filter(Boolean);

const folded = (word: string): string =>
  word.normalize('NFD').replaceAll(ACCENTS, '').normalize('NFC').toLowerCase().slice(0, LONGEST).toWellFormed();
