// A query that ends FAILED: the reason is what GetQueryExecution shows.
import { AwsError } from '../../core/aws-error.ts';

/** Thrown on the way of a query; execution-operations.ts turns it into the FAILED state. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
}

/** A refusal by IAM or Lake Formation in Athena's words; other errors pass unchanged. */
export const asQueryFailure = (error: unknown, prefix: string): unknown =>
  error instanceof AwsError && error.code.startsWith('AccessDenied')
    ? new QueryFailure(`${prefix} ${error.message}`)
    : error;

/** Prefix of every refusal before data is read. */
export const INSUFFICIENT = 'Insufficient permissions to execute the query.';
