// Glue database operations. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-databases.html
import type {
  CreateDatabaseRequest,
  CreateDatabaseResponse,
  Database,
  DatabaseInput,
  DeleteDatabaseRequest,
  DeleteDatabaseResponse,
  GetDatabaseRequest,
  GetDatabaseResponse,
  GetDatabasesRequest,
  GetDatabasesResponse,
  PrincipalPermissions as GluePermissions,
  UpdateDatabaseRequest,
  UpdateDatabaseResponse,
} from '@aws-sdk/client-glue';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import {
  databaseDefaults,
  demandCreateDatabase,
  demandLocation,
  demandOnDatabase,
  forgetDatabase,
  grantOnCreation,
  isDatabaseAllowed,
  tableDefaults,
} from '../lakeformation/gate.ts';
import type { DatabaseRef } from './catalog-arn.ts';
import { databaseArn } from './catalog-arn.ts';
import { catalogNeeds, catalogOf, databaseContentNeeds, databaseNeeds, databaseOf } from './catalog-needs.ts';
import type { CatalogState } from './catalog-state.ts';
import { catalogState, databaseLinkTarget, findDatabase } from './catalog-state.ts';
import { existingDatabase } from './link-following.ts';

/** MaxResults of GetDatabases and GetTables is 1..100. */
export const LARGEST_PAGE = 100;

const createDatabase = operation<CreateDatabaseRequest, CreateDatabaseResponse>({
  needs: (input, call) =>
    databaseNeeds(call, 'glue:CreateDatabase', databaseOf(call, input.CatalogId, input.DatabaseInput?.Name)),
  access: 'write',
  handle: (input, call) => {
    const given = input.DatabaseInput ?? { Name: undefined };
    const ref = databaseOf(call, input.CatalogId, given.Name);
    const state = catalogState(call.world, ref);
    if (state.databases.has(ref.database)) throw new AwsError('AlreadyExistsException', 'Database already exists.');
    demandCreateDatabase(call, ref);
    demandLocation(call, ref, given.LocationUri);
    const database: Database = {
      ...fromInput(ref, given, call.world.clock.now()),
      // Lake Formation knows more permissions than Glue, but on tables they are the same.
      CreateTableDefaultPermissions:
        given.CreateTableDefaultPermissions ?? ([...tableDefaults(call.world, ref)] as GluePermissions[]),
    };
    state.databases.set(ref.database, { database, tables: new Map() });
    if (input.Tags) state.tags.set(databaseArn(ref), { ...input.Tags });
    grantOnCreation(
      call,
      ref,
      { kind: 'database', catalogId: ref.catalogId, database: ref.database },
      databaseDefaults(call.world, ref),
    );
    return {};
  },
});

const fromInput = (ref: DatabaseRef, input: DatabaseInput, createdAt: number): Database => ({
  Name: ref.database,
  Description: input.Description,
  LocationUri: input.LocationUri,
  Parameters: input.Parameters ?? {},
  CreateTime: new Date(createdAt),
  TargetDatabase: input.TargetDatabase,
  CatalogId: ref.catalogId,
});

const getDatabase = operation<GetDatabaseRequest, GetDatabaseResponse>({
  needs: (input, call) => databaseNeeds(call, 'glue:GetDatabase', databaseOf(call, input.CatalogId, input.Name)),
  access: 'read',
  handle: (input, call) => {
    const ref = databaseOf(call, input.CatalogId, input.Name);
    const { database } = existingDatabase(call, ref);
    demandOnDatabase(call, ref, 'DESCRIBE');
    return { Database: described(call, ref, database) };
  },
});

/** "If the caller has permissions on the target, follows the link to return the target's properties." */
const described = (call: Call, ref: DatabaseRef, database: Database): Database => {
  const target = databaseLinkTarget(ref, database);
  if (!target) return structuredClone(database);
  const allowed = databaseNeeds(call, 'glue:GetDatabase', target).every((need) => call.isAllowed(need));
  const record = allowed && isDatabaseAllowed(call, target, 'DESCRIBE') ? findDatabase(call.world, target) : undefined;
  if (!record) return structuredClone(database);
  const { Name, CatalogId, TargetDatabase, CreateTime } = database;
  return structuredClone({ ...record.database, Name, CatalogId, TargetDatabase, CreateTime });
};

