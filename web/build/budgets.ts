// How much a browser may have to load for a page, as it is sent: compressed.

/** Of Vite's manifest: what a file of the source became, and what it needs. */
export interface ManifestChunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

export type Manifest = Readonly<Record<string, ManifestChunk>>;

export interface PageSize {
  /** `first page`, or the page's file. */
  readonly page: string;
  /** Bytes of JavaScript that come with it, beside what the first page has loaded already. */
  readonly bytes: number;
  readonly budget: number;
}

/** Shown to who comes to the start page. */
const FIRST_PAGE = 'src/modules/home/home-page.tsx';
const FIRST_PAGE_BUDGET = 260_000;
const PAGE_BUDGET = 60_000;

/** @param sizes bytes of each file, as sent */
export function pageSizes(manifest: Manifest, sizes: ReadonlyMap<string, number>): PageSize[] {
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true);
  if (entry === undefined || manifest[FIRST_PAGE] === undefined)
    throw new Error(`the build has no entry, or no ${FIRST_PAGE}`);
  const first = loadedWith(manifest, [entry, FIRST_PAGE]);
  const bytesOf = (files: Iterable<string>): number =>
    [...files].reduce((sum, file) => sum + (sizes.get(file) ?? Number.NaN), 0);
  const pages = Object.keys(manifest).filter(
    (key) => manifest[key]?.isDynamicEntry === true && key !== FIRST_PAGE && key.startsWith('src/'),
  );
  return [
    { page: 'first page', bytes: bytesOf(first), budget: FIRST_PAGE_BUDGET },
    ...pages.map((page) => ({
      page,
      bytes: bytesOf(loadedWith(manifest, [page]).difference(first)),
      budget: PAGE_BUDGET,
    })),
  ];
}

/** Files of these chunks and of all that they import at once. */
function loadedWith(manifest: Manifest, keys: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const imported of manifest[key]?.imports ?? []) visit(imported);
  };
  for (const key of keys) visit(key);
  return new Set([...seen].flatMap((key) => manifest[key]?.file ?? []));
}

export const tooLarge = (sizes: readonly PageSize[]): PageSize[] =>
  sizes.filter(({ bytes, budget }) => !(bytes <= budget));

export const describeSize = ({ page, bytes, budget }: PageSize): string =>
  `${page}: ${kilobytes(bytes)} of ${kilobytes(budget)} kB JavaScript, brotli`;

const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1);
