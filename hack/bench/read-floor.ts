// The oracle of reads: one look at each document that an event touches before it is written, and one at what was written afterwards. A
// look is as many calls as AWS has pages and parts for it; a list of one page is one call. Pure arithmetic.
import { TABLES, type BenchShare, type Workload } from './workload.ts';

/** A document as an event finds and leaves it. What is not written is looked at once. */
export type TouchedDocument =
  /** The policy, and the names of the bucket's access points, of which nobody may be left behind. */
  | { readonly kind: 'bucket-policy'; readonly written: boolean }
  /** The policy, and whether the key is enabled. */
  | { readonly kind: 'key-policy'; readonly written: boolean }
  /** Where it leads, and its policy: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessPoint.html has no policy. */
  | { readonly kind: 'access-point'; readonly before: boolean; readonly after: boolean }
  | {
      readonly kind: 'catalog-grants';
      /** Lake Formation lists permissions of one resource: the database, all its tables, and each. */
      readonly tables: number;
      /** Tables that filters are defined on: Lake Formation lists filters by table. */
      readonly withFilters: number;
      /** Resources that are granted on or taken from. */
      readonly resources: number;
      /** Tables of which filters are made or deleted. */
      readonly filtered: number;
    }
  | {
      readonly kind: 'shared-database';
      /** Undefined = there is none, which takes a look at both names that it may have. */
      readonly linksBefore: number | undefined;
      readonly linksAfter: number | undefined;
      /** Links that are granted on or taken from; the database is, with any of them. */
      readonly linksWritten: number;
    }
  /** The invitations, what has come by them, and what each pending one would let in; afterwards what has come. */
  | { readonly kind: 'invitations'; readonly pending: number }
  /** What is attached, and of each policy its version in force and that one's text. One that goes is not looked into. */
  | { readonly kind: 'share-policies'; readonly kept: number; readonly written: number; readonly changed: boolean }
  /** `principal`: a role or user, for its unique id. */
  | { readonly kind: 'lake-settings' | 'registration' | 'principal' };

/** One principal reads through as many policies as it has attached. */
type PoliciesOf = (principal: string) => number;

/** What is touched when all shares of a workload are given. Of each dataset its own roles are given theirs on the way. */
export const touchedByGranting = (
  { shares, datasets, principals, producers, consumers }: Workload,
  policiesOf: PoliciesOf,
): readonly TouchedDocument[] => [
  ...[...producers, ...consumers].map((): TouchedDocument => ({ kind: 'lake-settings' })),
  ...principals.map((): TouchedDocument => ({ kind: 'principal' })),
  ...datasets.flatMap((): readonly TouchedDocument[] => [
    { kind: 'registration' },
    { kind: 'bucket-policy', written: true },
    { kind: 'key-policy', written: true },
    { kind: 'catalog-grants', tables: TABLES.length, withFilters: 0, resources: 2 + TABLES.length, filtered: 0 },
  ]),
  ...shares.map((): TouchedDocument => ({ kind: 'access-point', before: false, after: true })),
  ...distinct(shares, ({ dataset, principal }) => `${dataset.name} ${principal.consumer.account}`).map(
    (): TouchedDocument => ({
      kind: 'shared-database',
      linksBefore: undefined,
      linksAfter: TABLES.length,
      linksWritten: TABLES.length,
    }),
  ),
  ...invitationsOf(shares),
  ...distinct(shares, ({ principal }) => principal.name).map(({ principal: { name } }): TouchedDocument => ({
    kind: 'share-policies',
    kept: 0,
    written: policiesOf(name),
    changed: true,
  })),
];

/** What is looked at when all of it is verified. */
export const touchedByVerifying = (workload: Workload, policiesOf: PoliciesOf): readonly TouchedDocument[] =>
  touchedByGranting(workload, policiesOf).map((document): TouchedDocument => {
    switch (document.kind) {
      case 'bucket-policy':
      case 'key-policy':
        return { ...document, written: false };
      case 'access-point':
        return { ...document, before: true };
      case 'catalog-grants':
        return { ...document, resources: 0 };
      case 'shared-database':
        return { ...document, linksBefore: TABLES.length, linksWritten: 0 };
      case 'invitations':
        return { ...document, pending: 0 };
      case 'share-policies':
        return { ...document, kept: document.written, changed: false };
      default:
        return document;
    }
  });

/**
 * What is touched when one share of many ends: its links are others' too, and one policy names it.
 * @param policies how many the principal has
 */
export const touchedByRevoking = (policies: number): readonly TouchedDocument[] => [
  { kind: 'bucket-policy', written: true },
  { kind: 'key-policy', written: true },
  { kind: 'access-point', before: true, after: false },
  { kind: 'catalog-grants', tables: TABLES.length, withFilters: 0, resources: TABLES.length, filtered: 0 },
  {
    kind: 'shared-database',
    linksBefore: TABLES.length,
    linksAfter: TABLES.length,
    linksWritten: TABLES.length,
  },
  { kind: 'share-policies', kept: policies, written: 1, changed: true },
];

/** One look for each pair of accounts, in which are as many invitations as Lake Formation sends: one for each account it shares with. */
const invitationsOf = (shares: readonly BenchShare[]): readonly TouchedDocument[] =>
  distinct(shares, ({ dataset, principal }) => `${dataset.producer.account} ${principal.consumer.account}`).map(
    (): TouchedDocument => ({ kind: 'invitations', pending: 1 }),
  );

const distinct = <T>(items: readonly T[], key: (item: T) => string): readonly T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

export const readFloor = (documents: readonly TouchedDocument[]): number =>
  documents.reduce((sum, document) => sum + looksAt(document), 0);

const looksAt = (document: TouchedDocument): number => {
  switch (document.kind) {
    case 'bucket-policy':
      return 2 + Number(document.written);
    case 'key-policy':
      return 2 + Number(document.written);
    case 'access-point': {
      const look = (there: boolean): number => (there ? 2 : 1);
      return look(document.before) + (document.before === document.after ? 0 : look(document.after));
    }
    case 'catalog-grants':
      return 1 + 2 + document.tables + document.withFilters + document.resources + document.filtered;
    case 'shared-database': {
      const { linksBefore, linksAfter, linksWritten } = document;
      const before = linksBefore === undefined ? 2 : 1 + 1 + 1 + linksBefore;
      if (linksWritten === 0) return before;
      const isListed = linksBefore !== linksAfter;
      return before + (linksAfter === undefined ? 1 : Number(isListed) + 1 + linksWritten);
    }
    case 'invitations':
      return 2 + document.pending + Number(document.pending > 0);
    case 'share-policies':
      return (
        1 +
        2 * document.kept +
        // The role's boundary, and the names of its inline policies, while something is shared with it.
        (document.kept + document.written > 0 ? 2 : 0) +
        (document.changed ? 1 + 2 * document.written : 0)
      );
    case 'lake-settings':
    case 'registration':
    case 'principal':
      return 1;
  }
};
