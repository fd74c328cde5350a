// Resource links: where an operation ends up when the database or table it names is a link.
// https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { demandOnDatabase, demandOnTable, isTableAllowed } from '../lakeformation/gate.ts';
import type { DatabaseRef, TableRef } from './catalog-arn.ts';
import { databaseNeeds, tableNeeds } from './catalog-needs.ts';
import type { DatabaseRecord, TableRecord } from './catalog-state.ts';
import { databaseLinkTarget, findDatabase, findTable, linkTarget } from './catalog-state.ts';

export interface FoundTable {
  readonly ref: TableRef;
  readonly record: TableRecord;
}

/** @throws EntityNotFoundException */
export const existingDatabase = (call: Call, ref: DatabaseRef): DatabaseRecord => {
  const record = findDatabase(call.world, ref);
  if (!record) throw new AwsError('EntityNotFoundException', `Database ${ref.database} not found.`);
  return record;
};

/** @throws EntityNotFoundException */
export const existingTable = (call: Call, ref: TableRef): FoundTable => {
  existingDatabase(call, ref);
  const record = findTable(call.world, ref);
  if (!record) throw new AwsError('EntityNotFoundException', `Table ${ref.table} not found.`);
  return { ref, record };
};

/** Asks for what an operation needs on the object behind a link, in IAM. */
const authorizeAll = (call: Call, needs: readonly Need[]): void => {
  for (const need of needs) call.authorize(need);
};

/**
 * The database an operation on tables works in: the target of a database link, for which the caller needs DESCRIBE on the link
 * and IAM rights on the target.
 */
export const behindDatabaseLink = (call: Call, action: string, ref: DatabaseRef): DatabaseRef => {
  const record = existingDatabase(call, ref);
  const target = databaseLinkTarget(ref, record.database);
  if (!target) return ref;
  demandOnDatabase(call, ref, 'DESCRIBE');
  authorizeAll(call, databaseNeeds(call, action, target));
  return target;
};

/** The table an operation works on, with links of the database and of the table followed; the caller must see each link. */
export const behindLinks = (call: Call, action: string, ref: TableRef): FoundTable => {
  const database = behindDatabaseLink(call, action, ref);
  const found = existingTable(call, { ...database, table: ref.table });
  const target = linkTarget(found.ref, found.record.table);
  if (!target) return found;
  demandOnTable(call, found.ref, 'DESCRIBE');
  authorizeAll(call, tableNeeds(call, action, target));
  return existingTable(call, target);
};

/** The target of a link if the caller may describe it, in IAM and in Lake Formation; else the link is all the caller sees. */
export const visibleTarget = (call: Call, action: string, target: TableRef): FoundTable | undefined => {
  if (!tableNeeds(call, action, target).every((need) => call.isAllowed(need))) return undefined;
  const record = findTable(call.world, target);
  return record && isTableAllowed(call, target, 'DESCRIBE') ? { ref: target, record } : undefined;
};
