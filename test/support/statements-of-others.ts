// What others write into policies that we share with them: the bucket's, the key's, and those of a role.
import { ROLES, type BUCKET, type Administrators, type RoleName } from './sharing-data.ts';

/** Where a statement stands; the dataset's key is named by its ARN. */
export type SharedPolicy = { readonly bucket: typeof BUCKET } | { readonly key: string };

export interface PolicyText {
  readonly Statement: readonly Record<string, unknown>[];
}

/** Undefined: there is none. */
export const readSharedPolicy = async (admin: Administrators, at: SharedPolicy): Promise<PolicyText | undefined> => {
  try {
    const { Policy } =
      'bucket' in at
        ? await admin.call<{ Policy: string }>('producer', 's3', 'GetBucketPolicy', { Bucket: at.bucket })
        : await admin.call<{ Policy: string }>('producer', 'kms', 'GetKeyPolicy', keyInput(at.key));
    return JSON.parse(Policy) as PolicyText;
  } catch {
    return undefined;
  }
};

/** Puts a statement of theirs in, or, by its Sid, in the place of the one that was there. */
export const addStatement = async (
  admin: Administrators,
  at: SharedPolicy,
  statement: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const others = await statementsBut(admin, at, statement['Sid']);
  await write(admin, at, [...others, statement]);
};

export const removeStatement = async (admin: Administrators, at: SharedPolicy, sid: string): Promise<void> => {
  await write(admin, at, await statementsBut(admin, at, sid));
};

/** An inline policy of a role, as its team writes it; without statements there is none. */
export const setOwnPolicy = async (
  admin: Administrators,
  role: RoleName,
  statements: readonly object[],
): Promise<void> => {
  const name = { RoleName: role, PolicyName: 'own' };
  if (statements.length === 0) await admin.call(ROLES[role], 'iam', 'DeleteRolePolicy', name);
  else
    await admin.call(ROLES[role], 'iam', 'PutRolePolicy', {
      ...name,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    });
};

const statementsBut = async (
  admin: Administrators,
  at: SharedPolicy,
  sid: unknown,
): Promise<readonly Record<string, unknown>[]> =>
  ((await readSharedPolicy(admin, at))?.Statement ?? []).filter(({ Sid }) => sid === undefined || Sid !== sid);

const write = async (
  admin: Administrators,
  at: SharedPolicy,
  statements: readonly Record<string, unknown>[],
): Promise<void> => {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  if ('key' in at) await admin.call('producer', 'kms', 'PutKeyPolicy', { ...keyInput(at.key), Policy });
  else if (statements.length === 0) await admin.call('producer', 's3', 'DeleteBucketPolicy', { Bucket: at.bucket });
  else await admin.call('producer', 's3', 'PutBucketPolicy', { Bucket: at.bucket, Policy });
};

const keyInput = (key: string) => ({ KeyId: key, PolicyName: 'default' });
