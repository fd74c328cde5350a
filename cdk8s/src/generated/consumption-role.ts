// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type NamespacedMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface ConsumptionRoleSpec {
  /** Keeps AWS names over a restore or a migration. Platform administrators only. */
  readonly id?: string;
  /** What people call it, at most 64 characters. */
  readonly label: string;
  /** The group that may ask for access for it. */
  readonly owner: string;
  /** ARN of the role or user, in the environment's account. Immutable. */
  readonly principalArn: string;
  /** Who keeps its policies. Fully: we make and attach them. Partially: we make them, you attach them. Externally: you do both. */
  readonly policyManagement?: "Fully" | "Partially" | "Externally";
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** An IAM role or user of the environment's account, owned by a team, that may be given access. */
export class ConsumptionRole extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<ConsumptionRoleSpec, NamespacedMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "ConsumptionRole",
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
          "principalArn"
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
          "principalArn": {
            "type": "string",
            "minLength": 1,
            "maxLength": 640,
            "rules": [
              {
                "rule": "self.matches('^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)\\\\/([A-Za-z0-9_+=,.@/-]+\\\\/)?[A-Za-z0-9_+=,.@-]{1,64}$')",
                "message": "a principal is the ARN of an IAM role or user, like arn:aws:iam::222222222222:role/analysts (not of a session, group or root), of letters, digits and _ + = , . @ -"
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
          "policyManagement": {
            "type": "string",
            "enum": [
              "Fully",
              "Partially",
              "Externally"
            ],
            "default": "Fully"
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
