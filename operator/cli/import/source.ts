// What is read of a running data.all 2.9, by its own GraphQL interface (test/conformance/dataall-2.9/schema.graphql): all that the caller may see.

/** Anything in an answer of data.all may be null. */
export type Text = string | null;

export interface SourceGroup {
  readonly groupUri: Text;
  readonly permissions: readonly string[];
}

export interface SourceOrganization {
  readonly organizationUri: string;
  readonly label: Text;
  readonly description: Text;
  readonly tags: readonly Text[] | null;
  readonly SamlGroupName: Text;
  readonly groups: readonly SourceGroup[];
}

export interface SourcePrincipal {
  readonly consumptionPrincipalUri: string;
  readonly consumptionPrincipalName: Text;
  readonly groupUri: Text;
  readonly IAMPrincipalArn: Text;
  readonly dataallManaged: 'FULLY_MANAGED' | 'PARTIALLY_MANAGED' | 'EXTERNALLY_MANAGED';
}

export interface SourceEnvironment {
  readonly environmentUri: string;
  readonly label: Text;
  readonly description: Text;
  readonly tags: readonly Text[] | null;
  readonly AwsAccountId: Text;
  readonly region: Text;
  readonly SamlGroupName: Text;
  readonly resourcePrefix: Text;
  readonly EnvironmentDefaultIAMRoleArn: Text;
  readonly PermissionsBoundaryPolicyArn: Text;
  readonly organization: { readonly organizationUri: Text } | null;
  readonly groups: readonly (SourceGroup & { readonly environmentIAMRoleArn: Text })[];
  readonly principals: readonly SourcePrincipal[];
}

export interface SourceFilter {
  readonly filterUri: string;
  readonly label: Text;
  readonly filterType: Text;
  readonly includedCols: readonly Text[] | null;
  readonly rowExpression: Text;
}

export interface SourceDataset {
  readonly datasetUri: string;
  readonly label: Text;
  readonly description: Text;
  readonly tags: readonly Text[] | null;
  readonly SamlAdminGroupName: Text;
  readonly stewards: Text;
  readonly topics: readonly Text[] | null;
  readonly confidentiality: Text;
  readonly language: Text;
  readonly autoApprovalEnabled: boolean | null;
  readonly enableExpiration: boolean | null;
  readonly expirySetting: Text;
  readonly expiryMinDuration: number | null;
  readonly expiryMaxDuration: number | null;
  readonly environment: { readonly environmentUri: Text } | null;
  /** Null: the caller may not see where its data is. */
  readonly restricted: {
    readonly S3BucketName: Text;
    readonly GlueDatabaseName: Text;
    readonly IAMDatasetAdminRoleArn: Text;
    readonly KmsAlias: Text;
  } | null;
  readonly tables: readonly { readonly tableUri: string; readonly name: Text; readonly description: Text; readonly filters: readonly SourceFilter[] }[]; // prettier-ignore
  readonly locations: readonly { readonly locationUri: string; readonly name: Text; readonly description: Text; readonly S3Prefix: Text }[]; // prettier-ignore
}

export interface SourceItem {
  readonly itemUri: Text;
  readonly itemType: 'Table' | 'StorageLocation' | 'S3Bucket' | 'RedshiftTable' | null;
  readonly itemName: Text;
  readonly status: Text;
  /** URIs of the filters that the approver attached; null: none are. Undefined: they are, and are not to be seen. */
  readonly filterUris: readonly Text[] | null | undefined;
}

export interface SourceShare {
  readonly shareUri: string;
  readonly status: Text;
  readonly requestPurpose: Text;
  readonly expiryDate: Text;
  readonly datasetUri: Text;
  readonly group: Text;
  readonly permissions: readonly Text[] | null;
  readonly environment: { readonly environmentUri: Text } | null;
  readonly principal: { readonly principalType: Text; readonly principalId: Text } | null;
  readonly items: readonly SourceItem[];
}

export interface Source {
  readonly organizations: readonly SourceOrganization[];
  readonly environments: readonly SourceEnvironment[];
  readonly datasets: readonly SourceDataset[];
  readonly shares: readonly SourceShare[];
  /** What is there and was not read, each with why. */
  readonly unread: readonly { readonly what: string; readonly why: string }[];
}
