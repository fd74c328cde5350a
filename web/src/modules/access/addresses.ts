// Addresses of the page that says who can read what.

/** Who can read an item, or, without one, anything of the dataset. */
export const itemAddress = (datasetUri: string, kind: string | null, item: string | null): string =>
  `/access?${new URLSearchParams({ dataset: datasetUri, ...(kind !== null && item !== null && { kind, item }) }).toString()}`;

/** Who can read anything of a dataset. */
export const datasetAddress = (datasetUri: string): string => itemAddress(datasetUri, null, null);

/** What a role or user can read. @param arn of it */
export const principalAddress = (arn: string): string =>
  `/access?${new URLSearchParams({ principal: arn }).toString()}`;
