// Who can read what, through what, by whose consent, at what time: answers made of facts that others have recorded. What is not among the
// facts is not known, and each answer says how far it can be relied on.

import type { DataFilter } from '../resources/dataset-table.ts';
import type { ItemKind, PrincipalKind, SharePermission } from '../resources/share-item.ts';
import type { ItemState } from '../resources/share-request.ts';

/** A table, a folder or the bucket of a dataset. */
export interface DatasetItem {
  readonly kind: ItemKind;
  readonly name: string;
}

/** Where the data of a dataset lies. */
export interface DatasetLayout {
  readonly bucket: string | undefined;
  readonly folders: readonly { readonly name: string; readonly prefix: string }[];
  /** Tables of which it is known, e.g. `s3://bucket/orders/`. */
  readonly locations: readonly { readonly table: string; readonly location: string }[];
}

/**
 * How an item opens another. Item: it is the item. Files: all files in which it lies, so that no filter holds. SomeFiles: some of its files.
 */
export type Reach = 'Item' | 'Files' | 'SomeFiles';

/** An item by which another can be read. */
export interface Opener {
  readonly item: DatasetItem;
  readonly reach: Reach;
}

/** A role or user of AWS. */
export interface ReadingPrincipal {
  /** Dataset and Environment: the role that is made for its owner. */
  readonly kind: PrincipalKind | 'Dataset' | 'Environment';
  /** Of the object that stands for it. */
  readonly namespace: string;
  readonly name: string;
  /** Whose it is, as the identity provider names the group. */
  readonly group: string;
  /** Unknown until the operator has seen it. */
  readonly arn: string | undefined;
}

/** A decision, as somebody wrote it. */
export interface RecordedConsent {
  /** Of the group in whose name it was decided. */
  readonly approver: string;
  /** The user, where the API server says. */
  readonly decidedBy: string | undefined;
  readonly automatic: boolean;
  /** Undefined where the decision itself was not recorded. */
  readonly at: Date | undefined;
  readonly note: string | undefined;
  /** When it ends by itself. */
  readonly until: Date | undefined;
}

interface RecordedAccess {
  readonly principal: ReadingPrincipal;
  readonly dataset: { readonly namespace: string; readonly name: string };
  readonly from: Date;
  /** Undefined: it goes on. */
  readonly until: Date | undefined;
}

interface SharedAccess extends RecordedAccess {
  readonly request: { readonly namespace: string; readonly name: string };
  readonly item: DatasetItem;
  /** Names; none: all of the item. */
  readonly filters: readonly string[];
  readonly permissions: readonly SharePermission[];
  readonly consent: RecordedConsent | undefined;
}

/** The operator found the item given in AWS, from when to when. */
export interface GrantedAccess extends SharedAccess {
  readonly evidence: 'Granted';
  /** Of the item as the operator says now; undefined where the share is gone. */
  readonly state: ItemState | undefined;
}

/** Somebody consented to it, from when to when. */
export interface ConsentedAccess extends SharedAccess {
  readonly evidence: 'Consented';
}

/** All of a dataset is its owner's: what is declared gives the right, and nobody looks at each of its roles. */
export interface OwnedAccess extends RecordedAccess {
  readonly evidence: 'Owned';
}

export type AccessFact = GrantedAccess | ConsentedAccess | OwnedAccess;

/**
 * Granted: the operator had found it in AWS. Consented: somebody had consented, and it was not found in AWS. Owned: by the owner's own right.
 * Ended: it was granted within the time that is asked about, and is not at its end.
 */
export type AccessStanding = 'Granted' | 'Consented' | 'Owned' | 'Ended';

/**
 * What keeps an answer from being certain. FilterUnknown, FilterChanged: what a filter showed at that time is not recorded, and it is gone or
 * has been written anew since. AwsUncertain: of what had been granted, AWS is being changed or did not take a change. KeysMayLast: what Lake
 * Formation handed out before the end works for an hour at most.
 */
export type AccessDoubt = 'FilterUnknown' | 'FilterChanged' | 'AwsUncertain' | 'KeysMayLast';

/** A filter as it is defined now. */
export interface DefinedFilter {
  readonly filter: DataFilter;
  /** When its table's filters were last written. */
  readonly written: Date;
}

/** What is shown of a table. */
export interface Restriction {
  readonly name: string;
  /** Undefined where the filter is gone. */
  readonly filter: DataFilter | undefined;
}

export interface ReadAccess {
  readonly fact: AccessFact;
  readonly standing: AccessStanding;
  readonly reach: Reach;
  /** The union of what they show is read; none: all of it. */
  readonly restrictions: readonly Restriction[];
  readonly doubts: readonly AccessDoubt[];
}

export interface AccessQuestion {
  /** The time that is asked about. */
  readonly at: Date;
  /** With it: everything from then on, what ended before `at` too. */
  readonly since?: Date | undefined;
  /** By which it can be read; left out: whatever the facts are of. */
  readonly openers?: readonly Opener[] | undefined;
}

/** Filters of the table of a fact. */
export type FilterLookup = (
  dataset: { readonly namespace: string; readonly name: string },
  table: string,
  filter: string,
) => DefinedFilter | undefined;

/** How long credentials that Lake Formation handed out outlive a revocation, in milliseconds. */
export const KEYS_LAST_MS = 3_600_000;

