// AWS::Glue::Database and AWS::Glue::Table.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_Glue.html
import type { ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { object, text, typed } from './values.ts';

const NOT_TEXT = new Set(['Retention', 'Compressed', 'NumberOfBuckets', 'StoredAsSubDirectories', 'SortOrder']);

/** The database is what its input names; CloudFormation's DatabaseName is an older spelling of the same. */
const databaseInput = (properties: JsonObject): JsonObject => {
  const input = object(properties, 'DatabaseInput');
  return input['Name'] === undefined ? { ...input, Name: text(properties, 'DatabaseName') } : input;
};

export const database: ResourceType = {
  properties: { CatalogId: 'replace', DatabaseInput: 'update', DatabaseName: 'replace' },
  required: ['CatalogId', 'DatabaseInput'],
  identity: (properties) => text(databaseInput(properties), 'Name'),
  async create(properties, context) {
    const given = databaseInput(properties);
    const input = given['Name'] === undefined ? { ...given, Name: context.generatedName(64).toLowerCase() } : given;
    await context.invoke('glue', 'CreateDatabase', { CatalogId: text(properties, 'CatalogId'), DatabaseInput: input });
    return { physicalId: text(input, 'Name') ?? '' };
  },
  async update(Name, properties, _, context) {
    const DatabaseInput = { ...databaseInput(properties), Name };
    await context.invoke('glue', 'UpdateDatabase', { CatalogId: text(properties, 'CatalogId'), Name, DatabaseInput });
    return { physicalId: Name };
  },
  async remove(Name, properties, context) {
    await context.invoke('glue', 'DeleteDatabase', { CatalogId: text(properties, 'CatalogId'), Name });
  },
};

export const table: ResourceType = {
  properties: { CatalogId: 'replace', DatabaseName: 'replace', TableInput: 'update' },
  required: ['CatalogId', 'DatabaseName', 'TableInput'],
  identity: (properties) => text(object(properties, 'TableInput'), 'Name'),
  async create(properties, context) {
    const input = typed(object(properties, 'TableInput'), NOT_TEXT) as JsonObject;
    const Name = text(input, 'Name') ?? context.generatedName(64).toLowerCase();
    await context.invoke('glue', 'CreateTable', { ...place(properties), TableInput: { ...input, Name } });
    return { physicalId: Name };
  },
  async update(Name, properties, _, context) {
    const TableInput = { ...(typed(object(properties, 'TableInput'), NOT_TEXT) as JsonObject), Name };
    await context.invoke('glue', 'UpdateTable', { ...place(properties), TableInput });
    return { physicalId: Name };
  },
  async remove(Name, properties, context) {
    await context.invoke('glue', 'DeleteTable', { ...place(properties), Name });
  },
};

const place = (properties: JsonObject) => ({
  CatalogId: text(properties, 'CatalogId'),
  DatabaseName: text(properties, 'DatabaseName'),
});
