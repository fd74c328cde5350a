// IAM: principals, and the managed policies through which shares reach them. One service, one file, with what it says turned into our
// words and back.
import type * as sdk from '@aws-sdk/client-iam';
import type {
  AttachedPolicy,
  ListAttachedRolePoliciesCommandOutput,
  ListRolePoliciesCommandOutput,
} from '@aws-sdk/client-iam';
import { isFault } from '../fault.ts';
import { listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

/** A role or user that exists. */
export interface IamPrincipal {
  readonly kind: 'Role' | 'User';
  readonly arn: string;
  readonly name: string;
  /** AROA... or AIDA...: a re-created principal has another. */
  readonly id: string;
}

/** A role with what decides who becomes it and how far it reaches. */
export interface IamRole extends IamPrincipal {
  readonly kind: 'Role';
  /** JSON of the trust policy. */
  readonly trust: string;
  readonly permissionsBoundaryArn: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  /** JSON of the default version. */
  readonly document: string;
  /** e.g. `v3`. */
  readonly version: string;
  readonly attachments: number;
}

/** What narrows a role or user, as far as it is told of itself. */
interface PrincipalLimits {
  readonly boundaryArn: string | undefined;
  /** Inline policies with the JSON of their documents. */
  readonly inline: readonly { readonly name: string; readonly document: string }[];
}

export class Iam {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  /** The role or user of this ARN; undefined if there is none of that name, or only under another path or account. */
  async principal(arn: string): Promise<IamPrincipal | undefined> {
    const { kind, name } = parsePrincipalArn(arn);
    if (kind === 'Role') {
      const role = (await this.#service.find('GetRole', { RoleName: name }))?.Role;
      return role?.Arn === arn ? { kind, arn, name, id: role.RoleId ?? '' } : undefined;
    }
    const user = (await this.#service.find('GetUser', { UserName: name }))?.User;
    return user?.Arn === arn ? { kind, arn, name, id: user.UserId ?? '' } : undefined;
  }

  /** A role by name (without path). */
  async role(name: string): Promise<IamRole | undefined> {
    const role = (await this.#service.find('GetRole', { RoleName: name }))?.Role;
    if (role === undefined) return undefined;
    return {
      kind: 'Role',
      arn: role.Arn ?? '',
      name,
      id: role.RoleId ?? '',
      trust: decode(role.AssumeRolePolicyDocument),
      permissionsBoundaryArn: role.PermissionsBoundary?.PermissionsBoundaryArn,
      tags: Object.fromEntries((role.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    };
  }

  /** ARNs of the managed policies attached to a role or user; undefined if it does not exist. */
  async attachedPolicies(principalArn: string): Promise<readonly string[] | undefined> {
    const { kind, name } = parsePrincipalArn(principalArn);
    const read = (Marker: string | undefined) =>
      kind === 'Role'
        ? this.#service.read('ListAttachedRolePolicies', { RoleName: name, Marker })
        : this.#service.read('ListAttachedUserPolicies', { UserName: name, Marker });
    try {
      return await listAll<ListAttachedRolePoliciesCommandOutput, string>(
        read,
        (page) => page.Marker,
        (page) => arnsOf(page.AttachedPolicies),
      );
    } catch (error) {
      if (isFault(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /**
   * Those of `arns`, all of this account, that exist. One read for a thousand policies of the account; a pivot role that may not list
   * them is answered by asking for each.
   */
  async policiesNamed(arns: readonly string[]): Promise<readonly string[]> {
    try {
      const all = await listAll(
        (Marker) => this.#service.read('ListPolicies', { Scope: 'Local', MaxItems: 1000, Marker }),
        (page) => page.Marker,
        (page) => page.Policies,
      );
      const existing = new Set(all.map(({ Arn }) => Arn));
      return arns.filter((arn) => existing.has(arn));
    } catch (error) {
      if (!isFault(error, 'AccessDenied')) throw error;
      const found = await Promise.all(arns.map((PolicyArn) => this.#service.find('GetPolicy', { PolicyArn })));
      return arns.filter((_, index) => found[index] !== undefined);
    }
  }

  /**
   * What limits a role or user besides the managed policies: permissions boundary and inline policies. Nothing limits one that is
   * not there. Policies of a user's groups are not looked at.
   */
  async limits(principalArn: string): Promise<PrincipalLimits> {
    const { kind, name } = parsePrincipalArn(principalArn);
    const [boundaryArn, names] = await Promise.all([
      kind === 'Role'
        ? this.#service.find('GetRole', { RoleName: name }).then((found) => found?.Role?.PermissionsBoundary)
        : this.#service.find('GetUser', { UserName: name }).then((found) => found?.User?.PermissionsBoundary),
      listAll<ListRolePoliciesCommandOutput | undefined, string>(
        (Marker) =>
          kind === 'Role'
            ? this.#service.find('ListRolePolicies', { RoleName: name, Marker })
            : this.#service.find('ListUserPolicies', { UserName: name, Marker }),
        (page) => page?.Marker,
        (page) => page?.PolicyNames,
      ),
    ]);
    const inline = await Promise.all(
      names.map(async (PolicyName) => {
        const found =
          kind === 'Role'
            ? await this.#service.find('GetRolePolicy', { RoleName: name, PolicyName })
            : await this.#service.find('GetUserPolicy', { UserName: name, PolicyName });
        return found === undefined ? [] : [{ name: PolicyName, document: decode(found.PolicyDocument) }];
      }),
    );
    return { boundaryArn: boundaryArn?.PermissionsBoundaryArn, inline: inline.flat() };
  }

  /** A managed policy with its default version: two reads. */
  async policy(arn: string): Promise<ManagedPolicy | undefined> {
    const policy = (await this.#service.find('GetPolicy', { PolicyArn: arn }))?.Policy;
    if (policy?.DefaultVersionId === undefined) return undefined;
    const version = await this.#service.find('GetPolicyVersion', {
      PolicyArn: arn,
      VersionId: policy.DefaultVersionId,
    });
    if (version === undefined) return undefined;
    return {
      arn,
      name: policy.PolicyName ?? '',
      document: decode(version.PolicyVersion?.Document),
      version: policy.DefaultVersionId,
      attachments: policy.AttachmentCount ?? 0,
    };
  }

  /**
   * Makes a managed policy. `document` is JSON of at most 6,144 characters, white space not counted.
   * @returns its ARN
   * @throws AwsFault AlreadyExists: use updatePolicy
   */
  async createPolicy(policy: {
    readonly name: string;
    /** `/` or `/a/b/`. */
    readonly path?: string;
    readonly document: string;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<string> {
    const output = await this.#service.write('CreatePolicy', {
      PolicyName: policy.name,
      Path: policy.path,
      PolicyDocument: policy.document,
      Description: policy.description,
      Tags: Object.entries(policy.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    });
    return output.Policy?.Arn ?? '';
  }

  /**
   * Puts `document` in force as a new default version. AWS keeps at most five versions
   * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), so old ones go when there is no room.
   */
  async updatePolicy(arn: string, document: string): Promise<void> {
    const version = { PolicyArn: arn, PolicyDocument: document, SetAsDefault: true };
    try {
      await this.#service.write('CreatePolicyVersion', version);
    } catch (error) {
      if (!isFault(error, 'QuotaExceeded') || /PolicySize/i.test(error.reason)) throw error;
      await this.#deleteOldVersions(arn);
      await this.#service.write('CreatePolicyVersion', version);
    }
  }

  /**
   * Deletes a managed policy with all its versions; nothing to do if it is gone.
   * @throws AwsFault Conflict while it is attached anywhere
   */
  async deletePolicy(arn: string): Promise<void> {
    try {
      await this.#service.remove('DeletePolicy', { PolicyArn: arn });
    } catch (error) {
      // DeleteConflict stands for attachments and for versions; only the second is ours to mend.
      if (!isFault(error, 'Conflict') || (await this.#deleteOldVersions(arn)) === 0) throw error;
      await this.#service.remove('DeletePolicy', { PolicyArn: arn });
    }
  }

  /** Attaches a managed policy to a role or user. Doing it twice is no error. */
  async attachPolicy(principalArn: string, policyArn: string): Promise<void> {
    const { kind, name } = parsePrincipalArn(principalArn);
    if (kind === 'Role') await this.#service.write('AttachRolePolicy', { RoleName: name, PolicyArn: policyArn });
    else await this.#service.write('AttachUserPolicy', { UserName: name, PolicyArn: policyArn });
  }

  /** Detaches a managed policy. @returns false if it was not attached, or principal or policy are gone */
  async detachPolicy(principalArn: string, policyArn: string): Promise<boolean> {
    const { kind, name } = parsePrincipalArn(principalArn);
    return kind === 'Role'
      ? await this.#service.remove('DetachRolePolicy', { RoleName: name, PolicyArn: policyArn })
      : await this.#service.remove('DetachUserPolicy', { UserName: name, PolicyArn: policyArn });
  }

  /** @returns how many versions it deleted */
  async #deleteOldVersions(arn: string): Promise<number> {
    const { Versions = [] } = await this.#service.read('ListPolicyVersions', { PolicyArn: arn });
    const old = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true);
    for (const { VersionId } of old) await this.#service.remove('DeletePolicyVersion', { PolicyArn: arn, VersionId });
    return old.length;
  }
}

const arnsOf = (policies: readonly AttachedPolicy[] | undefined): string[] =>
  (policies ?? []).map(({ PolicyArn }) => PolicyArn ?? '');

/** IAM answers policy documents URL-encoded (RFC 3986). */
const decode = (document: string | undefined): string => decodeURIComponent(document ?? '');

/** `arn:aws:iam::<account>:role/<path>/<name>` or `...:user/...`; the name is what follows the last slash. */
function parsePrincipalArn(arn: string): { kind: 'Role' | 'User'; name: string } {
  const match = /^arn:[\w-]+:iam::\d{12}:(role|user)\/(?:.*\/)?([^/]+)$/.exec(arn);
  if (match?.[2] === undefined) throw new TypeError(`not the ARN of an IAM role or user: ${arn}`);
  return { kind: match[1] === 'role' ? 'Role' : 'User', name: match[2] };
}
