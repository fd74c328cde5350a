// Where the data of a new dataset is, while somebody fills in the form.

export type Kind = 'create' | 'import';

export interface DatasetPlace {
  readonly environmentUri: string;
  readonly organizationUri: string;
  /** Of what is there, and is imported. */
  readonly bucketName: string;
  readonly kmsAlias: string;
  readonly database: string;
  readonly roleName: string;
}

export const newPlace: DatasetPlace = {
  environmentUri: '',
  organizationUri: '',
  bucketName: '',
  kmsAlias: '',
  database: '',
  roleName: '',
};

export function wrongPlaceFields(place: DatasetPlace, kind: Kind): ReadonlySet<'environmentUri' | 'bucketName'> {
  const needed = kind === 'import' ? (['environmentUri', 'bucketName'] as const) : (['environmentUri'] as const);
  return new Set(needed.filter((field) => place[field].trim() === ''));
}

/** What can be asked of an import before it is sent; undefined until enough of it is said. */
export function checkInputOf(place: DatasetPlace, owner: string) {
  const { environmentUri, bucketName, KmsKeyAlias, glueDatabaseName } = placeInputOf(place);
  if (environmentUri === '' || bucketName === '' || owner === '') return undefined;
  const key = KmsKeyAlias === '' ? {} : { KmsKeyAlias };
  return {
    environmentUri,
    SamlAdminGroupName: owner,
    bucketName,
    ...key,
    ...(glueDatabaseName !== undefined && { glueDatabaseName }),
  };
}

/** What importDataset takes of it. */
export const placeInputOf = ({
  environmentUri,
  organizationUri,
  bucketName,
  kmsAlias,
  database,
  roleName,
}: DatasetPlace) => ({
  environmentUri,
  organizationUri,
  bucketName: bucketName.trim(),
  // People copy it from the console, where it is written so.
  KmsKeyAlias: kmsAlias.trim().replace(/^alias\//, ''),
  ...(database.trim() !== '' && { glueDatabaseName: database.trim() }),
  ...(roleName.trim() !== '' && { adminRoleName: roleName.trim() }),
});
