// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type ClusterMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface OrganizationSpec {
  /** Keeps external ids, and so the trust of accounts, over a restore. Platform administrators only. */
  readonly id?: string;
  /** What people call it, at most 64 characters. */
  readonly label: string;
  /** What it is for, at most 2,048 characters. */
  readonly description?: string;
  /** The group that owns it and may do everything with it. */
  readonly owner: string;
  /** Words people search by in the catalogue. Not AWS tags: see `tags`. */
  readonly catalogTags?: readonly (string)[];
  /** Invited groups. Teams of its environments must be invited here, or be the owner. */
  readonly teams?: readonly ({
    /** Group of the identity provider. */
    readonly group: string;
    /** What its members may do. LINK_ENVIRONMENT is needed to link an AWS account. An empty list lets them see the organization. */
    readonly permissions: readonly ("LINK_ENVIRONMENT" | "INVITE_ORGANIZATION_GROUP" | "REMOVE_ORGANIZATION_GROUP")[];
  })[];
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** A group of environments under one owner, who says which teams may link AWS accounts to it. */
export class Organization extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<OrganizationSpec, ClusterMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "Organization",
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
          "label",
          "owner"
        ],
        "properties": {
          "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 8,
            "rules": [
              {
                "rule": "self.matches('^[a-z0-9]{8}$')",
                "message": "an id is exactly 8 lowercase letters or digits; leave it out unless AWS names must survive a restore or a migration"
              }
            ]
          },
          "label": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "rules": [
              {
                "rule": "self.matches('^\\\\S(.*\\\\S)?$')",
                "message": "a label is one line of text without a space at either end"
              },
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
          "description": {
            "type": "string",
            "minLength": 1,
            "maxLength": 2048,
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
          "owner": {
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
          "catalogTags": {
            "type": "array",
            "maxItems": 50,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "rules": [
                {
                  "rule": "self.matches('^\\\\S(.*\\\\S)?$')",
                  "message": "a catalogue tag is a word or short phrase without a space at either end"
                },
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
          "teams": {
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
                  "maxItems": 3,
                  "items": {
                    "type": "string",
                    "enum": [
                      "LINK_ENVIRONMENT",
                      "INVITE_ORGANIZATION_GROUP",
                      "REMOVE_ORGANIZATION_GROUP"
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
          "suspend": {
            "type": "boolean"
          }
        }
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
