// What a catalog operation must be allowed by IAM: its resource and all that contains it.
// "The caller needs permissions on the resource and all its ancestors":
// https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html#data-catalog-resource-arns
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import type { CatalogRef, DatabaseRef, TableRef } from './catalog-arn.ts';
import { catalogArn, databaseArn, tableArn } from './catalog-arn.ts';
import { catalogPolicies } from './catalog-policy.ts';

/** The catalog a request names, by default the caller's. */
export const catalogOf = (call: Call, catalogId: string | undefined): CatalogRef => {
  const id = catalogId ?? call.account;
  if (!/^\d{12}$/.test(id)) throw new AwsError('InvalidInputException', `Catalog ${id} is not an account id.`);
  return { catalogId: id, region: call.region };
};

/** @throws InvalidInputException without a name. Names are kept in lower case. */
export const databaseOf = (call: Call, catalogId: string | undefined, name: string | undefined): DatabaseRef => ({
  ...catalogOf(call, catalogId),
  database: entityName(name, 'Database'),
});

/** @throws InvalidInputException without a name. Names are kept in lower case. */
export const tableOf = (
  call: Call,
  catalogId: string | undefined,
  database: string | undefined,
  name: string | undefined,
): TableRef => ({ ...databaseOf(call, catalogId, database), table: entityName(name, 'Table') });

/** 1..255 characters of one line: https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html */
const entityName = (name: string | undefined, what: string): string => {
  if (name === undefined || !/^[\u0020-\uD7FF\uE000-\uFFFD]{1,255}$/.test(name))
    throw new AwsError('InvalidInputException', `${what} name cannot be empty or longer than 255 characters.`);
  return name.toLowerCase();
};

export const catalogNeeds = (call: Call, action: string, ref: CatalogRef): Need[] => [
  need(call, action, ref, catalogArn(ref)),
];

export const databaseNeeds = (call: Call, action: string, ref: DatabaseRef): Need[] => [
  ...catalogNeeds(call, action, ref),
  need(call, action, ref, databaseArn(ref)),
];

export const tableNeeds = (call: Call, action: string, ref: TableRef): Need[] => [
  ...databaseNeeds(call, action, ref),
  need(call, action, ref, tableArn(ref)),
];

/** "To delete a database you need permission on its tables and functions as well": same page. */
export const databaseContentNeeds = (call: Call, action: string, ref: DatabaseRef): Need[] => [
  ...databaseNeeds(call, action, ref),
  need(call, action, ref, tableArn({ ...ref, table: '*' })),
  need(call, action, ref, `arn:aws:glue:${ref.region}:${ref.catalogId}:userDefinedFunction/${ref.database}/*`),
];

const need = (call: Call, action: string, ref: CatalogRef, resource: string): Need => ({
  action,
  resource,
  resourceAccount: ref.catalogId,
  resourcePolicies: catalogPolicies(call.world, ref, call.account),
});
