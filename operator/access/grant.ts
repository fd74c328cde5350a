// A grant: one item of one share that both sides consent to, with everything AWS needs to know to make it true.
// Grants are what every AWS document is computed from; they carry no Kubernetes objects.

/** Where data lives: the producer's side of a share. */
export interface Source {
  readonly dataset: { readonly namespace: string; readonly name: string; readonly uid: string; readonly id: string };
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  /** Key ARN of the bucket's SSE-KMS key; undefined with SSE-S3. */
  readonly keyArn: string | undefined;
  /** Glue database, in the catalog of `account`. */
  readonly database: string;
}

/** Where data is used: the environment of the request. */
export interface Consumer {
  readonly environment: { readonly name: string; readonly uid: string; readonly id: string };
  readonly account: string;
  readonly region: string;
  /** Prefix of AWS names we make there, `^[a-z-]+$`. */
  readonly resourcePrefix: string;
}

/** Who gets access: one IAM role or user of the consumer account. */
export interface GrantPrincipal {
  readonly reference: {
    readonly kind: 'Team' | 'ConsumptionRole';
    readonly namespace: string;
    readonly name: string;
    readonly id: string;
  };
  readonly arn: string;
  /** AROA... or AIDA...: a re-created role has the same ARN and another id. */
  readonly uniqueId: string;
  /** Whether we attach share policies (Fully), only make them (Partially), or neither (Externally). */
  readonly policyManagement: 'Fully' | 'Partially' | 'Externally';
}

/** Read; Write adds puts and inserts; Modify adds deletes and alters. */
export type SharePermission = 'Read' | 'Write' | 'Modify';

export type GrantedItem =
  /** No filter = the whole table; several are a union, as Lake Formation evaluates them. */
  | { readonly kind: 'Table'; readonly name: string; readonly filters: readonly string[] }
  /** `prefix` ends with `/` and holds no wildcard. */
  | { readonly kind: 'Folder'; readonly name: string; readonly prefix: string }
  | { readonly kind: 'Bucket'; readonly name: string };

export interface Grant {
  readonly share: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly source: Source;
  readonly consumer: Consumer;
  readonly principal: GrantPrincipal;
  /** Sorted, without duplicates; always holds Read. */
  readonly permissions: readonly SharePermission[];
  readonly item: GrantedItem;
  /** Keep what AWS gives already, give nothing new and repair nothing; taking away goes on. */
  readonly suspended: boolean;
}

/** Identity of a grant, stable over restarts: one item of one share. */
export const grantId = (grant: Grant): string =>
  `${grant.share.namespace}/${grant.share.name}/${grant.item.kind}/${grant.item.name}`;

/** What is consented to, whether or not it may be acted on now. */
export const withoutSuspended = ({ suspended: _suspended, ...consented }: Grant): Omit<Grant, 'suspended'> => consented;

/** True when source and consumer are one account: no RAM and no cross-account key policy needed, the link still made. */
export const isSameAccount = ({ source, consumer }: Pick<Grant, 'source' | 'consumer'>): boolean =>
  source.account === consumer.account;
