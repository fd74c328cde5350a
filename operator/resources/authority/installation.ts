// The operator in its cluster: its namespace, its identity, and the settings that admission policies read.

import { confidentialityLevels } from '../../features/confidentiality.ts';
import type { Features, Switch } from '../../features/features.ts';
import type { ModuleName } from '../../features/modules.ts';
import { shippedFeatures } from '../../features/shipped.ts';
import { MANAGED_BY } from '../annotations.ts';

/** What differs from one installation to the next. */
export interface Installation {
  /** Namespace of the operator, its Lease, its Secret and the settings of the policies. */
  readonly namespace: string;
  /** What the API server puts before the identity provider's groups (`--oidc-groups-prefix`); specs name groups without it. */
  readonly groupPrefix: string;
  /** Whether a member of the requesting group who holds verb `approve` may decide about that request. */
  readonly allowSelfApproval: boolean;
  /**
   * Usernames that may never decide about requests. Argo CD's application controller is often cluster-admin, so without this
   * whoever may make it sync would approve.
   */
  readonly approvalDenyList: readonly string[];
  /** Names that no Environment may have, beside `default`, `kube-*` and the operator's namespace. */
  readonly reservedNames: readonly string[];
  /** What a new Dataset may say of its confidentiality. */
  readonly confidentialities: readonly string[];
  /** What config.json switches off of what policies watch, e.g. `modules.s3_datasets`. */
  readonly switchedOff: readonly string[];
  /** What people are told during maintenance whose Tenant says nothing. */
  readonly maintenanceText: string;
}

/** Switches that policies know. */
export const ADMISSION_SWITCHES = {
  topics: 'modules.datasets_base.features.topics_dropdown',
  expiration: 'modules.datasets_base.features.share_expiration.active',
  folders: 'modules.s3_datasets.features.file_actions',
} as const satisfies Readonly<Record<string, Switch>>;

/** Modules that policies know. */
export const ADMISSION_MODULES = [
  's3_datasets',
  's3_datasets_shares',
  'maintenance',
] as const satisfies readonly ModuleName[];

/** What of config.json admission enforces. */
export const ruledByFeatures = (
  features: Features,
): Pick<Installation, 'confidentialities' | 'switchedOff' | 'maintenanceText'> => ({
  confidentialities: confidentialityLevels(features),
  switchedOff: [
    ...ADMISSION_MODULES.filter((name) => !features.isActive(name)).map((name) => `modules.${name}`),
    ...Object.values(ADMISSION_SWITCHES).filter((name) => !features.isOn(name)),
  ],
  maintenanceText:
    features.get('modules.maintenance.custom_maintenance_text') ??
    'nothing can be changed at the moment; try again later',
});

type Ruled = ReturnType<typeof ruledByFeatures>;

/** What holds where a configuration says nothing. */
export const defaultInstallation: Omit<Installation, keyof Ruled> = {
  namespace: 'dataall-system',
  groupPrefix: '',
  allowSelfApproval: false,
  approvalDenyList: ['system:serviceaccount:argocd:argocd-application-controller'],
  reservedNames: ['argocd', 'flux-system', 'cert-manager', 'monitoring', 'istio-system'],
};

/** As defaults and the config.json of this repository have it. Throws StartupError. */
export const shippedInstallation = (): Installation => ({
  ...defaultInstallation,
  ...ruledByFeatures(shippedFeatures()),
});

/** Name of the operator's ServiceAccount. */
export const SERVICE_ACCOUNT = MANAGED_BY;

/** As the API server names the operator in requests. */
export const operatorUsername = ({ namespace }: Pick<Installation, 'namespace'>): string =>
  `system:serviceaccount:${namespace}:${SERVICE_ACCOUNT}`;

/** On everything that the installation consists of. */
export const installationLabels = {
  'app.kubernetes.io/name': 'dataall',
  'app.kubernetes.io/part-of': 'dataall',
} as const;

/** Name of the ConfigMap that policies have as parameter. */
export const POLICY_SETTINGS = 'dataall-policy-settings';

/**
 * Name of the ConfigMap in which the operator lists owners that may make no more: one a line, by resource. It can only refuse, so it is no
 * part of what must be as shipped.
 */
export const OWNERS_AT_QUOTA = 'dataall-owners-at-quota';

export interface PolicySettings {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: { readonly namespace: string; readonly name: string; readonly labels: Record<string, string> };
  /** Lists are one entry a line. */
  readonly data: {
    readonly allowSelfApproval: 'true' | 'false';
    readonly approvalDenyList: string;
    readonly reservedNames: string;
    readonly confidentialities: string;
    readonly switchedOff: string;
  };
}

export function policySettings(installation: Installation): PolicySettings {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: installation.namespace, name: POLICY_SETTINGS, labels: installationLabels },
    data: {
      allowSelfApproval: installation.allowSelfApproval ? 'true' : 'false',
      approvalDenyList: installation.approvalDenyList.join('\n'),
      reservedNames: installation.reservedNames.join('\n'),
      confidentialities: installation.confidentialities.join('\n'),
      switchedOff: installation.switchedOff.join('\n'),
    },
  };
}
