// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type NamespacedMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface DatasetSpec {
  /** Keeps AWS names over a restore or a migration from data.all. Platform administrators only. */
  readonly id?: string;
  /** What people call it, at most 64 characters. */
  readonly label: string;
  /** What is in it, at most 4,096 characters. */
  readonly description?: string;
  /** The group that owns it and decides about requests. */
  readonly owner: string;
  /** Groups that also decide about requests. Unset means the owner alone. */
  readonly stewards?: readonly (string)[];
  /** Where the data is. */
  readonly s3: {
    /** Create: bucket, key and database are made. Import: they exist. Immutable. */
    readonly origin: "Create" | "Import";
    /** The bucket. An Import names it; a Create may. Immutable. */
    readonly bucket?: {
      /** Name of the bucket. */
      readonly name: string;
    };
    /** The key that encrypts the bucket. An Import of a bucket with SSE-KMS names it; a Create may. Immutable. */
    readonly kmsKey?: {
      /** Alias of the key, without `alias/`. */
      readonly alias?: string;
      /** ARN of the key. */
      readonly arn?: string;
    };
    /** The Glue database. An Import of one names it; unset means that one is made. Immutable. */
    readonly glueDatabase?: {
      /** Name of the database. */
      readonly name: string;
    };
    /** The dataset's role, to import it instead of having one made; only the environment's owner may. Immutable. */
    readonly roleArn?: string;
    /** Enforced: Lake Formation alone decides who reads tables. Hybrid, of an Import alone: it decides for those who have a share, and jobs that rely on IAM alone go on working. Unset means Enforced for Create and Hybrid for Import. May change to Enforced, not back. */
    readonly lakeFormation?: "Enforced" | "Hybrid";
    /** Groups other than the owner whose Datasets may name the same Glue database. Asked when such a Dataset is applied and whenever it is looked at again: of a group taken out it shows DatabaseTaken, but what it shares goes on, because an edit here must not end the access of others. To end that, delete the Dataset. */
    readonly coOwners?: readonly (string)[];
  };
  /** Unclassified, Official, Secret, or what the installation maps to one of them. */
  readonly confidentiality: string;
  /** Topics as the installation lists them. */
  readonly topics?: readonly (string)[];
  /** Language of the data, e.g. English. */
  readonly language?: string;
  /** Glossary terms, by path. */
  readonly terms?: readonly (string)[];
  /** Words people search by in the catalogue. Not AWS tags: see `tags`. */
  readonly catalogTags?: readonly (string)[];
  /** AWS tags of everything made for this dataset. */
  readonly tags?: readonly ({
    /** Tag key, at most 128 characters. */
    readonly key: string;
    /** Tag value, at most 256 characters; may be empty. */
    readonly value: string;
    /** Also put this tag on what is made inside: of an environment, on its datasets. Unset means no. */
    readonly cascade?: boolean;
  })[];
  /** How requests are treated. */
  readonly sharing?: {
    /** Approve requests for reading unfiltered items at once, where the installation allows it for this confidentiality. Unset means no. */
    readonly autoApproval?: boolean;
    /** When shares must end. Judged at each decision and extension: an approval whose share would end on another day gives nothing and shows ExpirationNotAllowed, and a change here cuts off nobody who has access. Unset: they need not end. */
    readonly expiration?: {
      /** What min and max count: months or quarters. */
      readonly setting: "Monthly" | "Quarterly";
      /** Shortest period that may be asked for, counted from the request. Who decides may give less by writing spec.expiresAt into the ShareApproval; keep it there in Git, or a share near its end would not come back in a rebuilt cluster. */
      readonly min: number;
      /** Longest period of a share, counted from the decision, whoever makes it. */
      readonly max: number;
    };
  };
  /** Parts of the bucket that can be shared, at most 256. */
  readonly folders?: readonly ({
    /** Name by which it is requested, at most 128 characters. */
    readonly name: string;
    /** Key prefix in the bucket, ending with /. Immutable: add a folder of another name instead. */
    readonly prefix: string;
    /** What is in it, at most 1,024 characters. */
    readonly description?: string;
  })[];
  /** What happens in AWS when this object is deleted. Retain: what we made stays. Delete: it goes, buckets only if empty. DeleteWithData: buckets go with their content. Grants are always revoked, and what an import changed is restored. */
  readonly deletionPolicy?: "Retain" | "Delete" | "DeleteWithData";
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** A bucket and a Glue database that a team offers to others. It lives in the namespace of its environment. */
export class Dataset extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<DatasetSpec, NamespacedMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "Dataset",
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
          "owner",
          "s3",
          "confidentiality"
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
          "stewards": {
            "type": "array",
            "maxItems": 10,
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
                "message": "leave stewards out if the owner decides alone, or name a group"
              },
              {
                "rule": "self.distinct().size() == self.size()",
                "message": "an entry is listed twice: remove one of the two"
              }
            ]
          },
          "s3": {
            "type": "object",
            "required": [
              "origin"
            ],
            "properties": {
              "origin": {
                "type": "string",
                "enum": [
                  "Create",
                  "Import"
                ]
              },
              "bucket": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 3,
                    "maxLength": 63,
                    "rules": [
                      {
                        "rule": "self.matches('^[a-z0-9][a-z0-9.-]+[a-z0-9]$')",
                        "message": "a bucket name is 3 to 63 lowercase letters, digits, dots and hyphens; give the name, not an ARN or s3:// address"
                      },
                      {
                        "rule": "!self.contains('..')",
                        "message": "a bucket name has no two dots in a row"
                      }
                    ]
                  }
                }
              },
              "kmsKey": {
                "type": "object",
                "properties": {
                  "alias": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 256,
                    "rules": [
                      {
                        "rule": "self.matches('^[A-Za-z0-9/_-]+$')",
                        "message": "kmsKey.alias is the name after alias/, made of letters, digits and / _ -; for an ARN use kmsKey.arn"
                      }
                    ]
                  },
                  "arn": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 256,
                    "rules": [
                      {
                        "rule": "self.matches('^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key\\\\/[A-Za-z0-9-]+$')",
                        "message": "kmsKey.arn is written like arn:aws:kms:eu-west-1:111111111111:key/1234abcd-...; for an alias use kmsKey.alias"
                      }
                    ]
                  }
                },
                "rules": [
                  {
                    "rule": "has(self.alias) != has(self.arn)",
                    "message": "name the key by exactly one of kmsKey.alias and kmsKey.arn"
                  },
                  {
                    "rule": "!has(self.alias) || !self.alias.startsWith('alias/')",
                    "message": "kmsKey.alias is written without alias/ in front"
                  }
                ]
              },
              "glueDatabase": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 255,
                    "rules": [
                      {
                        "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                        "message": "a database name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                      },
                      {
                        "rule": "self == self.lowerAscii()",
                        "message": "Glue folds names of databases and tables to lower case: write it so"
                      }
                    ]
                  }
                }
              },
              "roleArn": {
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
              "lakeFormation": {
                "type": "string",
                "enum": [
                  "Enforced",
                  "Hybrid"
                ]
              },
              "coOwners": {
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
              }
            },
            "rules": [
              {
                "rule": "self.origin != 'Import' || has(self.bucket)",
                "message": "an import names its bucket: set spec.s3.bucket.name",
                "fieldPath": ".bucket"
              },
              {
                "rule": "self.origin != 'Create' || !has(self.glueDatabase) || !self.glueDatabase.name.matches('_shared(_[0-9]{12})?$')",
                "message": "names that end with _shared, or with _shared_ and 12 digits, are for databases of links to shared tables: give spec.s3.glueDatabase another name",
                "fieldPath": ".glueDatabase"
              },
              {
                "rule": "self.origin != 'Create' || !has(self.lakeFormation) || self.lakeFormation != 'Hybrid'",
                "message": "lakeFormation: Hybrid leaves to IAM who read an import before, and what is created nobody has read: say Enforced, or leave it out",
                "fieldPath": ".lakeFormation"
              }
            ]
          },
          "confidentiality": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "rules": [
              {
                "rule": "self.matches('^[A-Za-z0-9][A-Za-z0-9 _-]*$')",
                "message": "confidentiality is Unclassified, Official, Secret or a word the installation maps to one of them"
              }
            ]
          },
          "topics": {
            "type": "array",
            "maxItems": 20,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
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
          "language": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
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
          "sharing": {
            "type": "object",
            "properties": {
              "autoApproval": {
                "type": "boolean"
              },
              "expiration": {
                "type": "object",
                "required": [
                  "setting",
                  "min",
                  "max"
                ],
                "properties": {
                  "setting": {
                    "type": "string",
                    "enum": [
                      "Monthly",
                      "Quarterly"
                    ]
                  },
                  "min": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 120
                  },
                  "max": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 120
                  }
                },
                "rules": [
                  {
                    "rule": "self.min <= self.max",
                    "message": "expiration.min must not be above expiration.max",
                    "fieldPath": ".min"
                  }
                ]
              }
            }
          },
          "folders": {
            "type": "array",
            "maxItems": 256,
            "items": {
              "type": "object",
              "required": [
                "name",
                "prefix"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 128,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*$')",
                      "message": "a folder name is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards"
                    }
                  ]
                },
                "prefix": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "rules": [
                    {
                      "rule": "self.matches('^[A-Za-z0-9!_.()=-][A-Za-z0-9!_.()=/-]*\\\\/$')",
                      "message": "a folder prefix is letters, digits and ! _ . ( ) = / - and ends with /, e.g. raw/ or year=2026/; no leading /, no wildcards"
                    },
                    {
                      "rule": "!self.contains('..')",
                      "message": "a folder prefix has no two dots in a row"
                    },
                    {
                      "rule": "!self.contains('//')",
                      "message": "a folder prefix has no two slashes in a row"
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
          "deletionPolicy": {
            "type": "string",
            "enum": [
              "Retain",
              "Delete",
              "DeleteWithData"
            ],
            "default": "Retain"
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
