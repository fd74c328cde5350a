// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type NamespacedMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface ShareRequestSpec {
  /** The dataset. Immutable. */
  readonly datasetRef: {
    /** The dataset's namespace, which is the name of its environment. */
    readonly namespace: string;
    /** The dataset's name. */
    readonly name: string;
  };
  /** The group that asks. Immutable. */
  readonly requester: string;
  /** Who gets access: a Team or ConsumptionRole of this namespace. Immutable. */
  readonly principal: {
    /** Team or ConsumptionRole. */
    readonly kind: "Team" | "ConsumptionRole";
    /** Its name in this namespace. */
    readonly name: string;
  };
  /** Read, Write, Modify. Write and Modify only within one account, and where the installation allows them. */
  readonly permissions: readonly ("Read" | "Write" | "Modify")[];
  /** What is asked for, at most 500; a draft may have none. Items added later need a new decision; those granted stay. */
  readonly items?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
    /** Names of data filters of a table, at most 10. Unset means the whole table; several show what any of them shows. */
    readonly filters?: readonly (string)[];
    /** Asks again for an item that was rejected or withdrawn before this time, RFC 3339. Where none was it means nothing. */
    readonly askedAt?: string;
  })[];
  /** Items that are being put together, at most 500: nobody is asked for them, and nothing else changes. Move them to items to ask; one that is there too is asked for. */
  readonly draftItems?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
    /** Names of data filters of a table, at most 10. Unset means the whole table; several show what any of them shows. */
    readonly filters?: readonly (string)[];
  })[];
  /** Items that the requester gave back, at most 500: not asked for, and shown as Revoked. One that is in items too is asked for. */
  readonly withdrawn?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
  })[];
  /** Why, for those who decide; at most 1,024 characters. */
  readonly purpose?: string;
  /** When access ends, RFC 3339. Later than the approval says is a request to extend. */
  readonly expiresAt?: string;
  /** Says of a later expiresAt, or of none, why it is asked for. To cancel, take it away and set expiresAt back to status.expiresAt. */
  readonly extension?: {
    /** Why, for those who decide; at most 1,024 characters. */
    readonly reason?: string;
    /** Asks again for what was rejected before this time, RFC 3339. Needed for nothing else. */
    readonly askedAt?: string;
  };
  /** While true nobody is asked. May change from true to false, not back. */
  readonly draft?: boolean;
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** A team asks for tables, folders or the bucket of a dataset, for one of its principals. It lives in the consumer environment's namespace. */
export class ShareRequest extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<ShareRequestSpec, NamespacedMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "ShareRequest",
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
            "maxLength": 63
          }
        }
      },
      "spec": {
        "type": "object",
        "required": [
          "datasetRef",
          "requester",
          "principal",
          "permissions"
        ],
        "properties": {
          "datasetRef": {
            "type": "object",
            "required": [
              "namespace",
              "name"
            ],
            "properties": {
              "namespace": {
                "type": "string",
                "minLength": 1,
                "maxLength": 63,
                "rules": [
                  {
                    "rule": "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    "message": "datasetRef.namespace is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit"
                  }
                ]
              },
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
          "requester": {
            "type": "string",
            "minLength": 1,
            "maxLength": 128,
            "rules": [
              {
                "rule": "self.matches('^[^\\\\s\\\\p{Z}\\\\p{Cc}\\\\p{Cf}]([^\\\\p{Cc}\\\\p{Cf}]*[^\\\\s\\\\p{Z}\\\\p{Cc}\\\\p{Cf}])?$')",
                "message": "a group is written exactly as the identity provider spells it: no space at either end, no control or invisible characters"
              },
              {
                "rule": "!self.startsWith('system:')",
                "message": "groups that start with system: belong to Kubernetes; name a group of your identity provider"
              }
            ]
          },
          "principal": {
            "type": "object",
            "required": [
              "kind",
              "name"
            ],
            "properties": {
              "kind": {
                "type": "string",
                "enum": [
                  "Team",
                  "ConsumptionRole"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 63,
                "rules": [
                  {
                    "rule": "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    "message": "principal.name is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit"
                  }
                ]
              }
            }
          },
          "permissions": {
            "type": "array",
            "maxItems": 3,
            "items": {
              "type": "string",
              "enum": [
                "Read",
                "Write",
                "Modify"
              ]
            },
            "rules": [
              {
                "rule": "self.size() > 0",
                "message": "name at least one of Read, Write and Modify"
              },
              {
                "rule": "self.distinct().size() == self.size()",
                "message": "an entry is listed twice: remove one of the two"
              }
            ]
          },
          "items": {
            "type": "array",
            "default": [],
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "kind",
                "name"
              ],
              "properties": {
                "kind": {
                  "type": "string",
                  "enum": [
                    "Table",
                    "Folder",
                    "Bucket"
                  ]
                },
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 255,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                      "message": "an item name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                    }
                  ]
                },
                "filters": {
                  "type": "array",
                  "maxItems": 10,
                  "items": {
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
                  "rules": [
                    {
                      "rule": "self.size() > 0",
                      "message": "leave filters out for the whole table, or name one"
                    },
                    {
                      "rule": "self.distinct().size() == self.size()",
                      "message": "an entry is listed twice: remove one of the two"
                    }
                  ]
                },
                "askedAt": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 40,
                  "rules": [
                    {
                      "rule": "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$')",
                      "message": "a time is written with day, time and zone, like 2027-03-31T00:00:00Z"
                    },
                    {
                      "rule": "timestamp(self) > timestamp('2000-01-01T00:00:00Z')",
                      "message": "there is no such day or time"
                    }
                  ]
                }
              },
              "rules": [
                {
                  "rule": "!has(self.filters) || self.kind == 'Table'",
                  "message": "only a Table has filters: remove filters, or share a table instead of a folder or bucket",
                  "fieldPath": ".filters"
                },
                {
                  "rule": "!(self.kind == 'Table') || self.name == self.name.lowerAscii()",
                  "message": "Glue folds names of databases and tables to lower case: write it so",
                  "fieldPath": ".name"
                }
              ]
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.kind + '/' + entry.name).distinct().size() == self.size()",
                "message": "two entries have the same kind and name: remove one, or make them one"
              }
            ]
          },
          "draftItems": {
            "type": "array",
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "kind",
                "name"
              ],
              "properties": {
                "kind": {
                  "type": "string",
                  "enum": [
                    "Table",
                    "Folder",
                    "Bucket"
                  ]
                },
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 255,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                      "message": "an item name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                    }
                  ]
                },
                "filters": {
                  "type": "array",
                  "maxItems": 10,
                  "items": {
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
                  "rules": [
                    {
                      "rule": "self.size() > 0",
                      "message": "leave filters out for the whole table, or name one"
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
                  "rule": "!has(self.filters) || self.kind == 'Table'",
                  "message": "only a Table has filters: remove filters, or share a table instead of a folder or bucket",
                  "fieldPath": ".filters"
                },
                {
                  "rule": "!(self.kind == 'Table') || self.name == self.name.lowerAscii()",
                  "message": "Glue folds names of databases and tables to lower case: write it so",
                  "fieldPath": ".name"
                }
              ]
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.kind + '/' + entry.name).distinct().size() == self.size()",
                "message": "two entries have the same kind and name: remove one, or make them one"
              }
            ]
          },
          "withdrawn": {
            "type": "array",
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "kind",
                "name"
              ],
              "properties": {
                "kind": {
                  "type": "string",
                  "enum": [
                    "Table",
                    "Folder",
                    "Bucket"
                  ]
                },
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 255,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                      "message": "an item name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                    }
                  ]
                }
              },
              "rules": [
                {
                  "rule": "!(self.kind == 'Table') || self.name == self.name.lowerAscii()",
                  "message": "Glue folds names of databases and tables to lower case: write it so",
                  "fieldPath": ".name"
                }
              ]
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.kind + '/' + entry.name).distinct().size() == self.size()",
                "message": "two entries have the same kind and name: remove one, or make them one"
              }
            ]
          },
          "purpose": {
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
          },
          "expiresAt": {
            "type": "string",
            "minLength": 1,
            "maxLength": 40,
            "rules": [
              {
                "rule": "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$')",
                "message": "a time is written with day, time and zone, like 2027-03-31T00:00:00Z"
              },
              {
                "rule": "timestamp(self) > timestamp('2000-01-01T00:00:00Z')",
                "message": "there is no such day or time"
              }
            ]
          },
          "extension": {
            "type": "object",
            "properties": {
              "reason": {
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
              },
              "askedAt": {
                "type": "string",
                "minLength": 1,
                "maxLength": 40,
                "rules": [
                  {
                    "rule": "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$')",
                    "message": "a time is written with day, time and zone, like 2027-03-31T00:00:00Z"
                  },
                  {
                    "rule": "timestamp(self) > timestamp('2000-01-01T00:00:00Z')",
                    "message": "there is no such day or time"
                  }
                ]
              }
            }
          },
          "draft": {
            "type": "boolean",
            "default": false
          },
          "suspend": {
            "type": "boolean"
          }
        },
        "rules": [
          {
            "rule": "self.draft || self.items.size() > 0 || self.?draftItems.orValue([]).size() > 0",
            "message": "list at least one table, folder or bucket, or keep it as a draft: spec.draft",
            "fieldPath": ".items"
          }
        ]
      }
    },
    "rules": [
      {
        "rule": "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
        "message": "metadata.name must be lowercase letters, digits and hyphens, at most 63 and without dots: other names are made of it"
      }
    ]
  }
};