/** Answers one by one, in the order of the facts. Consent to what was found in AWS is told with that. */
export function whoCanRead(
  facts: readonly AccessFact[],
  question: AccessQuestion,
  filterOf: FilterLookup,
): readonly ReadAccess[] {
  const granted = new Set(
    facts.flatMap((fact) => (fact.evidence === 'Granted' && holdsAt(fact, question.at) ? [itemKey(fact)] : [])),
  );
  return facts.flatMap((fact): ReadAccess[] => {
    if (fact.evidence === 'Consented' && granted.has(itemKey(fact))) return [];
    const reach = reachOf(fact, question.openers);
    const standing = standingOf(fact, question);
    if (reach === undefined || standing === undefined) return [];
    const restrictions = reach === 'Item' ? restrictionsOf(fact, filterOf) : [];
    return [{ fact, standing, reach, restrictions, doubts: doubtsOf(fact, question.at, restrictions, filterOf) }];
  });
}

/** By which items of a dataset one of them can be read. @param wanted undefined: by any */
export function openersOf(wanted: DatasetItem | undefined, layout: DatasetLayout): readonly Opener[] | undefined {
  if (wanted === undefined) return undefined;
  const itself: Opener = { item: wanted, reach: 'Item' };
  const bucket: readonly Opener[] =
    layout.bucket === undefined || wanted.kind === 'Bucket'
      ? []
      : [{ item: { kind: 'Bucket', name: layout.bucket }, reach: 'Files' }];
  const places = placesOf(wanted, layout);
  const folders = layout.folders
    .filter(({ name }) => wanted.kind !== 'Folder' || name !== wanted.name)
    .flatMap(({ name, prefix }): Opener[] => {
      const reach = coverage(prefix, places);
      return reach === undefined ? [] : [{ item: { kind: 'Folder', name }, reach }];
    });
  return [itself, ...bucket, ...folders];
}

/** Prefixes of the bucket below which an item lies; none where that is not known. */
function placesOf({ kind, name }: DatasetItem, { bucket, folders, locations }: DatasetLayout): readonly string[] {
  switch (kind) {
    case 'Bucket':
      return [''];
    case 'Folder':
      return folders.filter((folder) => folder.name === name).map(({ prefix }) => prefix);
    case 'Table':
      return locations
        .filter(({ table, location }) => table === name && location.startsWith(`s3://${bucket}/`))
        .map(({ location }) => location.slice(`s3://${bucket}/`.length).replace(/\/*$/, '/'))
        .map((place) => (place === '/' ? '' : place));
  }
}

function coverage(prefix: string, places: readonly string[]): Reach | undefined {
  if (places.length > 0 && places.every((place) => place.startsWith(prefix))) return 'Files';
  return places.some((place) => place.startsWith(prefix) || prefix.startsWith(place)) ? 'SomeFiles' : undefined;
}

function reachOf(fact: AccessFact, openers: AccessQuestion['openers']): Reach | undefined {
  if (openers === undefined || fact.evidence === 'Owned') return 'Item';
  return openers.find(({ item: { kind, name } }) => kind === fact.item.kind && name === fact.item.name)?.reach;
}

function standingOf(fact: AccessFact, { at, since }: AccessQuestion): AccessStanding | undefined {
  if (holdsAt(fact, at)) return fact.evidence;
  if (fact.from > at || fact.until === undefined || fact.evidence === 'Consented') return undefined;
  const isWithin = since !== undefined && fact.until > since;
  return isWithin || keysMayLast(fact, at) ? 'Ended' : undefined;
}

const holdsAt = ({ from, until }: RecordedAccess, at: Date): boolean =>
  from <= at && (until === undefined || until > at);

/** Of S3 a policy that is gone lets nobody in; Lake Formation has handed out keys. */
const keysMayLast = (fact: AccessFact, at: Date): boolean =>
  fact.evidence === 'Granted' &&
  fact.item.kind === 'Table' &&
  fact.until !== undefined &&
  fact.until <= at &&
  at.getTime() - fact.until.getTime() < KEYS_LAST_MS;

const restrictionsOf = (fact: AccessFact, filterOf: FilterLookup): readonly Restriction[] =>
  fact.evidence === 'Owned'
    ? []
    : fact.filters.map((name) => ({ name, filter: filterOf(fact.dataset, fact.item.name, name)?.filter }));

/** Of an item that was granted it is not known in these what AWS gives. */
const UNCERTAIN: ReadonlySet<ItemState> = new Set(['Granting', 'Failed', 'Revoking']);

function doubtsOf(
  fact: AccessFact,
  at: Date,
  restrictions: readonly Restriction[],
  filterOf: FilterLookup,
): readonly AccessDoubt[] {
  if (fact.evidence === 'Owned') return [];
  const changed = restrictions.some(({ name }) => (filterOf(fact.dataset, fact.item.name, name)?.written ?? at) > at);
  const isUncertain =
    fact.evidence === 'Granted' && fact.until === undefined && fact.state !== undefined && UNCERTAIN.has(fact.state);
  const doubts: readonly (readonly [AccessDoubt, boolean])[] = [
    ['FilterUnknown', restrictions.some(({ filter }) => filter === undefined)],
    ['FilterChanged', changed],
    ['AwsUncertain', isUncertain],
    ['KeysMayLast', keysMayLast(fact, at)],
  ];
  return doubts.flatMap(([doubt, isSo]) => (isSo ? [doubt] : []));
}

const itemKey = (fact: Exclude<AccessFact, OwnedAccess>): string =>
  [fact.dataset.namespace, fact.dataset.name, fact.request.namespace, fact.request.name, fact.item.kind, fact.item.name].join('\n'); // prettier-ignore
