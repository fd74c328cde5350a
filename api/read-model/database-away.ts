// Whether a query failed because the database cannot answer now, and would succeed later as it stands.

/**
 * Classes and codes of PostgreSQL: connections (08), resources (53), operators (57: shut down, starting up, cancelled by a timeout); a
 * standby (25006); and tables that are not there, which `rebuild` makes.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQL_STATES = /^(08...|53...|57...|25006|42P01)$/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'EHOSTUNREACH']);
/** What the client of PostgreSQL says without a code. */
const CLIENT =
  /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout|Client has encountered a connection error)/;

export function isDatabaseAway(error: unknown): boolean {
  // Node tries each address of a name, and tells of all of them.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as { code?: string };
  return SQL_STATES.test(code) || NETWORK.has(code) || CLIENT.test(error.message);
}
