// The rights that a grant needs in the principal's own policies, as pieces that can be packed.
import { bucketArn, regionalArn } from '../../../policy/arn.ts';
import type { Statement } from '../../../policy/document.ts';
import type { PackItem } from '../../../policy/pack-policies.ts';
import { literal } from '../../../policy/variables.ts';
import type { SharePoliciesClaims } from '../../desired.ts';
import { grantId, isSameAccount, type Grant, type SharePermission } from '../../grant.ts';
import {
  ACCESS_POINT_OBJECT_ACTIONS,
  BUCKET_ACTIONS,
  DECRYPT_ACTIONS,
  ENCRYPT_ACTIONS,
  GLUE_READ_ACTIONS,
  GLUE_WRITE_ACTIONS,
  writes,
} from '../resource-policy/statements.ts';

/** Pieces of one grant; undefined while a name in the consumer account is not known. Equal pieces of several grants have equal ids. */
export const itemsOf = (
  claims: Pick<SharePoliciesClaims, 'accessPoints' | 'links'>,
  grant: Grant,
): readonly PackItem[] | undefined => {
  switch (grant.item.kind) {
    case 'Bucket':
      return [bucketItem(grant)];
    case 'Folder': {
      const arn = claims.accessPoints.get(grantId(grant));
      return arn === undefined ? undefined : [accessPointItem(grant, arn)];
    }
    case 'Table': {
      const link = claims.links.get(grantId(grant));
      return link === undefined ? undefined : [tableItem(grant, grant.item.name, link.database, link.link)];
    }
  }
};

const bucketItem = ({ source, permissions }: Grant): PackItem => {
  const arn = bucketArn(source);
  return {
    id: `bucket/${source.bucket}/${permissions.join('+')}`,
    statements: [
      ...permissions.map((permission) =>
        allow(`BucketStatementS3${suffix(permission)}`, BUCKET_ACTIONS[permission], [arn, `${arn}/*`]),
      ),
      ...keyStatements('BucketStatementKMS', source.keyArn, permissions),
    ],
  };
};

/**
 * Between accounts both sides must allow, so which prefixes are open is left to the access point's own policy; repeating it here would
 * fill policies for nothing. Within one account either side is enough: there this side names the prefix, and leaves listing, which
 * would need a condition, to the access point.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
const accessPointItem = (grant: Grant, arn: string): PackItem => {
  const { source, permissions, item } = grant;
  const prefix = isSameAccount(grant) && item.kind === 'Folder' ? literal(item.prefix) : '';
  const read =
    prefix === '' ? ['s3:ListBucket', ...ACCESS_POINT_OBJECT_ACTIONS.Read] : ACCESS_POINT_OBJECT_ACTIONS.Read;
  const resources = [...(prefix === '' ? [arn] : []), `${arn}/object/${prefix}*`];
  return {
    id: `access-point/${arn}/${prefix}${permissions.join('+')}`,
    statements: [
      ...permissions.map((permission) =>
        allow(
          `AccessPointsStatementS3${suffix(permission)}`,
          permission === 'Read' ? read : ACCESS_POINT_OBJECT_ACTIONS[permission],
          resources,
        ),
      ),
      ...keyStatements('AccessPointsStatementKMS', source.keyArn, permissions),
    ],
  };
};

/** Glue asks for the catalog, the database and the table, on both sides of the link. */
const tableItem = (
  { source, consumer, permissions }: Grant,
  table: string,
  linkDatabase: string,
  link: string,
): PackItem => {
  const glue = (
    place: Pick<Grant['source'], 'account' | 'region'>,
    database: string,
    name: string,
  ): readonly string[] =>
    ['catalog', `database/${database}`, `table/${database}/${name}`].map((part) => regionalArn(place, 'glue', part));
  const resources = [...glue(source, source.database, table), ...glue(consumer, linkDatabase, link)];
  return {
    id: `table/${source.account}/${source.database}/${table}/${linkDatabase}/${link}/${permissions.join('+')}`,
    statements: [
      allow('LakeFormation', GLUE_READ_ACTIONS, resources),
      ...(writes(permissions) ? [allow('LakeFormationWrite', GLUE_WRITE_ACTIONS, resources)] : []),
      // https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html: it has no resources.
      allow('LakeFormationData', ['lakeformation:GetDataAccess'], ['*']),
    ],
  };
};

const keyStatements = (
  sid: string,
  keyArn: string | undefined,
  permissions: readonly SharePermission[],
): readonly Statement[] =>
  keyArn === undefined
    ? []
    : [
        allow(sid, DECRYPT_ACTIONS, [keyArn]),
        ...(writes(permissions) ? [allow(`${sid}Write`, ENCRYPT_ACTIONS, [keyArn])] : []),
      ];

const suffix = (permission: SharePermission): string => (permission === 'Read' ? '' : permission);

const allow = (sid: string, actions: readonly string[], resources: readonly string[]): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});
