// Glue Data Catalog: databases, tables and the links to other accounts' ones. One service, one file, with what it says turned into our
// words and back.
import type * as sdk from '@aws-sdk/client-glue';
import type { Column, Database, Table } from '@aws-sdk/client-glue';
import { isFault } from '../fault.ts';
import { everyPage, listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

/** What a link points to. */
export interface LinkTarget {
  readonly catalogId: string;
  readonly database: string;
  readonly table: string;
  /** Only for links to another region. */
  readonly region?: string | undefined;
}

interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string | undefined;
}

export interface GlueDatabase {
  readonly catalogId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly locationUri: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Set if this is a link to another database. */
  readonly target: Omit<LinkTarget, 'table'> | undefined;
  /** Whether new tables are open to IAM: the default permission of IAM_ALLOWED_PRINCIPALS. */
  readonly opensNewTables: boolean;
}

export interface GlueTable {
  readonly catalogId: string;
  readonly database: string;
  readonly name: string;
  readonly description: string | undefined;
  /** Set if this is a resource link. */
  readonly target: LinkTarget | undefined;
  /** e.g. `s3://bucket/prefix/`. */
  readonly location: string | undefined;
  /** That and every other place where an engine may look for its data; those of its partitions are asked for apart. */
  readonly locations: readonly string[];
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GlueColumn[];
  readonly parameters: Readonly<Record<string, string>>;
  /** `EXTERNAL_TABLE`, `VIRTUAL_VIEW`, `GOVERNED`... */
  readonly type: string | undefined;
  /** Java class names of format and SerDe, as crawlers set them. */
  readonly inputFormat: string | undefined;
  readonly outputFormat: string | undefined;
  readonly serde: { readonly library: string; readonly parameters: Readonly<Record<string, string>> } | undefined;
  readonly registeredWithLakeFormation: boolean;
  readonly updatedAt: Date | undefined;
}

/** A table to make: a link, or one with data. */
export type NewTable =
  | { readonly name: string; readonly target: LinkTarget; readonly parameters?: Readonly<Record<string, string>> }
  | (Pick<GlueTable, 'name' | 'location' | 'columns' | 'inputFormat' | 'outputFormat' | 'serde'> &
      Partial<Pick<GlueTable, 'description' | 'partitionKeys' | 'parameters' | 'type'>>);

/** Pages of 1,000: a table with more is looked at as far as that. */
const MOST_PARTITION_PAGES = 20;

