// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type NamespacedMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface DatasetTableSpec {
  /** The dataset. Immutable. */
  readonly datasetRef: {
    /** Name of the Dataset in this namespace. */
    readonly name: string;
  };
  /** Name of the table in its Glue database. Immutable. */
  readonly table: string;
  /** What is in it, at most 4,096 characters. */
  readonly description?: string;
  /** Glossary terms, by path. */
  readonly terms?: readonly (string)[];
  /** What people say about its columns. */
  readonly columns?: readonly ({
    /** Name of the column. */
    readonly name: string;
    /** What is in it, at most 1,024 characters. */
    readonly description: string;
  })[];
  /** Parts of the table that can be shared. Changing one changes what approved shares see, so only the owner of the dataset may. */
  readonly filters?: readonly ({
    /** Name by which requests and approvals refer to it, at most 31 characters. */
    readonly name: string;
    /** Which rows are seen: a condition as after WHERE, e.g. region = 'eu'. Unset means all. */
    readonly rows?: string;
    /** Which columns are seen. Unset means all. */
    readonly columns?: readonly (string)[];
  })[];
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** What people add to one table of a dataset: descriptions, glossary terms and data filters. Other tables need no object to be shared. */
export class DatasetTable extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<DatasetTableSpec, NamespacedMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "DatasetTable",
  "object": {
    "type": "object",
    "required": [
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string"
      },
      "kind": {
        "type": "string"
      },
      "metadata": {
        "type": "object",
        "properties": {
          "name": {
            "type": "string",
            "maxLength": 253
          }
        }
      },
      "spec": {
        "type": "object",
        "required": [
          "datasetRef",
          "table"
        ],
        "properties": {
          "datasetRef": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 63,
                "rules": [
                  {
                    "rule": "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    "message": "datasetRef.name is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit"
                  }
                ]
              }
            }
          },
          "table": {
            "type": "string",
            "minLength": 1,
            "maxLength": 255,
            "rules": [
              {
                "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                "message": "a table name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
              },
              {
                "rule": "self == self.lowerAscii()",
                "message": "Glue folds names of databases and tables to lower case: write it so"
              }
            ]
          },
          "description": {
            "type": "string",
            "minLength": 1,
            "maxLength": 4096,
            "rules": [
              {
                "rule": "!self.matches('[\\u202a-\\u202e\\u2066-\\u2069]')",
                "message": "a character changes the order in which this is read (U+202A to U+202E, U+2066 to U+2069): take it out; scripts that run from right to left need none"
              },
              {
                "rule": "!self.matches('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u115f\\u1160\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e007f]')",
                "message": "a character of this is not seen (a control character, U+2028, U+2060, U+FEFF, a filler such as U+3164, or a tag of U+E0000 to U+E007F): take it out"
              }
            ]
          },
          "terms": {
            "type": "array",
            "maxItems": 50,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 256,
              "rules": [
                {
                  "rule": "!self.matches('[\\u202a-\\u202e\\u2066-\\u2069]')",
                  "message": "a character changes the order in which this is read (U+202A to U+202E, U+2066 to U+2069): take it out; scripts that run from right to left need none"
                },
                {
                  "rule": "!self.matches('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u115f\\u1160\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e007f]')",
                  "message": "a character of this is not seen (a control character, U+2028, U+2060, U+FEFF, a filler such as U+3164, or a tag of U+E0000 to U+E007F): take it out"
                },
                {
                  "rule": "!self.matches('[\\u0009\\u000a\\u000d]')",
                  "message": "this is one line: take the line break or tab out"
                },
                {
                  "rule": "self.matches('[\\\\p{L}\\\\p{N}\\\\p{P}\\\\p{S}]')",
                  "message": "nothing of this is seen: write a word"
                }
              ]
            },
            "rules": [
              {
                "rule": "self.distinct().size() == self.size()",
                "message": "an entry is listed twice: remove one of the two"
              }
            ]
          },
          "columns": {
            "type": "array",
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "name",
                "description"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 255,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                      "message": "a column name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                    }
                  ]
                },
                "description": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 1024,
                  "rules": [
                    {
                      "rule": "!self.matches('[\\u202a-\\u202e\\u2066-\\u2069]')",
                      "message": "a character changes the order in which this is read (U+202A to U+202E, U+2066 to U+2069): take it out; scripts that run from right to left need none"
                    },
                    {
                      "rule": "!self.matches('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u115f\\u1160\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e007f]')",
                      "message": "a character of this is not seen (a control character, U+2028, U+2060, U+FEFF, a filler such as U+3164, or a tag of U+E0000 to U+E007F): take it out"
                    }
                  ]
                }
              }
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.name).distinct().size() == self.size()",
                "message": "two entries have the same name: remove one, or make them one"
              }
            ]
          },
          "filters": {
            "type": "array",
            "maxItems": 50,
            "items": {
              "type": "object",
              "required": [
                "name"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 31,
                  "rules": [
                    {
                      "rule": "self.matches('^[a-z0-9_]{1,31}$')",
                      "message": "a filter name is 1 to 31 lowercase letters, digits and underscores"
                    }
                  ]
                },
                "rows": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 2048,
                  "rules": [
                    {
                      "rule": "self.matches('\\\\S')",
                      "message": "rows is a condition as after WHERE, e.g. region = 'eu'; leave it out for all rows"
                    },
                    {
                      "rule": "!self.matches('[\\u202a-\\u202e\\u2066-\\u2069]')",
                      "message": "a character changes the order in which this is read (U+202A to U+202E, U+2066 to U+2069): take it out; scripts that run from right to left need none"
                    },
                    {
                      "rule": "!self.matches('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u115f\\u1160\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e007f]')",
                      "message": "a character of this is not seen (a control character, U+2028, U+2060, U+FEFF, a filler such as U+3164, or a tag of U+E0000 to U+E007F): take it out"
                    }
                  ]
                },
                "columns": {
                  "type": "array",
                  "maxItems": 200,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 255,
                    "rules": [
                      {
                        "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                        "message": "a column name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                      }
                    ]
                  },
                  "rules": [
                    {
                      "rule": "self.size() > 0",
                      "message": "leave columns out for all columns, or name one"
                    },
                    {
                      "rule": "self.distinct().size() == self.size()",
                      "message": "an entry is listed twice: remove one of the two"
                    }
                  ]
                }
              },
              "rules": [
                {
                  "rule": "has(self.rows) || has(self.columns)",
                  "message": "a filter has rows, columns or both; without a filter the whole table is shared"
                }
              ]
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.name).distinct().size() == self.size()",
                "message": "two entries have the same name: remove one, or make them one"
              }
            ]
          },
          "suspend": {
            "type": "boolean"
          }
        }
      }
    }
  }
};
