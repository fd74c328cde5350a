// How this installation is configured: read once at start, checked, never written.
import { z } from 'zod';
import { DEFAULT_AUDIENCE } from './actions/contract/route.ts';
import type { Features } from './features/features.ts';
import { shippedFeatures } from './features/shipped.ts';
import { describeIssues, settingsErrorMap } from './kernel/process/settings-error.ts';
import { partitionOf } from './policy/arn.ts';
import { identityGroup } from './resources/fields.ts';
import { defaultInstallation, ruledByFeatures, type Installation } from './resources/authority/installation.ts';

/** An entry of a list that policies read one a line. */
const line = z.string().regex(/^\S+$/, 'is a name without spaces');
/** `system:`, or what a group of the provider could make it. */
const isKubernetesOwn = (prefix: string): boolean => prefix.startsWith('system:') || 'system:'.startsWith(prefix);
const minutes = (fallback: number) => z.number().positive().max(10_080).default(fallback);

/** config.yaml. */
export const configSettings = z.strictObject({
  /** Names this installation in AWS (tags, session names, consent parameter). */
  installation: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
    .default('dataall'),
  /** Namespace of the operator: its Lease, its Secret, its events about cluster-scoped objects. */
  namespace: z.string().default(defaultInstallation.namespace),
  tenant: z
    .strictObject({
      /** Groups that administer an installation which has no Tenant yet: the operator makes it. Empty: somebody applies it. */
      administrators: z.array(identityGroup()).max(20).default([]),
    })
    .prefault({}),
  /** What admission policies and RBAC are made with: print-manifests.ts prints them for this configuration. */
  authority: z
    .strictObject({
      /** What the API server puts before the identity provider's groups (`--oidc-groups-prefix`); specs name groups without it. */
      groupPrefix: z
        .string()
        .max(64)
        .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'has no control characters')
        .refine((prefix) => prefix === '' || !isKubernetesOwn(prefix), 'may not make groups of Kubernetes (system:...)')
        .default(defaultInstallation.groupPrefix),
      /** Usernames that may never decide about requests. */
      approvalDenyList: z.array(line).default([...defaultInstallation.approvalDenyList]),
      /** Names that no Environment may have, beside `default`, `kube-*` and the namespace above. */
      reservedNames: z.array(line).default([...defaultInstallation.reservedNames]),
    })
    .prefault({}),
  aws: z
    .strictObject({
      hub: z.strictObject({ accountId: z.string().regex(/^[0-9]{12}$/), region: z.string() }),
      /** Replaces AWS's endpoints (simulator, private endpoints). */
      endpoint: z.url().optional(),
      /** Follows from the region of the hub. Said all the same, it has to be that one. */
      partition: z.string().optional(),
      bootstrap: z
        .strictObject({
          qualifier: z.string().default('hnb659fds'),
          /** Policy of CloudFormation's role in linked accounts, as the link command names it, `<account>` standing for the id; unset: AdministratorAccess. */
          executionPolicyArn: z.string().optional(),
        })
        .prefault({}),
    })
    .superRefine(({ hub, partition }, context) => {
      const own = partitionOf(hub.region);
      if (partition === undefined || partition === own) return;
      const message = `is ${own}, where hub.region ${hub.region} lies: leave it out, or correct the region`;
      context.addIssue({ code: 'custom', path: ['partition'], message });
    }),
  environments: z
    .strictObject({
      pivotRole: z.strictObject({ defaultMode: z.enum(['Managed', 'Existing']).default('Existing') }).prefault({}),
      /** An Environment that its account has not let in for so long goes, and its name is free again. */
      linkWithinDays: z.int().min(1).max(3650).default(14),
    })
    .prefault({}),
  stacks: z
    .strictObject({
      /** Modules that add resources to stacks: packages, absolute paths or file URLs; operator/stacks/README.md. */
      extensions: z.array(z.string()).default([]),
    })
    .prefault({}),
  sharing: z
    .strictObject({
      /** Write and Modify within one account. */
      allowWrite: z.boolean().default(false),
      allowSelfApproval: z.boolean().default(false),
    })
    .prefault({}),
  /** What people may call data; a Dataset with another word is told so. */
  catalog: z
    .strictObject({
      /** None: any. */
      topics: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** The internal API, which the gateway calls; left out, it is not served. */
  actions: z
    .strictObject({
      /** 0 picks a free one. */
      port: z.int().min(0).max(65_535),
      /** Without it only this machine is listened to, in plain HTTP. The files are read again every minute. */
      tls: z.strictObject({ certFile: z.string(), keyFile: z.string() }).optional(),
      /** Interface, with TLS. */
      host: z.string().default('::'),
      /** What callers' tokens must be made for. */
      audience: z.string().min(1).default(DEFAULT_AUDIENCE),
      /** ServiceAccounts that may call. */
      callers: z
        .array(
          z.strictObject({
            namespace: line,
            name: line,
            /** Whether it may say for whom it asks, as the gateway does: trusted like a right to impersonate everybody. */
            assertsUsers: z.boolean().default(false),
          }),
        )
        .min(1),
    })
    .optional(),
  intervals: z
    .strictObject({ shareVerifyMinutes: minutes(60), tablesSyncMinutes: minutes(15), stackDriftMinutes: minutes(1440) })
    .prefault({}),
});

export interface InstallationConfig extends z.output<typeof configSettings> {
  /** What config.json says. */
  readonly features: Features;
}
export type InstallationConfigInput = z.input<typeof configSettings>;

/** Keys that were here before config.json was. */
const MOVED: Readonly<Record<string, string>> = {
  autoApprovalFor: 'modules.datasets_base.features.auto_approval_for_confidentiality_level',
  confidentialities: 'modules.datasets_base.features.custom_confidentiality_mapping',
};

const errorMap: typeof settingsErrorMap = (issue) => {
  const moved = issue.code === 'unrecognized_keys' ? issue.keys.filter((key) => Object.hasOwn(MOVED, key)) : [];
  if (moved.length === 0) return settingsErrorMap(issue);
  return moved
    .map((key) => `${key} is said in config.json: take it out here, and write ${MOVED[key]} there`)
    .join('; ');
};

/** Throws an Error that names every wrong or unknown key and what is expected there. @param features of config.json */
export const readConfig = (input: unknown, features: Features = shippedFeatures()): InstallationConfig => {
  const result = configSettings.safeParse(input, { error: errorMap });
  if (result.success) return { ...result.data, features };
  throw new Error(`configuration:\n${describeIssues(result.error)}`);
};

/** What the policies and rights of this installation are made with. */
export const installationOf = ({ namespace, authority, sharing, features }: InstallationConfig): Installation => ({
  namespace,
  ...authority,
  allowSelfApproval: sharing.allowSelfApproval,
  ...ruledByFeatures(features),
});
