// Under which name answers of today are kept.

/** @param ending e.g. `csv` */
export const fileName = (ending: string): string => `who-can-read-${new Date().toISOString().slice(0, 10)}.${ending}`;
