// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type ClusterMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface TenantSpec {
  /** Groups whose members administer the whole installation. */
  readonly administrators: readonly (string)[];
  /** Groups whose members see everything and may do nothing by that: who could read what, and who consented. */
  readonly auditors?: readonly (string)[];
  /** Groups that may do less than everything. A group that is not listed has all tenant permissions. */
  readonly permissions?: readonly ({
    /** Group of the identity provider. */
    readonly group: string;
    /** What it may do anywhere in this installation. An empty list means nothing. */
    readonly permissions: readonly ("MANAGE_ORGANIZATIONS" | "MANAGE_ENVIRONMENTS" | "MANAGE_DATASETS" | "MANAGE_SHARES")[];
  })[];
  /** While set, people cannot change anything but end access (delete a ShareRequest or ShareApproval, or reject one that was approved), and grants and repairs stop. Revocation and expiry go on. */
  readonly maintenance?: {
    /** ReadOnly: people can look. NoAccess: only administrators can, who end access by deleting the ShareRequest. */
    readonly mode: "ReadOnly" | "NoAccess";
    /** What people are told, at most 512 characters. */
    readonly message?: string;
  };
  /** How many objects of each kind one owner group may have. Of more, the youngest say QuotaExceeded, and new ones are refused. What was let in before stays. */
  readonly ownerQuota?: {
    /** Organizations. Default 20. */
    readonly organizations?: number;
    /** Environments. Default 200. */
    readonly environments?: number;
  };
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** The installation itself: who administers it, what groups may do at all, and maintenance. Its one object is named default. */
export class Tenant extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<TenantSpec, ClusterMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "Tenant",
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
          "administrators"
        ],
        "properties": {
          "administrators": {
            "type": "array",
            "maxItems": 20,
            "items": {
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
            "rules": [
              {
                "rule": "self.size() > 0",
                "message": "name a group: without one nobody could administer the installation"
              },
              {
                "rule": "self.distinct().size() == self.size()",
                "message": "an entry is listed twice: remove one of the two"
              }
            ]
          },
          "auditors": {
            "type": "array",
            "maxItems": 20,
            "items": {
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
            "rules": [
              {
                "rule": "self.distinct().size() == self.size()",
                "message": "an entry is listed twice: remove one of the two"
              }
            ]
          },
          "permissions": {
            "type": "array",
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "group",
                "permissions"
              ],
              "properties": {
                "group": {
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
                "permissions": {
                  "type": "array",
                  "maxItems": 4,
                  "items": {
                    "type": "string",
                    "enum": [
                      "MANAGE_ORGANIZATIONS",
                      "MANAGE_ENVIRONMENTS",
                      "MANAGE_DATASETS",
                      "MANAGE_SHARES"
                    ]
                  },
                  "rules": [
                    {
                      "rule": "self.distinct().size() == self.size()",
                      "message": "an entry is listed twice: remove one of the two"
                    }
                  ]
                }
              }
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.group).distinct().size() == self.size()",
                "message": "two entries have the same group: remove one, or make them one"
              }
            ]
          },
          "maintenance": {
            "type": "object",
            "required": [
              "mode"
            ],
            "properties": {
              "mode": {
                "type": "string",
                "enum": [
                  "ReadOnly",
                  "NoAccess"
                ]
              },
              "message": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
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
          "ownerQuota": {
            "type": "object",
            "properties": {
              "organizations": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              },
              "environments": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              }
            }
          },
          "suspend": {
            "type": "boolean"
          }
        }
      }
    },
    "rules": [
      {
        "rule": "self.metadata.name == 'default'",
        "message": "there is one Tenant and its name is default: set metadata.name: default"
      }
    ]
  }
};
