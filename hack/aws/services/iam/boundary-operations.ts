// Permissions boundaries of users and roles.
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call } from '../../core/operation.ts';
import { managedPolicyDocument } from './directory.ts';
import { identityNamed, identityNeed, nameIn, noSuchEntity, type IdentityKind, type NamedInput } from './identities.ts';

/** The ARN, when it names a policy that can be a boundary. */
export const checkBoundary = (call: Call, arn: string | undefined): string | undefined => {
  if (arn === undefined) return undefined;
  if (!arn.startsWith('arn:aws:iam::')) throw new AwsError('ValidationError', `ARN ${arn} is not valid.`);
  if (managedPolicyDocument(call.world, arn) === undefined)
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return arn;
};

const operationsFor = (kind: IdentityKind): Readonly<Record<string, AnyOperation>> => ({
  [`Put${kind}PermissionsBoundary`]: operation<NamedInput, object>({
    access: 'write',
    needs: (input, call) => [
      identityNeed(kind, `Put${kind}PermissionsBoundary`, input, call, {
        'iam:PermissionsBoundary': input['PermissionsBoundary'] ?? '',
      }),
    ],
    handle(input, call) {
      identityNamed(kind, call, nameIn(kind, input)).boundary = checkBoundary(call, input['PermissionsBoundary']);
      return {};
    },
  }),
  [`Delete${kind}PermissionsBoundary`]: operation<NamedInput, object>({
    access: 'write',
    needs: (input, call) => [identityNeed(kind, `Delete${kind}PermissionsBoundary`, input, call)],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      if (identity.boundary === undefined)
        throw noSuchEntity(`The ${kind.toLowerCase()} ${identity.name} has no permissions boundary.`);
      identity.boundary = undefined;
      return {};
    },
  }),
});

export const boundaryOperations: Readonly<Record<string, AnyOperation>> = {
  ...operationsFor('Role'),
  ...operationsFor('User'),
};
