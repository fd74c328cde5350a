/** Cluster: a Kubernetes API server with known users, as every caller here sees it. */
import type { KubeConfig } from '@kubernetes/client-node';

/** Someone the API server knows: `name` and `groups` are what RBAC subjects are matched against. */
export interface ClusterUser {
  readonly name: string;
  readonly groups: readonly string[];
  /** Who a command acts for that names no context; else `admin`. */
  readonly isCurrent?: true;
}

/** Member of `system:masters`, to whom RBAC allows everything; context `admin` of every kubeconfig. */
export const ADMIN: ClusterUser = { name: 'admin', groups: ['system:masters'] };

export interface Cluster extends AsyncDisposable {
  /** `https://127.0.0.1:<port>` for a control plane of ours. */
  readonly url: string;
  /** PEM of the certificate authority that signs the API server's certificate. */
  readonly ca: string;
  /** A file (mode 0600) with one context per user, named like the user; the current one is `admin`, or who {@link ClusterUser.isCurrent} says. */
  readonly kubeconfigPath: string;
  /** Credentials of a user given at the start or added since. Throws for an unknown name. */
  kubeconfig(userName?: string): KubeConfig;
  /** Makes a user at run time and adds its context to the file. RBAC bindings are the caller's. */
  addUser(user: ClusterUser): Promise<KubeConfig>;
  /**
   * Credentials of an existing ServiceAccount: a token from the TokenRequest API, as a pod would hold.
   * It lives `lifetimeSeconds` (default one day; the API server's least is 600).
   * @param audience for whom it is made, if not for the API server itself
   */
  serviceAccount(namespace: string, name: string, lifetimeSeconds?: number, audience?: string): Promise<KubeConfig>;
  /** Ends what was started for this cluster and deletes what was written. May be called twice. */
  stop(): Promise<void>;
}
