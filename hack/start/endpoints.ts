/** `.run/endpoints.json`: how people and outside checks reach what is running. */
import type { AccountName } from './cast.ts';

export interface Endpoints {
  /** Path of a file with the contexts admin, platform-admin, owner, analyst, auditor and stranger. */
  readonly kubeconfig: string;
  readonly aws: {
    /** Any AWS SDK, boto3 or the AWS CLI works with it; hack/aws/README.md says what needs `*.localhost`. */
    readonly endpoint: string;
    readonly region: string;
    /** Administrator credentials per simulated account, hub first. */
    readonly accounts: Readonly<
      Record<AccountName, { readonly id: string; readonly accessKeyId: string; readonly secretAccessKey: string }>
    >;
  };
  /** URL of the operator's metrics for Prometheus. */
  readonly metrics: string;
  /** URL of the operator's internal API; callers bring a token of dataall-gateway for audience dataall-actions (docs/operations.md). */
  readonly actions: string;
  /** Where people go with a browser. */
  readonly web: string;
  /** Where GraphQL is spoken: POST, with a bearer token or the cookie of /auth/login on the same host. */
  readonly graphql: string;
  /** Who signs people in, and as whom one may sign in at the demo provider. */
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly users?: readonly string[] };
  /** `postgres://...` of the read model. */
  readonly postgres: string;
  /** With `--opensearch`, where the catalogue is searched; it asks for no password. */
  readonly opensearch?: string;
  readonly operator: { readonly pid: number; readonly log: string; readonly audit: string };
  readonly gateway: { readonly pid: number; readonly log: string };
  /** kubectl of the machine, or the one we built. */
  readonly kubectl: string;
}
