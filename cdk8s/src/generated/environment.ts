// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type ClusterMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface EnvironmentSpec {
  /** Keeps AWS names over a restore or a migration from data.all. Platform administrators only. */
  readonly id?: string;
  /** Name of the Organization it belongs to; linking needs verb `link` on it. Immutable. */
  readonly organization: string;
  /** What people call it, at most 64 characters. */
  readonly label: string;
  /** What it is for, at most 2,048 characters. */
  readonly description?: string;
  /** The group that owns it, exactly as the identity provider spells it. Immutable. */
  readonly owner: string;
  /** The account and region. Each pair is linked once. Immutable. */
  readonly account: {
    /** AWS account id, 12 digits, quoted. */
    readonly id: string;
    /** AWS region, e.g. eu-west-1. */
    readonly region: string;
  };
  /** The role in the account through which the operator works. */
  readonly pivotRole?: {
    /** Managed: the environment stack makes the role. Existing: you made it from our template. Unset: as the installation is configured. */
    readonly mode?: "Managed" | "Existing";
    /** Name of the role. Unset: dataallPivotRole if Existing, dataallPivotRole-cdk if Managed, and -<region> after it where config.json says so. */
    readonly name?: string;
  };
  /** Start of AWS names, at most 20 lowercase letters and hyphens. Immutable. */
  readonly resourcePrefix?: string;
  /** Managed policy that bounds every role made in this environment. */
  readonly permissionsBoundaryArn?: string;
  /** The owner's role, to import it instead of having one made. Immutable. */
  readonly defaultRoleArn?: string;
  /** Words people search by in the catalogue. Not AWS tags: see `tags`. */
  readonly catalogTags?: readonly (string)[];
  /** AWS tags of everything made for this environment. */
  readonly tags?: readonly ({
    /** Tag key, at most 128 characters. */
    readonly key: string;
    /** Tag value, at most 256 characters; may be empty. */
    readonly value: string;
    /** Also put this tag on what is made inside: of an environment, on its datasets. Unset means no. */
    readonly cascade?: boolean;
  })[];
  /** How many objects of each kind its namespace may hold; the API server refuses more. Platform administrators only. */
  readonly quota?: {
    /** Datasets. Default 500. */
    readonly datasets?: number;
    /** DatasetTables. Default 5,000. */
    readonly datasetTables?: number;
    /** Teams. Default 500. */
    readonly teams?: number;
    /** ConsumptionRoles. Default 500. */
    readonly consumptionRoles?: number;
    /** ShareRequests, which ask for access from here. Default 1,000. */
    readonly shareRequests?: number;
    /** ShareApprovals, which decide about what is here. Default 2,000. */
    readonly shareApprovals?: number;
  };
  /** What happens in AWS when this object is deleted. Retain: what we made stays. Delete: it goes, buckets only if empty. DeleteWithData: buckets go with their content. Grants are always revoked, and what an import changed is restored. */
  readonly deletionPolicy?: "Retain" | "Delete" | "DeleteWithData";
  /** What is done about drift in AWS. Repair: put right. Report: shown, and put right only when asked. */
  readonly remediation?: "Repair" | "Report";
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** One AWS account and region, linked to an organization. Its datasets, teams and requests live in the namespace of the same name. */
export class Environment extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<EnvironmentSpec, ClusterMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "Environment",
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
          "organization",
          "label",
          "owner",
          "account"
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
          "organization": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "rules": [
              {
                "rule": "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                "message": "organization is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit"
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
          "account": {
            "type": "object",
            "required": [
              "id",
              "region"
            ],
            "properties": {
              "id": {
                "type": "string",
                "minLength": 12,
                "maxLength": 12,
                "rules": [
                  {
                    "rule": "self.matches('^[0-9]{12}$')",
                    "message": "an AWS account id is 12 digits; quote it in YAML: \"012345678901\""
                  }
                ]
              },
              "region": {
                "type": "string",
                "minLength": 1,
                "maxLength": 32,
                "rules": [
                  {
                    "rule": "self.matches('^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$')",
                    "message": "a region is written like eu-west-1 (not its long name, not an availability zone)"
                  }
                ]
              }
            }
          },
          "pivotRole": {
            "type": "object",
            "properties": {
              "mode": {
                "type": "string",
                "enum": [
                  "Managed",
                  "Existing"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "rules": [
                  {
                    "rule": "self.matches('^[A-Za-z0-9_+=,.@-]+$')",
                    "message": "pivotRole.name is the name of a role (letters, digits and _+=,.@-), not its ARN or path"
                  }
                ]
              }
            }
          },
          "resourcePrefix": {
            "type": "string",
            "default": "dataall",
            "minLength": 1,
            "maxLength": 20,
            "rules": [
              {
                "rule": "self.matches('^[a-z]([a-z-]*[a-z])?$')",
                "message": "resourcePrefix is lowercase letters and hyphens, starting and ending with a letter: AWS names start with it"
              }
            ]
          },
          "permissionsBoundaryArn": {
            "type": "string",
            "minLength": 1,
            "maxLength": 704,
            "rules": [
              {
                "rule": "self.matches('^arn:aws(-[a-z]+)*:iam::(aws|[0-9]{12}):policy\\\\/([!-~]+\\\\/)?[A-Za-z0-9_+=,.@-]{1,128}$')",
                "message": "a managed policy ARN is written like arn:aws:iam::111111111111:policy/path/name"
              }
            ]
          },
          "defaultRoleArn": {
            "type": "string",
            "minLength": 1,
            "maxLength": 640,
            "rules": [
              {
                "rule": "self.matches('^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role\\\\/([A-Za-z0-9_+=,.@/-]+\\\\/)?[A-Za-z0-9_+=,.@-]{1,64}$')",
                "message": "a role ARN is written like arn:aws:iam::111111111111:role/path/name, of letters, digits and _ + = , . @ -"
              },
              {
                "rule": "!self.lowerAscii().contains('/aws-service-role/') && !self.lowerAscii().contains('/awsservicerolefor')",
                "message": "a service-linked role belongs to AWS; name a role of your own"
              },
              {
                "rule": "!self.lowerAscii().contains('/awsreservedsso_')",
                "message": "a role of IAM Identity Center cannot get policies from us; name a role of your own that its users may assume"
              },
              {
                "rule": "!self.lowerAscii().contains('/cdk-') && !self.lowerAscii().contains('/dataallpivotrole')",
                "message": "deployment roles (cdk-*) and pivot roles administer the account; name a role that only works with data"
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
          "tags": {
            "type": "array",
            "maxItems": 40,
            "items": {
              "type": "object",
              "required": [
                "key",
                "value"
              ],
              "properties": {
                "key": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 128,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9 _.:/=+@-]+$')",
                      "message": "a tag key is letters, digits, spaces and _ . : / = + - @"
                    }
                  ]
                },
                "value": {
                  "type": "string",
                  "maxLength": 256,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9 _.:/=+@-]*$')",
                      "message": "a tag value is letters, digits, spaces and _ . : / = + - @; quote numbers in YAML"
                    }
                  ]
                },
                "cascade": {
                  "type": "boolean"
                }
              },
              "rules": [
                {
                  "rule": "!self.key.lowerAscii().startsWith('aws:')",
                  "message": "tag keys that start with aws: are reserved by AWS; choose another key",
                  "fieldPath": ".key"
                },
                {
                  "rule": "!self.key.lowerAscii().startsWith('dataall') && !(self.key.lowerAscii() in ['creator', 'team', 'environment', 'organization', 'target'])",
                  "message": "the operator writes the tags dataall*, Creator, Team, Environment, Organization and Target itself; choose another key",
                  "fieldPath": ".key"
                }
              ]
            },
            "rules": [
              {
                "rule": "self.map(entry, entry.key).distinct().size() == self.size()",
                "message": "two entries have the same key: remove one, or make them one"
              }
            ]
          },
          "quota": {
            "type": "object",
            "properties": {
              "datasets": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              },
              "datasetTables": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              },
              "teams": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              },
              "consumptionRoles": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              },
              "shareRequests": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              },
              "shareApprovals": {
                "type": "integer",
                "minimum": 0,
                "maximum": 100000
              }
            }
          },
          "deletionPolicy": {
            "type": "string",
            "enum": [
              "Retain",
              "Delete",
              "DeleteWithData"
            ],
            "default": "Retain"
          },
          "remediation": {
            "type": "string",
            "enum": [
              "Repair",
              "Report"
            ],
            "default": "Repair"
          },
          "suspend": {
            "type": "boolean"
          }
        },
        "rules": [
          {
            "rule": "!has(self.defaultRoleArn) || self.defaultRoleArn.contains(':' + self.account.id + ':')",
            "message": "defaultRoleArn must be a role of spec.account.id",
            "fieldPath": ".defaultRoleArn"
          },
          {
            "rule": "!has(self.permissionsBoundaryArn) || self.permissionsBoundaryArn.contains(':' + self.account.id + ':') || self.permissionsBoundaryArn.contains(':iam::aws:')",
            "message": "permissionsBoundaryArn must be a policy of spec.account.id or one of AWS",
            "fieldPath": ".permissionsBoundaryArn"
          }
        ]
      }
    },
    "rules": [
      {
        "rule": "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
        "message": "metadata.name must be lowercase letters, digits and hyphens, at most 63 and without dots: other names are made of it"
      },
      {
        "rule": "self.metadata.name != 'default' && !self.metadata.name.startsWith('kube-')",
        "message": "the environment has a namespace of its own name, and default and kube-* belong to Kubernetes: choose another metadata.name"
      }
    ]
  }
};
