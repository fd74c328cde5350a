// ARNs of the Data Catalog and what identifies a catalog, a database and a table.
// https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html

/** The Data Catalog of one account in one region. The catalog id is the account id. */
export interface CatalogRef {
  readonly catalogId: string;
  readonly region: string;
}

export interface DatabaseRef extends CatalogRef {
  /** Lower case, as Glue keeps it. */
  readonly database: string;
}

export interface TableRef extends DatabaseRef {
  /** Lower case, as Glue keeps it. */
  readonly table: string;
}

export const catalogArn = (ref: CatalogRef): string => `arn:aws:glue:${ref.region}:${ref.catalogId}:catalog`;

export const databaseArn = (ref: DatabaseRef): string =>
  `arn:aws:glue:${ref.region}:${ref.catalogId}:database/${ref.database}`;

export const tableArn = (ref: TableRef): string =>
  `arn:aws:glue:${ref.region}:${ref.catalogId}:table/${ref.database}/${ref.table}`;

/** Reads a table ARN; undefined when it is not one. */
export const parseTableArn = (arn: string): TableRef | undefined => {
  const found = /^arn:aws:glue:([^:]+):(\d{12}):table\/([^/]+)\/(.+)$/.exec(arn);
  if (!found) return undefined;
  const [, region = '', catalogId = '', database = '', table = ''] = found;
  return { region, catalogId, database, table };
};
