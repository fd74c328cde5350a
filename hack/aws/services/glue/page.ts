// One page of a list, with an opaque token to the next: the paging of Glue, Lake Formation, RAM and Athena lists.
import { AwsError } from '../../core/aws-error.ts';

export interface Page<T> {
  readonly items: T[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/**
 * Cuts `limit` items out of a list, from where the token of an earlier page says.
 * The token holds an offset, so a list that changes between two pages may repeat or skip an item, as AWS's may.
 * @param invalid the service's error code for a token that is none
 */
export const pageOf = <T>(items: readonly T[], token: string | undefined, limit: number, invalid: string): Page<T> => {
  const start = token === undefined || token === '' ? 0 : offsetOf(token, invalid);
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? tokenAt(end) : undefined };
};

const tokenAt = (offset: number): string => Buffer.from(`page:${String(offset)}`).toString('base64');

const offsetOf = (token: string, invalid: string): number => {
  const found = /^page:(\d+)$/.exec(Buffer.from(token, 'base64').toString());
  if (!found) throw new AwsError(invalid, 'The provided token is invalid.');
  return Number(found[1]);
};
