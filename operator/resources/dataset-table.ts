// DatasetTable: what people add to one table of a dataset. Tables nobody wrote about have no object.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import { catalogName, dnsLabel, filterName, glueName, phrase, prose, suspend } from './fields.ts';
import { readable } from './readable-text.ts';
import { immutable, keyedList, list, set, text } from './schema.ts';
import { commonStatus } from './status.ts';

/** Together as many as the API server's budget for checking names allows; Lake Formation allows 100 filter grants a table. */
const MAX_FILTERS = 50;
const MAX_FILTER_COLUMNS = 200;

/** https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataCellsFilter.html; a row expression has up to 2,048 characters. */
const filter = z
  .object({
    name: filterName().describe('Name by which requests and approvals refer to it, at most 31 characters.'),
    rows: readable(
      text({
        max: 2048,
        pattern: /\S/,
        hint: "rows is a condition as after WHERE, e.g. region = 'eu'; leave it out for all rows",
      }),
    )
      .optional()
      .describe("Which rows are seen: a condition as after WHERE, e.g. region = 'eu'. Unset means all."),
    columns: set(glueName('a column name'), {
      max: MAX_FILTER_COLUMNS,
      nonEmpty: 'leave columns out for all columns, or name one',
    })
      .optional()
      .describe('Which columns are seen. Unset means all.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: `has(self.rows) || has(self.columns)`,
        message: 'a filter has rows, columns or both; without a filter the whole table is shared',
      },
    ],
  });

const spec = z
  .object({
    datasetRef: z
      .object({ name: dnsLabel('datasetRef.name').describe('Name of the Dataset in this namespace.') })
      .describe('The dataset. Immutable.'),
    table: catalogName('a table name').describe('Name of the table in its Glue database. Immutable.'),
    description: prose(4096).optional().describe('What is in it, at most 4,096 characters.'),
    terms: set(phrase(256), { max: 50 }).optional().describe('Glossary terms, by path.'),
    columns: keyedList(
      z.object({
        name: glueName('a column name').describe('Name of the column.'),
        description: prose(1024).describe('What is in it, at most 1,024 characters.'),
      }),
      ['name'],
      { max: 500 },
    )
      .optional()
      .describe('What people say about its columns.'),
    filters: keyedList(filter, ['name'], { max: MAX_FILTERS })
      .optional()
      .describe(
        'Parts of the table that can be shared. Changing one changes what approved shares see, so only the owner of the dataset may.',
      ),
    suspend: suspend(),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('datasetRef', 'create a new DatasetTable'),
      immutable('table', 'create a new DatasetTable'),
    ],
  });

const status = z.object({
  ...commonStatus,
  datasetUid: text({ max: 64 })
    .optional()
    .describe('UID of the Dataset that was there at first sight. This object ends with it.'),
  filters: list(
    z.object({
      name: filterName().describe('Name of the filter.'),
      valid: z.boolean().describe('Whether the table has the columns it names and Lake Formation accepts it.'),
      message: text({ max: 256, min: 0 }).optional().describe("Why not; of rows, in Lake Formation's own words."),
      checked: text({ max: 64 })
        .optional()
        .describe(
          'Fingerprint of its content and of the columns of the table for which Lake Formation judged its rows.',
        ),
    }),
    { max: MAX_FILTERS },
  )
    .optional()
    .describe('What became of each filter.'),
});

export const datasetTableKind = defineKind({
  kind: 'DatasetTable',
  plural: 'datasettables',
  shortNames: ['dtab'],
  scope: 'Namespaced',
  maxNameLength: 253,
  description:
    'What people add to one table of a dataset: descriptions, glossary terms and data filters. Other tables need no object to be shared.',
  spec,
  status,
  columns: [
    { name: 'Dataset', type: 'string', jsonPath: '.spec.datasetRef.name', description: 'Its dataset.' },
    { name: 'Table', type: 'string', jsonPath: '.spec.table', description: 'Its table.' },
    {
      name: 'Filters',
      type: 'string',
      jsonPath: '.spec.filters[*].name',
      description: 'Names of its filters.',
      priority: 1,
    },
  ],
});

export type DatasetTableSpec = z.output<typeof spec>;
export type DatasetTableStatus = z.output<typeof status>;
export type DataFilter = z.output<typeof filter>;
export type DatasetTable = ObjectOf<typeof datasetTableKind>;
