// Made from operator/resources by `npm run generate`. Do not edit.

import type { Construct } from 'constructs';
import { CustomResource, type NamespacedMetadata, type CustomResourceProps } from '../custom-resource.ts';
import type { KindSchema } from '../schema.ts';

export interface TeamSpec {
  /** Keeps AWS names over a restore or a migration. Platform administrators only. */
  readonly id?: string;
  /** The group, exactly as the identity provider spells it. Immutable. */
  readonly group: string;
  /** What its members may do here. An empty list lets them see the environment. */
  readonly permissions: readonly ("CREATE_DATASET" | "CREATE_SHARE_OBJECT" | "RUN_ATHENA_QUERY" | "ADD_ENVIRONMENT_CONSUMPTION_ROLES" | "INVITE_ENVIRONMENT_GROUP")[];
  /** The team's role, to import it instead of having one made; only the environment's owner may. Immutable. */
  readonly roleArn?: string;
  /** Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no. */
  readonly suspend?: boolean;
}

/** A group's membership of the environment whose namespace it is in: what it may do there, and its IAM role. */
export class Team extends CustomResource {
  constructor(scope: Construct, id: string, props: CustomResourceProps<TeamSpec, NamespacedMetadata>) {
    super(scope, id, schema, props);
  }
}

const schema: KindSchema = {
  "apiVersion": "dataall.io/v1alpha1",
  "kind": "Team",
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
          "group",
          "permissions"
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
            "maxItems": 5,
            "items": {
              "type": "string",
              "enum": [
                "CREATE_DATASET",
                "CREATE_SHARE_OBJECT",
                "RUN_ATHENA_QUERY",
                "ADD_ENVIRONMENT_CONSUMPTION_ROLES",
                "INVITE_ENVIRONMENT_GROUP"
              ]
            },
            "rules": [
              {
                "rule": "self.distinct().size() == self.size()",
                "message": "an entry is listed twice: remove one of the two"
              }
            ]
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
