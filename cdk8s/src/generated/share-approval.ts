// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type NamespacedMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface ShareApprovalSpec {
  /** The dataset. Immutable. */
  readonly datasetRef: {
    /** Name of the Dataset in this namespace. */
    readonly name: string;
  };
  /** The request this answers. */
  readonly requestRef: {
    /** Namespace of the ShareRequest. Immutable. */
    readonly namespace: string;
    /** Name of the ShareRequest. Immutable. */
    readonly name: string;
    /** UID of the ShareRequest, so that a re-created one is not meant. Unset: the one there is at first sight. */
    readonly uid?: string;
  };
  /** The group that decides: you act for it, and it owns the dataset or is one of its stewards at the time this is bound. */
  readonly approver: string;
  /** As in the request. */
  readonly requester: string;
  /** Who gets access, as in the request. */
  readonly principal: {
    /** As in the request. */
    readonly kind: "Team" | "ConsumptionRole";
    /** As in the request. */
    readonly name: string;
    /** ARN of the role or user; for a ConsumptionRole. */
    readonly arn?: string;
  };
  /** Approved gives what is listed. Rejected ends what was given. Pending is no decision yet: items are what is being prepared, and give nothing. */
  readonly decision: "Pending" | "Approved" | "Rejected";
  /** Which of Read, Write and Modify are consented to. */
  readonly permissions?: readonly ("Read" | "Write" | "Modify")[];
  /** What is consented to, at most 500; there is no word for all. */
  readonly items?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
    /** Names of data filters of a table, at most 10. Unset means the whole table; several show what any of them shows. */
    readonly filters?: readonly (string)[];
  })[];
  /** What is being prepared beside that which is approved, e.g. filters of items that were added to the request, at most 500: gives nothing. Move it to items to consent. */
  readonly prepared?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
    /** Names of data filters of a table, at most 10. Unset means the whole table; several show what any of them shows. */
    readonly filters?: readonly (string)[];
  })[];
  /** Items that were given and are taken back, at most 500: not given, whatever items say. Shown to the requester as Revoked. */
  readonly withdrawn?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
    /** When that was decided, RFC 3339. The item of a request asks again by a later askedAt. */
    readonly at: string;
    /** For the requester, at most 256 characters. */
    readonly reason?: string;
  })[];
  /** Items that are refused, at most 500, while others are given: not given, whatever items say. Shown to the requester as Rejected. */
  readonly rejected?: readonly ({
    /** Table, Folder or Bucket. */
    readonly kind: "Table" | "Folder" | "Bucket";
    /** Table name, folder name as in the Dataset, or the Dataset's status.bucket. */
    readonly name: string;
    /** When that was decided, RFC 3339. The item of a request asks again by a later askedAt. */
    readonly at: string;
    /** For the requester, at most 256 characters. */
    readonly reason?: string;
  })[];
  /** When access ends, RFC 3339. Unset: as the request says when this is first bound to it, whatever it says later; a later end needs to be written here. */
  readonly expiresAt?: string;
  /** The answer to a request for a later end. Consent to one is written into expiresAt. */
  readonly extension?: {
    /** Rejected leaves the end as it is. */
    readonly decision: "Approved" | "Rejected";
    /** For the requester, at most 1,024 characters. */
    readonly reason?: string;
    /** When that was decided, RFC 3339. The request asks again by a later spec.extension.askedAt. */
    readonly at: string;
  };
  /** For the requester, at most 1,024 characters. */
  readonly reason?: string;
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** The producer's decision about one ShareRequest. It lives in the dataset's namespace and lists what is consented to. */
export class ShareApproval extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<ShareApprovalSpec, NamespacedMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "ShareApproval",
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
            "maxLength": 127
          }
        }
      },
      "spec": {
        "type": "object",
        "required": [
          "datasetRef",
          "requestRef",
          "approver",
          "requester",
          "principal",
          "decision"
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
          "requestRef": {
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
                    "message": "requestRef.namespace is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit"
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
                    "message": "requestRef.name is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit"
                  }
                ]
              },
              "uid": {
                "type": "string",
                "minLength": 1,
                "maxLength": 36,
                "rules": [
                  {
                    "rule": "self.matches('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')",
                    "message": "requestRef.uid is the metadata.uid of the request; leave it out in Git"
                  }
                ]
              }
            }
          },
          "approver": {
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
              },
              "arn": {
                "type": "string",
                "minLength": 1,
                "maxLength": 640,
                "rules": [
                  {
                    "rule": "self.matches('^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)\\\\/([A-Za-z0-9_+=,.@/-]+\\\\/)?[A-Za-z0-9_+=,.@-]{1,64}$')",
                    "message": "a principal is the ARN of an IAM role or user, like arn:aws:iam::222222222222:role/analysts (not of a session, group or root), of letters, digits and _ + = , . @ -"
                  }
                ]
              }
            },
            "rules": [
              {
                "rule": "self.kind != 'ConsumptionRole' || has(self.arn)",
                "message": "consent to a ConsumptionRole names the role: copy its spec.principalArn to principal.arn",
                "fieldPath": ".arn"
              },
              {
                "rule": "self.kind != 'Team' || !has(self.arn)",
                "message": "a Team's role is known by its environment and group; remove principal.arn",
                "fieldPath": ".arn"
              }
            ]
          },
          "decision": {
            "type": "string",
            "enum": [
              "Pending",
              "Approved",
              "Rejected"
            ]
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
          "prepared": {
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
                "name",
                "at"
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
                "at": {
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
                "reason": {
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
          "rejected": {
            "type": "array",
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "kind",
                "name",
                "at"
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
                "at": {
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
                "reason": {
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
            "required": [
              "decision",
              "at"
            ],
            "properties": {
              "decision": {
                "type": "string",
                "enum": [
                  "Approved",
                  "Rejected"
                ]
              },
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
              "at": {
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
          "suspend": {
            "type": "boolean"
          }
        },
        "rules": [
          {
            "rule": "self.decision != 'Approved' || (has(self.items) && has(self.permissions))",
            "message": "an approval lists the items and permissions it consents to: copy them from the request and strike what you do not give"
          },
          {
            "rule": "self.decision == 'Pending' || !has(self.items) || self.items.size() > 0 || self.?withdrawn.orValue([]).size() + self.?rejected.orValue([]).size() > 0",
            "message": "list at least one table, folder or bucket",
            "fieldPath": ".items"
          },
          {
            "rule": "!has(self.extension) || self.extension.decision != 'Approved' || has(self.expiresAt)",
            "message": "consent to a later end names it: set expiresAt",
            "fieldPath": ".extension"
          }
        ]
      }
    },
    "rules": [
      {
        "rule": "self.metadata.name == self.spec.requestRef.__namespace__ + '.' + self.spec.requestRef.name",
        "message": "an approval is named after its request: metadata.name must be <requestRef.namespace>.<requestRef.name>"
      }
    ]
  }
};
