// Looks for access by LF-Tags to a dataset's database and tables.
import { accessByTags } from '../../access/tag-access.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';

/** Tables whose tags are read, a call each, where the account has tag policies at all. */
const MOST_TABLES = 100;
/** Principals told of in a condition. */
const MOST_TOLD = 5;

/** A sentence about it; undefined where there is none. One call in an account without tag policies. */
export const tagAccessOf = async (
  aws: AccountAws,
  database: string,
  tables: readonly string[],
): Promise<string | undefined> => {
  const { account: catalogId, lakeFormation } = aws;
  const grants = await lakeFormation.permissions({ type: 'LF_TAG_POLICY' });
  if (grants.length === 0) return undefined;
  const looked = tables.slice(0, MOST_TABLES);
  try {
    const [onDatabase, ...onTables] = await Promise.all([
      lakeFormation.tags({ kind: 'Database', catalogId, database }),
      ...looked.map((table) => lakeFormation.tags({ kind: 'Table', catalogId, database, table })),
    ]);
    const tags = new Map(looked.map((table, index) => [table, onTables[index] ?? new Map<string, string>()]));
    const found = accessByTags(grants, { database: onDatabase ?? new Map<string, string>(), tables: tags });
    if (found.length === 0) return undefined;
    const told = found.slice(0, MOST_TOLD).join('; ');
    const rest = found.length > MOST_TOLD ? ` and ${String(found.length - MOST_TOLD)} more` : '';
    const part =
      tables.length > MOST_TABLES
        ? `; of ${String(tables.length)} tables the first ${String(MOST_TABLES)} were looked at`
        : '';
    return `LF-Tag policies also give access, which data.all does not manage and leaves as it is: ${told}${rest}${part}`;
  } catch (error) {
    if (!isFault(error, 'AccessDenied')) throw error;
    return `the account has LF-Tag policies, and what they open here is not known: the pivot role may not call lakeformation:GetResourceLFTags; update its stack`;
  }
};
