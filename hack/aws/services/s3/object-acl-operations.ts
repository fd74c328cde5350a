// Access control lists of objects: shown, and replaced where the bucket has any.
import type * as sdk from '@aws-sdk/client-s3';
import { operation, type AnyOperation, type Output } from '../../core/operation.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { missingKey, versionNeeds } from './object-operations.ts';
import { versionOf } from './object-store.ts';
import { cannedAcl, demandLists, objectOwner } from './ownership.ts';
import { ownerOf } from './state.ts';
import { targetOf } from './target.ts';

const getObjectAcl = operation<sdk.GetObjectAclCommandInput, Output<sdk.GetObjectAclCommandOutput>>({
  access: 'read',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) => versionNeeds('s3:GetObjectAcl', input, call),
  handle(input, call) {
    const target = targetOf(input, call);
    const version = versionOf(target.bucket, input.Key ?? '', input.VersionId);
    if (version === undefined) throw missingKey(target, input, call);
    const Owner = ownerOf({ account: objectOwner(target.bucket, version) });
    const grant = (id: { ID: string }, Permission: sdk.Permission) => ({
      Grantee: { ...id, Type: 'CanonicalUser' as const },
      Permission,
    });
    const bucketOwner = ownerOf(target.bucket);
    const others =
      Owner.ID === bucketOwner.ID || version.acl === 'private'
        ? []
        : [grant(bucketOwner, version.acl === 'bucket-owner-read' ? 'READ' : 'FULL_CONTROL')];
    return { Owner, Grants: [grant(Owner, 'FULL_CONTROL'), ...others] };
  },
});

const putObjectAcl = operation<sdk.PutObjectAclCommandInput, Output<sdk.PutObjectAclCommandOutput>>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) =>
    versionNeeds('s3:PutObjectAcl', input, call).map((need) => ({
      ...need,
      context: { ...need.context, ...(input.ACL === undefined ? {} : { 's3:x-amz-acl': input.ACL }) },
    })),
  handle(input, call) {
    const target = targetOf(input, call);
    const version = versionOf(target.bucket, input.Key ?? '', input.VersionId);
    if (version === undefined) throw missingKey(target, input, call);
    demandLists(target.bucket);
    refuseMembers(call, input, [
      'AccessControlPolicy',
      'GrantFullControl',
      'GrantRead',
      'GrantReadACP',
      'GrantWrite',
      'GrantWriteACP',
    ]);
    version.acl = cannedAcl(target.bucket, input.ACL);
    return {};
  },
});

export const objectAclOperations: Readonly<Record<string, AnyOperation>> = {
  GetObjectAcl: getObjectAcl,
  PutObjectAcl: putObjectAcl,
};