/** Databases of the catalog, and with ResourceShareType ALL or FOREIGN those that other accounts share with the caller. */
const getDatabases = operation<GetDatabasesRequest, GetDatabasesResponse>({
  needs: (input, call) => catalogNeeds(call, 'glue:GetDatabases', catalogOf(call, input.CatalogId)),
  access: 'read',
  handle: (input, call) => {
    const ref = catalogOf(call, input.CatalogId);
    const local = input.ResourceShareType === 'FOREIGN' ? [] : databasesIn(catalogState(call.world, ref), ref);
    const foreign = input.ResourceShareType === 'FOREIGN' || input.ResourceShareType === 'ALL' ? foreignTo(call) : [];
    const seen = [...local, ...foreign].filter(
      (entry) =>
        databaseNeeds(call, 'glue:GetDatabases', entry).every((need) => call.isAllowed(need)) &&
        isDatabaseAllowed(call, entry, 'DESCRIBE'),
    );
    const { items, next } = page(seen, input.NextToken, input.MaxResults ?? LARGEST_PAGE, 'InvalidInputException');
    return {
      DatabaseList: items.map((entry) => described(call, entry, existingDatabase(call, entry).database)),
      NextToken: next,
    };
  },
});

const databasesIn = (state: CatalogState, ref: { catalogId: string; region: string }): DatabaseRef[] =>
  [...state.databases.keys()].sort().map((database) => ({ ...ref, database }));

const foreignTo = (call: Call): DatabaseRef[] => {
  const found: DatabaseRef[] = [];
  for (const { account, region, state } of call.world.states<CatalogState>('glue'))
    if (account !== call.account && region === call.region)
      found.push(...databasesIn(state, { catalogId: account, region }));
  return found;
};

const updateDatabase = operation<UpdateDatabaseRequest, UpdateDatabaseResponse>({
  needs: (input, call) => databaseNeeds(call, 'glue:UpdateDatabase', databaseOf(call, input.CatalogId, input.Name)),
  access: 'write',
  handle: (input, call) => {
    const named = databaseOf(call, input.CatalogId, input.Name);
    const target = databaseLinkTarget(named, existingDatabase(call, named).database);
    if (target) for (const need of databaseNeeds(call, 'glue:UpdateDatabase', target)) call.authorize(need);
    const ref = target ?? named;
    const record = existingDatabase(call, ref);
    demandOnDatabase(call, ref, 'ALTER');
    const given = input.DatabaseInput ?? { Name: undefined };
    if (given.LocationUri !== record.database.LocationUri) demandLocation(call, ref, given.LocationUri);
    const { CreateTime, TargetDatabase, CreateTableDefaultPermissions } = record.database;
    record.database = {
      ...fromInput(ref, given, call.world.clock.now()),
      CreateTime,
      TargetDatabase,
      CreateTableDefaultPermissions: given.CreateTableDefaultPermissions ?? CreateTableDefaultPermissions,
    };
    return {};
  },
});

/** Deletes the database with its tables; of a link, only the link. */
const deleteDatabase = operation<DeleteDatabaseRequest, DeleteDatabaseResponse>({
  needs: (input, call) =>
    databaseContentNeeds(call, 'glue:DeleteDatabase', databaseOf(call, input.CatalogId, input.Name)),
  access: 'write',
  handle: (input, call) => {
    const ref = databaseOf(call, input.CatalogId, input.Name);
    existingDatabase(call, ref);
    demandOnDatabase(call, ref, 'DROP');
    const state = catalogState(call.world, ref);
    state.databases.delete(ref.database);
    state.tags.delete(databaseArn(ref));
    forgetDatabase(call.world, ref);
    return {};
  },
});

export const databaseOperations = {
  CreateDatabase: createDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  UpdateDatabase: updateDatabase,
  DeleteDatabase: deleteDatabase,
};
