// What LF-Tag policies open of a dataset. Tags are the account's own business: we tell what they open, and take nothing back.
import type { LakeGrant } from '../aws/services/lakeformation.ts';

/** Tags of the database and of each table, inherited ones included: value by key, in lower case as Lake Formation keeps them. */
export interface DatasetTags {
  readonly database: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Principals with what a tag policy gives them, e.g. `arn:... DESCRIBE, SELECT on table orders (level=public)`, in a stable order. */
export const accessByTags = (grants: readonly LakeGrant[], tags: DatasetTags): readonly string[] =>
  grants
    .flatMap(({ principal, resource, permissions }) => {
      if (resource.kind !== 'Other' || resource.raw.LFTagPolicy === undefined) return [];
      const { ResourceType, Expression, ExpressionName } = resource.raw.LFTagPolicy;
      const what = `${principal} ${permissions.join(', ')}`;
      // Its terms are not in the grant: what it opens cannot be told from here.
      if (Expression === undefined) return [`${what} wherever LF-Tag expression ${ExpressionName ?? ''} is met`];
      const meets = (carried: ReadonlyMap<string, string>): boolean =>
        Expression.every(({ TagKey, TagValues = [] }) => TagValues.includes(carried.get(TagKey ?? '') ?? ''));
      const terms = Expression.map(({ TagKey, TagValues = [] }) => `${TagKey ?? ''}=${TagValues.join('|')}`).join(', ');
      if (ResourceType === 'DATABASE') return meets(tags.database) ? [`${what} on the database (${terms})`] : [];
      const tables = [...tags.tables].filter(([, carried]) => meets(carried)).map(([name]) => name);
      if (tables.length === 0) return [];
      return [`${what} on ${tables.length === 1 ? 'table' : 'tables'} ${tables.join(', ')} (${terms})`];
    })
    .toSorted();
