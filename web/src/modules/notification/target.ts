// Where a notification leads.

/** @param target `<shareUri>|<datasetUri>` */
export const hrefOf = (target: string): string => `/shares/${target.split('|')[0] ?? ''}`;
