// The oracle of reads: one look at each document that an event touches before it is written, and one at what was written afterwards. A
// look is as many calls as AWS has pages and parts for it; a list of one page is one call. Pure arithmetic.
/** A document as an event finds and leaves it. What is not written is looked at once. */
export type TouchedDocument =
  /** The policy, and the names of the bucket's access points, of which nobody may be left behind. */
  | { readonly kind: 'bucket-policy'; readonly written: boolean }
  | { readonly kind: 'key-policy'; readonly written: boolean }
  /** Where it leads, and its policy: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessPoint.html has no policy. */
  | { readonly kind: 'access-point'; readonly before: boolean; readonly after: boolean }
  | {
      readonly kind: 'catalog-grants';
      /** Lake Formation lists permissions of one resource: the database, all its tables, and each; and the filters of each table. */
      readonly tables: number;
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
      readonly linksWritten: number;
    }
  /** The invitations, what has come by them, and what each pending one would let in; afterwards what has come. */
  | { readonly kind: 'invitations'; readonly pending: number }
  /** What is attached, and of each policy its version in force and that one's text. One that goes is not looked into. */
  | { readonly kind: 'share-policies'; readonly kept: number; readonly written: number; readonly changed: boolean }
  /** `principal`: a role or user, for its unique id. */
  | { readonly kind: 'lake-settings' | 'registration' | 'principal' };

export const readFloor = (documents: readonly TouchedDocument[]): number =>
  documents.reduce((sum, document) => sum + looksAt(document), 0);

const looksAt = (document: TouchedDocument): number => {
  switch (document.kind) {
    case 'bucket-policy':
      return 2 + Number(document.written);
    case 'key-policy':
      return 1 + Number(document.written);
    case 'access-point': {
      const look = (there: boolean): number => (there ? 2 : 1);
      return look(document.before) + (document.before === document.after ? 0 : look(document.after));
    }
    case 'catalog-grants':
      return 1 + 2 + 2 * document.tables + document.resources + document.filtered;
    case 'shared-database': {
      const { linksBefore, linksAfter, linksWritten } = document;
      const before = linksBefore === undefined ? 2 : 1 + 1 + 1 + linksBefore;
      if (linksWritten === 0) return before;
      return before + (linksAfter === undefined ? 1 : 1 + 1 + linksWritten);
    }
    case 'invitations':
      return 2 + document.pending + Number(document.pending > 0);
    case 'share-policies':
      return 1 + 2 * document.kept + (document.changed ? 1 + 2 * document.written : 0);
    case 'lake-settings':
    case 'registration':
    case 'principal':
      return 1;
  }
};
