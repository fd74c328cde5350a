// What Read, Write and Modify of a table give in Lake Formation, and permissions there as a set of single rights, so that what is wanted and what is there can be compared and batched.
import type { LakeGrant, LakePermission } from '../../../aws/services/lakeformation.ts';
import type { LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import { grantId, type Grant, type SharePermission } from '../../grant.ts';

/** One permission of one principal on one resource. */
export interface LakeRight {
  readonly principal: string;
  readonly resource: LakeResource;
  readonly permission: LakePermission;
  /** The right to pass the permission on, which is beside the permission itself. We never give it. */
  readonly grantOption?: true;
}

/** What a table item gives, by permission (reference: data.all 2.9, Read/Write/Modify). */
export const TABLE_PERMISSIONS: Readonly<Record<SharePermission, readonly LakePermission[]>> = {
  Read: ['DESCRIBE', 'SELECT'],
  Write: ['INSERT'],
  Modify: ['ALTER', 'DELETE', 'DROP'],
};

/** What it gives on the shared database of the consumer account. */
export const SHARED_DATABASE_PERMISSIONS: Readonly<Record<SharePermission, readonly LakePermission[]>> = {
  Read: ['DESCRIBE'],
  Write: ['CREATE_TABLE'],
  Modify: ['ALTER', 'DROP'],
};

/** Jobs that IAM alone lets in: under Enforced nobody may be. */
export const IAM_ALLOWED_PRINCIPALS = 'IAM_ALLOWED_PRINCIPALS';

/** Text form: equal rights have equal texts. Also how foreign grants are remembered over an import. */
export const rightKey = ({ principal, resource, permission, grantOption }: LakeRight): string =>
  `${principal} ${permission} ${resourceKey(resource)}${grantOption === true ? ' with grant option' : ''}`;

/** The permission, whether or not it may be passed on. */
export const withoutOption = ({ principal, resource, permission }: LakeRight): LakeRight => ({
  principal,
  resource,
  permission,
});

export const resourceKey = (resource: LakeResource): string => {
  switch (resource.kind) {
    case 'Catalog':
      return 'catalog';
    case 'Database':
      return `database/${resource.database}`;
    case 'Table':
      return `table/${resource.database}/${resource.table}`;
    case 'AllTables':
      return `tables/${resource.database}`;
    case 'Columns':
      return `columns/${resource.database}/${resource.table}/${resource.columns.toSorted().join(',')}`;
    case 'AllColumns':
      return `columns-except/${resource.database}/${resource.table}/${resource.except.toSorted().join(',')}`;
    case 'Filter':
      return `filter/${resource.database}/${resource.table}/${resource.filter}`;
    case 'Location':
      return `location/${resource.arn}`;
    case 'Other':
      return `other/${JSON.stringify(resource.raw)}`;
  }
};

/** The resource whose permissions list those on this one: columns and filters are listed with their table. */
export const listedBy = (resource: LakeResource): LakeResource =>
  resource.kind === 'Columns' || resource.kind === 'AllColumns' || resource.kind === 'Filter'
    ? { kind: 'Table', catalogId: resource.catalogId, database: resource.database, table: resource.table }
    : resource;

/**
 * Rights of rows as ListPermissions answers them. SELECT on a whole table comes back as SELECT on all its columns
 * (https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html), which is said as on the table here.
 */
export const rightsOf = (grants: readonly LakeGrant[]): ReadonlyMap<string, LakeRight> =>
  byKey(
    grants.flatMap(({ principal, resource: raw, permissions, grantable }): readonly LakeRight[] => {
      const resource = wholeTable(raw);
      return [
        ...permissions.map((permission) => ({ principal, resource, permission })),
        ...grantable.map((permission) => ({ principal, resource, permission, grantOption: true as const })),
      ];
    }),
  );

export interface RightsDifference<Wanted> {
  readonly missing: readonly Wanted[];
  readonly extra: readonly LakeRight[];
  /** What to revoke, so that nothing extra is left. */
  readonly revoke: readonly LakeGrant[];
}

/** A right that somebody is to have. */
export interface WantedRight {
  readonly right: LakeRight;
  /** Ids of the grants that need it; none for what a dataset has by itself. */
  readonly grants: readonly string[];
  /** Only suspended grants need it: it is kept if it is there, and not given. */
  readonly suspended: boolean;
}

/** While it is gathered: many shares may ask for the same right. */
export interface GatheredRight extends WantedRight {
  readonly grants: string[];
  suspended: boolean;
}

/** Adds what one grant needs to what is wanted already. */
export const wantRights = (wanted: Map<string, GatheredRight>, grant: Grant, rights: readonly LakeRight[]): void => {
  const id = grantId(grant);
  for (const right of rights) {
    const text = rightKey(right);
    const known = wanted.get(text);
    if (known === undefined) wanted.set(text, { right, grants: [id], suspended: grant.suspended });
    else {
      known.grants.push(id);
      known.suspended &&= grant.suspended;
    }
  }
};

/** What is to be granted and revoked; `isOthers` tells rights that are not ours to judge. */
export const compareRights = <Wanted extends WantedRight>(
  wanted: ReadonlyMap<string, Wanted>,
  present: ReadonlyMap<string, LakeRight>,
  isOthers: (right: LakeRight) => boolean,
): RightsDifference<Wanted> => {
  const extra = [...present].filter(([text, right]) => !wanted.has(text) && !isOthers(right)).map(([, right]) => right);
  // A grant option goes together with its permission, which is granted again where it is wanted.
  const entangled = byKey(extra.filter(({ grantOption }) => grantOption === true).map((right) => withoutOption(right)));
  const revoked = new Map([...byKey(extra), ...[...entangled].filter(([text]) => present.has(text))]);
  return {
    missing: [...wanted]
      .filter(([text, want]) => revoked.has(text) || (!present.has(text) && !want.suspended))
      .map(([, want]) => want),
    extra,
    revoke: entriesOf([...revoked.values()]),
  };
};

const byKey = (rights: readonly LakeRight[]): ReadonlyMap<string, LakeRight> =>
  new Map(rights.map((right) => [rightKey(right), right]));

/** One entry of a batch per principal and resource, in a stable order. */
export const entriesOf = (rights: readonly LakeRight[]): readonly LakeGrant[] => {
  const entries = new Map<string, LakeRight[]>();
  // Texts are made once and compared as they are: there may be hundreds of thousands, and comparing by language takes seconds.
  for (const [, right] of rights.map((right) => [rightKey(right), right] as const).toSorted(byText)) {
    const key = `${right.principal} ${resourceKey(right.resource)}`;
    const members = entries.get(key);
    if (members === undefined) entries.set(key, [right]);
    else members.push(right);
  }
  return [...entries.values()].flatMap((members): LakeGrant[] => {
    const [first] = members;
    if (first === undefined) return [];
    const those = (option: boolean): readonly LakePermission[] =>
      members
        .filter(({ grantOption = false }) => grantOption === option)
        .map(({ permission }) => permission)
        .toSorted();
    return [
      { principal: first.principal, resource: first.resource, permissions: those(false), grantable: those(true) },
    ];
  });
};

/** A right to give, and the grants that need it. */
export interface GrantEntry {
  readonly entry: LakeGrant;
  readonly grants: readonly string[];
}

/** What gives all that is missing of what is wanted. */
export const grantEntriesOf = (
  missing: readonly WantedRight[],
  wanted: ReadonlyMap<string, WantedRight>,
): readonly GrantEntry[] =>
  entriesOf(missing.map(({ right }) => right)).map((entry) => {
    const { principal, resource, permissions } = entry;
    const grants = permissions.flatMap(
      (permission) => wanted.get(rightKey({ principal, resource, permission }))?.grants ?? [],
    );
    return { entry, grants: [...new Set(grants)] };
  });

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

const wholeTable = (resource: LakeResource): LakeResource =>
  resource.kind === 'AllColumns' && resource.except.length === 0
    ? { kind: 'Table', catalogId: resource.catalogId, database: resource.database, table: resource.table }
    : resource;
