// Lists keys with prefix, delimiter and pages: the arithmetic of ListObjects, ListObjectsV2 and ListObjectVersions.

/** One row of a listing: a key, or all keys below a delimiter rolled into one. */
type Row = { readonly key: string } | { readonly commonPrefix: string };

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** Rows up to and including this key or common prefix were given before. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page starts; undefined on the last. */
  readonly next: string | undefined;
}

/** S3 orders by UTF-8 bytes, which differs from JavaScript's order beyond the basic plane. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const rowOf = (key: string, { prefix, delimiter }: ListingQuery): Row => {
  if (delimiter === undefined || delimiter === '') return { key };
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? { key } : { commonPrefix: key.slice(0, at + delimiter.length) };
};

const nameOf = (row: Row): string => ('key' in row ? row.key : row.commonPrefix);

/** @param keys in any order */
export const listKeys = (keys: Iterable<string>, query: ListingQuery): Listing => {
  const wanted = [...keys].filter((key) => key.startsWith(query.prefix)).sort(byBytes);
  const found = { keys: [] as string[], commonPrefixes: [] as string[] };
  let last: string | undefined;
  let count = 0;
  for (const key of wanted) {
    const row = rowOf(key, query);
    const name = nameOf(row);
    if (name === last || (query.after !== '' && byBytes(name, query.after) <= 0)) continue;
    // A page that ended inside a common prefix is continued behind all of its keys.
    if ('commonPrefix' in row && query.after.startsWith(name)) continue;
    if (count === query.maxKeys) return { ...found, next: last };
    if ('key' in row) found.keys.push(name);
    else found.commonPrefixes.push(name);
    last = name;
    count += 1;
  }
  return { ...found, next: undefined };
};
