// That somebody who sees everything asked about who could read what: their reading is recorded as that of others is.

import type { Database } from '../database.ts';

/** Once an hour, however often they look. @param question what they asked, without the page */
export const recordInquiry = async (database: Database, username: string, question: object): Promise<void> => {
  await database
    .insertInto('access_inquiry')
    .values({ username, question: JSON.stringify(question) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};
