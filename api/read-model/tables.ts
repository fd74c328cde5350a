// Every table of the database, by the file that defines its columns.

// Each part of the gateway adds the tables that it owns here: one line a table.
// oxlint-disable-next-line typescript/no-empty-object-type
export interface Tables {}
