// What of a Deployment a pod is made of, as the API server has it: the fields that our chart uses, and no others.

export interface Deployment {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly metadata: object; readonly spec: PodSpec };
  };
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly containers: readonly [Container];
  readonly volumes: readonly Volume[];
}

export interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir: string;
  readonly env?: readonly EnvVar[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

export interface Item {
  readonly key: string;
  readonly path: string;
}

export type Volume = { readonly name: string } & (
  | { readonly configMap: { readonly name: string } }
  | { readonly secret: { readonly secretName: string; readonly items?: readonly Item[] } }
  | { readonly emptyDir: object }
  | {
      readonly projected: {
        readonly sources: readonly {
          readonly serviceAccountToken: { readonly audience: string; readonly path: string };
        }[];
      };
    }
);