/** Reads take another account's catalog id; Glue and Lake Formation decide what is visible of it. */
export class Glue {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  async database(name: string, catalogId?: string): Promise<GlueDatabase | undefined> {
    const database = (await this.#service.find('GetDatabase', { CatalogId: catalogId, Name: name }))?.Database;
    return database === undefined ? undefined : toDatabase(database, catalogId ?? this.#service.account);
  }

  /** Databases and links of the account that Lake Formation lets us see, 100 at a time. */
  async *databasePages(): AsyncGenerator<readonly GlueDatabase[]> {
    const read = (NextToken: string | undefined) => this.#service.read('GetDatabases', { MaxResults: 100, NextToken });
    for await (const page of everyPage(read, (one) => one.NextToken))
      yield (page.DatabaseList ?? []).map((database) => toDatabase(database, this.#service.account));
  }

  /** Makes a database whose new tables are closed to IAM (no default permissions). @throws AwsFault AlreadyExists */
  async createDatabase(database: {
    readonly name: string;
    readonly description?: string;
    readonly locationUri?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly target?: Omit<LinkTarget, 'table'>;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<void> {
    const { name, description, locationUri, parameters, target, tags } = database;
    await this.#service.write('CreateDatabase', {
      DatabaseInput: {
        Name: name,
        Description: description,
        LocationUri: locationUri,
        Parameters: parameters,
        TargetDatabase:
          target === undefined
            ? undefined
            : { CatalogId: target.catalogId, DatabaseName: target.database, Region: target.region },
        // Absent would mean the settings' default, which is open to IAM in accounts nobody has configured.
        CreateTableDefaultPermissions: [],
      },
      Tags: tags,
    });
  }

  /** Deletes the database and all tables in it. @returns false if it was gone */
  async deleteDatabase(name: string): Promise<boolean> {
    return await this.#service.remove('DeleteDatabase', { Name: name });
  }

  async table(database: string, name: string, catalogId?: string): Promise<GlueTable | undefined> {
    const found = await this.#service.find('GetTable', { CatalogId: catalogId, DatabaseName: database, Name: name });
    return found?.Table === undefined ? undefined : toTable(found.Table, catalogId ?? this.#service.account);
  }

  /** Tables and links of a database, 100 at a time. @throws AwsFault NotFound if there is no such database */
  async *tablePages(database: string): AsyncGenerator<readonly GlueTable[]> {
    const read = (NextToken: string | undefined) =>
      this.#service.read('GetTables', { DatabaseName: database, MaxResults: 100, NextToken });
    for await (const page of everyPage(read, (one) => one.NextToken))
      yield (page.TableList ?? []).map((table) => toTable(table, this.#service.account));
  }

  /** All tables and links of a database, 100 a page; undefined if there is no such database. */
  async tables(database: string, catalogId?: string): Promise<readonly GlueTable[] | undefined> {
    try {
      return await listAll(
        (NextToken) =>
          this.#service.read('GetTables', { CatalogId: catalogId, DatabaseName: database, MaxResults: 100, NextToken }),
        (page) => page.NextToken,
        (page) => page.TableList?.map((table) => toTable(table, catalogId ?? this.#service.account)),
      );
    } catch (error) {
      if (isFault(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /**
   * The different beginnings (`s3://bucket/`) of where a table's partitions lie, of the first 20,000; empty if there is no such table.
   * https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html
   */
  async partitionRoots(database: string, table: string): Promise<readonly string[]> {
    const roots = new Set<string>();
    let NextToken: string | undefined;
    for (let page = 0; page < MOST_PARTITION_PAGES; page += 1) {
      const found = await this.#service.find('GetPartitions', {
        DatabaseName: database,
        TableName: table,
        MaxResults: 1000,
        ExcludeColumnSchema: true,
        NextToken,
      });
      for (const { StorageDescriptor: storage } of found?.Partitions ?? [])
        for (const location of [storage?.Location, ...(storage?.AdditionalLocations ?? [])])
          if (location !== undefined && location !== '') roots.add(locationRoot(location));
      NextToken = found?.NextToken;
      if (NextToken === undefined) break;
    }
    return [...roots];
  }

  /** Makes a table or a link. @throws AwsFault AlreadyExists, NotFound (no such database) */
  async createTable(database: string, table: NewTable): Promise<void> {
    await this.#service.write('CreateTable', { DatabaseName: database, TableInput: toTableInput(table) });
  }

  /** @returns false if it was gone */
  async deleteTable(database: string, name: string): Promise<boolean> {
    return await this.#service.remove('DeleteTable', { DatabaseName: database, Name: name });
  }
}

const toDatabase = (database: Database, catalogId: string): GlueDatabase => ({
  catalogId: database.CatalogId ?? catalogId,
  name: database.Name ?? '',
  description: database.Description,
  locationUri: database.LocationUri,
  parameters: database.Parameters ?? {},
  target:
    database.TargetDatabase === undefined
      ? undefined
      : {
          catalogId: database.TargetDatabase.CatalogId ?? '',
          database: database.TargetDatabase.DatabaseName ?? '',
          region: database.TargetDatabase.Region,
        },
  opensNewTables: (database.CreateTableDefaultPermissions ?? []).some(
    ({ Principal }) => Principal?.DataLakePrincipalIdentifier === 'IAM_ALLOWED_PRINCIPALS',
  ),
});

const toTable = (table: Table, catalogId: string): GlueTable => {
  const { StorageDescriptor: storage, TargetTable: target } = table;
  return {
    catalogId: table.CatalogId ?? catalogId,
    database: table.DatabaseName ?? '',
    name: table.Name ?? '',
    description: table.Description,
    target:
      target === undefined
        ? undefined
        : {
            catalogId: target.CatalogId ?? '',
            database: target.DatabaseName ?? '',
            table: target.Name ?? '',
            region: target.Region,
          },
    location: storage?.Location,
    locations: locationsOf(table),
    columns: (storage?.Columns ?? []).map(toColumn),
    partitionKeys: (table.PartitionKeys ?? []).map(toColumn),
    parameters: table.Parameters ?? {},
    type: table.TableType,
    inputFormat: storage?.InputFormat,
    outputFormat: storage?.OutputFormat,
    serde:
      storage?.SerdeInfo?.SerializationLibrary === undefined
        ? undefined
        : { library: storage.SerdeInfo.SerializationLibrary, parameters: storage.SerdeInfo.Parameters ?? {} },
    registeredWithLakeFormation: table.IsRegisteredWithLakeFormation === true,
    updatedAt: table.UpdateTime,
  };
};

/**
 * Delta Lake lists more locations, Iceberg begins with a metadata file, Spark reads the path that its SerDe names, and Athena, where it is
 * to work out partitions by itself, a template of where they lie.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_StorageDescriptor.html
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html#partition-projection-specifying-custom-s3-storage-locations
 */
const locationsOf = ({ StorageDescriptor: storage, Parameters }: Table): readonly string[] => {
  const path = storage?.SerdeInfo?.Parameters?.['path'];
  const named = ['metadata_location', 'storage.location.template'].map((parameter) => Parameters?.[parameter]);
  const places = [storage?.Location, ...(storage?.AdditionalLocations ?? []), ...named, path];
  return places.filter((place) => place !== undefined && place !== '') as string[];
};

/** As much of a location as says whose it is; all of one that is no URL. */
export const locationRoot = (location: string): string => {
  const root = /^[^/]*\/\/[^/]*/.exec(location)?.[0];
  return root === undefined ? location : `${root}/`;
};

const toColumn = ({ Name, Type, Comment }: Column): GlueColumn => ({
  name: Name ?? '',
  type: Type ?? '',
  comment: Comment,
});

const fromColumn = ({ name, type, comment }: GlueColumn): Column => ({ Name: name, Type: type, Comment: comment });

function toTableInput(table: NewTable): sdk.TableInput {
  if ('target' in table) {
    const { catalogId, database, table: name, region } = table.target;
    return {
      Name: table.name,
      Parameters: table.parameters,
      TargetTable: { CatalogId: catalogId, DatabaseName: database, Name: name, Region: region },
    };
  }
  return {
    Name: table.name,
    Description: table.description,
    TableType: table.type ?? 'EXTERNAL_TABLE',
    Parameters: table.parameters,
    PartitionKeys: table.partitionKeys?.map(fromColumn),
    StorageDescriptor: {
      Location: table.location,
      Columns: table.columns.map(fromColumn),
      InputFormat: table.inputFormat,
      OutputFormat: table.outputFormat,
      SerdeInfo:
        table.serde === undefined
          ? undefined
          : { SerializationLibrary: table.serde.library, Parameters: { ...table.serde.parameters } },
    },
  };
}
