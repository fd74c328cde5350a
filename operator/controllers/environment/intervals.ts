/** Account, trust and stack of an environment are looked at again this often without being asked. Milliseconds. */
export const VERIFY_MS = 60 * 60_000;
