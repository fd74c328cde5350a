// Who can read what, found out by reading it: as each role, through the bucket, through access points, through the catalog.
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import type { Principal } from '../../hack/aws/core/principal.ts';
import { tableAccess } from '../../hack/aws/services/lakeformation/access.ts';
import {
  BUCKET,
  COLUMNS,
  DATABASE,
  ROLES,
  roleNames,
  TABLES,
  type Administrators,
  type RoleName,
} from './sharing-data.ts';

/** What one role can read. */
export interface Access {
  readonly bucket: boolean;
  /** Prefixes of which an object can be read through an access point. */
  readonly folders: readonly string[];
  /** By table: `whole`, or what rows and columns are seen, sorted. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

export type AccessByRole = Readonly<Record<RoleName, Access>>;
export const NO_ACCESS: Access = { bucket: false, folders: [], tables: {} };

/** An object of each folder, and one that no folder holds. */
const SAMPLES = { 'raw/': 'raw/a.txt', 'raw2/': 'raw2/b.txt', '': 'top.txt' } as const;

export const probeAccess = async (aws: SimulatedAws, admin: Administrators): Promise<AccessByRole> => {
  const aliases = await accessPointAliases(admin);
  const all = await Promise.all(
    roleNames.map(async (role) => {
      const roleId = await admin.roleId(role);
      return [role, roleId === undefined ? NO_ACCESS : await probeRole(aws, admin, role, roleId, aliases)] as const;
    }),
  );
  return Object.fromEntries(all) as Record<RoleName, Access>;
};

const probeRole = async (
  aws: SimulatedAws,
  admin: Administrators,
  role: RoleName,
  roleId: string,
  aliases: readonly string[],
): Promise<Access> => {
  const account = admin.id(ROLES[role]);
  // As the simulator itself names it, wherever it is called from.
  const principal: Principal = {
    kind: 'role-session',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/probe`,
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    roleId,
    roleName: role,
    sessionName: 'probe',
  };
  const may = async (service: string, operation: string, input: object): Promise<boolean> => {
    try {
      await aws.invoke(service, operation, input, principal, admin.region);
      return true;
    } catch {
      return false;
    }
  };
  const folders = new Set<string>();
  for (const alias of aliases)
    for (const [prefix, key] of Object.entries(SAMPLES))
      if (await may('s3', 'GetObject', { Bucket: alias, Key: key })) folders.add(prefix);
  const tables: Record<string, readonly string[]> = {};
  for (const table of TABLES) {
    const source = { CatalogId: admin.id('producer'), DatabaseName: DATABASE, Name: table };
    if (!(await may('glue', 'GetTable', source))) continue;
    const ref = { catalogId: admin.id('producer'), region: admin.region, database: DATABASE, table };
    const seen = tableAccess(aws.world, principal, ref);
    if (seen.kind === 'iam') tables[table] = ['left to IAM'];
    if (seen.kind !== 'lakeformation') continue;
    const whole = seen.rowFilters.length === 0 && seen.columns.length === COLUMNS.length;
    tables[table] = whole
      ? ['whole']
      : (seen.rowFilters.length === 0 ? [{ columns: seen.columns, expression: 'true' }] : seen.rowFilters)
          .map(({ columns, expression }) => `${expression} | ${columns.join()}`)
          .toSorted();
  }
  return {
    bucket: await may('s3', 'GetObject', { Bucket: BUCKET, Key: 'top.txt' }),
    folders: [...folders].toSorted(),
    tables,
  };
};

const accessPointAliases = async (admin: Administrators): Promise<readonly string[]> => {
  const { AccessPointList = [] } = await admin.call<{ AccessPointList?: { Alias?: string }[] }>(
    'producer',
    's3control',
    'ListAccessPoints',
    { AccountId: admin.id('producer') },
  );
  return AccessPointList.flatMap(({ Alias }) => Alias ?? []);
};
